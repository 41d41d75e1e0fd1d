import { chromium, type Browser } from 'playwright-core';

/** The Chromium that is here: `RACKSIDE_CHROMIUM`, else Debian's. Root needs `--no-sandbox`; the rest keeps it off the network. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['RACKSIDE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
