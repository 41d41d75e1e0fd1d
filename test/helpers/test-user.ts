import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** A login of this test alone on this machine, for what only a real account can show: PAM, passwords, sudo. */
export interface TestUser {
  readonly name: string;
  readonly password: string;
  /** Replaces what sudo allows the user; `undefined` removes it. `USER` stands for the name. */
  allowSudo(rule: string | undefined): void;
  remove(): void;
}

/** Why accounts cannot be made here, or `undefined` where they can. */
export function whyNoTestUser(): string | undefined {
  if (process.getuid?.() !== 0) return 'making a test account needs root';
  if (!existsSync('/usr/sbin/useradd')) return 'there is no useradd';
  return undefined;
}

/** Makes an account with a password, and no more rights than any new account has. */
export function makeTestUser(): TestUser {
  const name = `rst${randomBytes(4).toString('hex')}`;
  const password = `pw-${randomBytes(8).toString('hex')} with 'quotes" $HOME`;
  const rules = `/etc/sudoers.d/${name}`;
  execFileSync('/usr/sbin/useradd', ['--create-home', '--shell', '/bin/bash', name]);
  execFileSync('/usr/sbin/chpasswd', { input: `${name}:${password}\n` });
  return {
    name,
    password,
    allowSudo: (rule) => {
      if (rule === undefined) rmSync(rules, { force: true });
      else writeFileSync(rules, `${rule.replaceAll('USER', name)}\n`, { mode: 0o440 });
    },
    remove: () => {
      rmSync(rules, { force: true });
      try {
        execFileSync('/usr/sbin/userdel', ['--force', '--remove', name], { stdio: 'ignore' });
      } catch {
        // userdel reports a missing mail spool as a failure after it did its work.
      }
    },
  };
}
