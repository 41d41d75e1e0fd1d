import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from './helpers/browser.ts';
import { regionStates } from './helpers/region-states.ts';
import { states } from './helpers/states.ts';

/**
 * Every state of every page in both themes and two sizes, to be looked at beside the mocks. The clock stands still, so that two
 * runs differ only where the app does. `node test/e2e/screenshots.ts [part of a name]`
 */
const folder = join(import.meta.dirname, '../../test-results/screenshots');
const now = Date.UTC(2026, 10, 23, 13, 2, 18);
const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

const wanted = process.argv[2] ?? '';
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
let count = 0;
const broken: string[] = [];
for (const state of [...states, ...regionStates].filter(({ name }) => name.includes(wanted))) {
  for (const { width, height } of sizes) {
    for (const theme of ['light', 'dark'] as const) {
      const name = `${state.name}-${String(width)}x${String(height)}-${theme}`;
      const opened = await browser.open(state.scenario(now), {
        width,
        height,
        theme,
        hash: state.hash ?? '#/nodes',
        fixedTime: now,
      });
      await state.prepare(opened.page);
      await opened.page.evaluate(() => document.fonts.ready);
      await opened.page.waitForTimeout(250);
      await opened.page.screenshot({ path: join(folder, `${name}.png`) });
      broken.push(...opened.errors.map((error) => `${name}: ${error}`));
      await opened.close();
      count += 1;
    }
  }
}
await browser.close();
console.log(`${String(count)} pictures in ${folder}`);
if (broken.length > 0) {
  console.error(broken.join('\n'));
  process.exitCode = 1;
}
