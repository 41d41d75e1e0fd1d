import type { Locator } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { startSshd } from '../../helpers/sshd.ts';
import type { Sshd, SshdOptions } from '../../helpers/sshd.ts';
import type { ProductTest } from './product-pages.ts';

/** What is typed into the form; without it the field stays as it is. The SSH agent is switched off. */
export interface FilledForm {
  readonly address: string;
  readonly user?: string;
  readonly keyFile?: string;
  readonly password?: string;
}

/** The dialog that connects to a region, as a person uses it. */
export interface Connecting {
  readonly field: (name: string) => Locator;
  readonly button: (name: string | RegExp) => Locator;
  /** Words of the dialog. */
  readonly said: (words: string | RegExp) => Locator;
  readonly fillForm: (form: FilledForm) => Promise<void>;
  /** Fills the form in and sends it. */
  readonly connect: (form: FilledForm) => Promise<void>;
}

export function connecting(given: ProductTest): Connecting {
  const field: Connecting['field'] = (name) => given.page.getByRole('textbox', { name, exact: true });
  const button: Connecting['button'] = (name) => given.page.getByRole('button', { name, exact: true });
  const fillForm: Connecting['fillForm'] = async ({ address, user, keyFile, password }) => {
    const { page } = given;
    await button('Connect to a region').click();
    await field('Name').fill('Test');
    await field('Control node 1').fill(address);
    if (user !== undefined) await field('User').fill(user);
    await page.getByRole('checkbox', { name: 'SSH agent' }).uncheck();
    if (keyFile !== undefined) {
      await page.getByRole('checkbox', { name: 'Private key file' }).check();
      await field('Key file 1').fill(keyFile);
    }
    if (password !== undefined) {
      await page.getByRole('checkbox', { name: 'Password' }).check();
      await field('Password').fill(password);
    }
  };
  return {
    field,
    button,
    said: (words) => given.page.getByRole('dialog').getByText(words).first(),
    fillForm,
    connect: async (form) => {
      await fillForm(form);
      await button('Connect').click();
    },
  };
}

/** An SSH server of this test. */
export async function daemon(options: SshdOptions = {}): Promise<Sshd> {
  const sshd = await startSshd(options);
  onTestFinished(() => sshd.close());
  return sshd;
}

/** The form for logging in there with the key that it knows. */
export const byKey = ({ port, user, keyFile }: Sshd): FilledForm => ({
  address: `127.0.0.1:${String(port)}`,
  user,
  keyFile,
});
