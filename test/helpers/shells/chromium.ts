import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const places = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The Chromium that is there, or `undefined`: then browser tests are skipped, visibly. */
export const chromiumPath: string | undefined = [process.env['RACKSIDE_CHROMIUM'] ?? '', ...places].find(
  (path) => path !== '' && existsSync(path),
);

/** A headless Chromium. A container has little shared memory for it; the sandbox needs a user that is not root; what is loaded is our own. */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('No Chromium: set RACKSIDE_CHROMIUM to one.');
  const isRoot = process.getuid?.() === 0;
  const own = ['--disable-dev-shm-usage', ...(isRoot ? ['--no-sandbox'] : [])];
  return chromium.launch({ executablePath: chromiumPath, args: [...own, ...args] });
}
