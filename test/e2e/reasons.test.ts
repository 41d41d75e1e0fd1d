import { expect, onTestFinished, test } from 'vitest';
import { momentToken } from '#shared/model/moment.ts';
import { chromiumPath } from '../helpers/shells/chromium.ts';
import { pagesBrowser } from './helpers/browser.ts';
import type { Scenario } from './helpers/bridge.ts';
import { live } from './helpers/scenarios.ts';

/** The day of the pictures, 14:02:18 in Berlin, which is where the test's browser is. */
const now = Date.UTC(2026, 10, 23, 13, 2, 18);
const fencedAt = Date.UTC(2026, 10, 23, 12, 30, 55);

/** The first node was fenced an hour ago, and tells it in its reason and its evidence; a warning stands beside them. */
function fenced(): Scenario {
  const base = live(now);
  const snapshot = base.snapshots['fra2'];
  if (!snapshot) throw new Error('Frankfurt 2 is in it');
  const at = momentToken(fencedAt);
  const nodes = snapshot.nodes.map((node) =>
    node.name === 'fra2-r07-n12'
      ? {
          ...node,
          status: {
            ...node.status,
            reason: `fenced at ${at} by fra2-ctl-1`,
            warnings: ['not reachable from this laptop'],
            evidence: [`fencing: reboot success at ${at}`],
          },
        }
      : node,
  );
  return { ...base, snapshots: { ...base.snapshots, fra2: { ...snapshot, nodes } } };
}

test.skipIf(chromiumPath === undefined)(
  'a time in a reason is local in the table and on the node’s page, with its zone where it is asked for, and never a token',
  async () => {
    const browser = await pagesBrowser();
    const opened = await browser.open(fenced(), { fixedTime: now });
    onTestFinished(() => opened.close());
    const { page, errors } = opened;
    const cell = page.locator('.rk-st', { hasText: 'fenced at' }).first();
    await cell.waitFor();
    // Why it is so comes before what else is worth a look, which has its sign here and its words on hover.
    expect(await cell.locator('.rk-st__reason').textContent()).toBe('fenced at 13:30 by fra2-ctl-1');
    await cell.locator('.rk-st__warn').waitFor();
    await cell.hover();
    await expect.poll(() => page.locator('#rk-tip').textContent()).toContain('fenced at 13:30:55 CET by fra2-ctl-1');
    expect(await page.locator('#rk-tip').textContent()).toContain('fencing: reboot success at 13:30:55 CET');
    expect(await page.content()).not.toContain('{at:');

    await page.getByRole('link', { name: 'fra2-r07-n12' }).click();
    const evidence = page.locator('.rk-evidence li');
    await evidence.waitFor();
    expect(await evidence.textContent()).toBe('fencing: reboot success at 13:30:55 CET');
    await page.getByText('fenced at 13:30 by fra2-ctl-1').first().waitFor();
    expect(await page.content()).not.toContain('{at:');
    expect(errors).toEqual([]);
  },
);
