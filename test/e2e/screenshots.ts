import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pagesBrowser } from './helpers/browser.ts';
import type { TestBrowser } from './helpers/browser.ts';
import { actionStates } from './helpers/action-states.ts';
import { maintenanceStates } from './helpers/maintenance-states.ts';
import { operationStates } from './helpers/operation-states.ts';
import { regionStates } from './helpers/region-states.ts';
import { sharedBrowser } from './helpers/shared-browser.ts';
import { states } from './helpers/states.ts';
import type { PageState } from './helpers/states.ts';

/**
 * Every state of every page in both themes and two sizes, to be looked at beside the mocks. The clock stands still, so that two
 * runs differ only where the app does. `node test/e2e/screenshots.ts [part of a name] [WIDTHxHEIGHT]`
 */
const folder = join(import.meta.dirname, '../../test-results/screenshots');
const now = Date.UTC(2026, 10, 23, 13, 2, 18);
const [wanted = '', size = ''] = process.argv.slice(2);
const sizes = (size === '' ? ['1280x720', '1920x1080'] : [size]).map((words) => words.split('x').map(Number));

/** One page for both themes: the app follows the system's, so nothing has to be loaded twice. */
async function shoot(
  browser: TestBrowser,
  state: PageState,
  [width = 1280, height = 720]: number[],
): Promise<readonly string[]> {
  const opened = await browser.open(state.scenario(now), {
    width,
    height,
    theme: 'light',
    hash: state.hash ?? '#/nodes',
    fixedTime: now,
  });
  await state.prepare(opened.page);
  await opened.page.evaluate(() => document.fonts.ready);
  // Menus, dialogs and tips come in over 140 ms, and a tip after 250 ms of rest.
  await opened.page.waitForTimeout(400);
  const name = `${state.name}-${String(width)}x${String(height)}`;
  for (const colorScheme of ['light', 'dark'] as const) {
    await opened.page.emulateMedia({ colorScheme });
    // PatternFly's surfaces change their colours over a quarter of a second.
    await opened.page.waitForTimeout(400);
    await opened.page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
  await opened.close();
  return opened.errors.map((error) => `${name}: ${error}`);
}

await mkdir(folder, { recursive: true });
const browser = await pagesBrowser();
const broken: string[] = [];
let count = 0;
for (const state of [...states, ...regionStates, ...actionStates, ...maintenanceStates, ...operationStates].filter(
  ({ name }) => name.includes(wanted),
)) {
  const fitting = sizes.filter(([width = 0]) => width <= (state.widestPx ?? width));
  const errors = await Promise.all(fitting.map((one) => shoot(browser, state, one)));
  broken.push(...errors.flat());
  count += 2 * fitting.length;
}
await (await sharedBrowser()).close();
console.log(`${String(count)} pictures in ${folder}`);
if (broken.length > 0) {
  console.error(broken.join('\n'));
  process.exitCode = 1;
}
