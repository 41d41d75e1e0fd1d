import { expect, test } from 'vitest';
import { describePages } from './helpers/pages.ts';
import { asking, passwordAsked } from './helpers/questions.ts';
import { failing, live, loading, offline } from './helpers/scenarios.ts';

describePages('what the window says of its region', ({ show, showTable }) => {
  test('the top bar says that a region is being opened, or that it was not', async () => {
    const page = await show(loading());
    await page.getByText(/^Reading Frankfurt 2/).waitFor();
    expect(await page.locator('.rk-fresh').textContent()).toMatch(/^Opening\d+ s$/);
    const other = await show(failing());
    await other.getByText('Frankfurt 2 was not opened').waitFor();
    expect(await other.locator('.rk-fresh').textContent()).toBe('Not opened');
    await other.locator('.rk-fresh').hover();
    await expect.poll(() => other.locator('#rk-tip').textContent()).toContain('sudo asks rackadm for a password');
  });

  test('quorum is told in votes where they are known, else by yes or no', async () => {
    const base = live(Date.now());
    const page = await showTable(base);
    const foot = page.locator('.rk-foot');
    await foot.getByText('Quorum 3 of 3 votes').waitFor();
    const snapshot = base.snapshots['fra2'];
    if (!snapshot?.region.quorum) throw new Error('Frankfurt 2 has one');
    const quorum = { ...snapshot.region.quorum, votes: null };
    const snapshots = { ...base.snapshots, fra2: { ...snapshot, region: { ...snapshot.region, quorum } } };
    const other = await showTable({ ...base, snapshots });
    await other.locator('.rk-foot').getByText('Quorum yes').waitFor();
  });

  test('a silent node is not said to be being read', async () => {
    const page = await show(offline(Date.now()), { hash: `#/nodes/${encodeURIComponent('member:fra2-r01-n05')}` });
    await page.getByText('it does not answer this laptop').first().waitFor();
    expect(await page.getByText('being read now').count()).toBe(0);
  });

  test('at 1280 × 720 the actions of a region are whole, with a question among them', async () => {
    const page = await show(asking(Date.now(), [passwordAsked('fra2-r01-n06')]), {
      hash: '#/regions',
      width: 1280,
      height: 720,
    });
    await page.getByRole('button', { name: 'Remove Frankfurt 2…' }).waitFor();
    const cells = await page.locator('.rk-qt__do').evaluateAll((found) =>
      found.map((cell) => {
        const buttons = [...cell.querySelectorAll('button')].map((button) => button.getBoundingClientRect());
        const { left, right } = cell.getBoundingClientRect();
        return {
          isInside: buttons.every((box) => box.left >= left - 1 && box.right <= Math.min(right, innerWidth) + 1),
          isOneLine: new Set(buttons.map((box) => Math.round(box.top))).size <= 1,
          isApart: buttons.every((box, index) => index === 0 || box.left >= (buttons[index - 1]?.right ?? 0)),
          count: buttons.length,
        };
      }),
    );
    expect(cells.filter(({ count }) => count > 3).length).toBeGreaterThan(0);
    expect(cells.filter((cell) => !cell.isInside || !cell.isOneLine || !cell.isApart)).toEqual([]);
    expect(await page.locator('.rk-pg').evaluate((box) => box.scrollWidth <= box.clientWidth)).toBe(true);
  });
});
