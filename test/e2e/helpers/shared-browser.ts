import type { Browser } from 'playwright-core';
import { launchChromium } from '../../helpers/shells/chromium.ts';

let started: Promise<Browser> | undefined;

/** The browser of all files that this worker runs, one after the other (`isolate: false`). It ends with the worker; one that died is started anew. */
export async function sharedBrowser(): Promise<Browser> {
  if (started === undefined || !(await started).isConnected()) started = launchChromium(['--font-render-hinting=none']);
  return started;
}
