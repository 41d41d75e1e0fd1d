import { test } from 'vitest';
import { describeDemo, letHappen, openAction, shownDialog, untilStatus } from '../helpers/demo-flows.ts';
import { press, pressReady } from '../helpers/keys.ts';

describeDemo('quorum and brake', (start) => {
  test('without a quorum nothing is known and nothing can be done; after it is healed it is live again; where two nodes die the brake is on, and is lifted by keyboard', async (context) => {
    const { openNode } = await start(context, { nodes: 8, speed: 4 });
    const page = await openNode('demo-w01');
    await untilStatus(page, 'Active');
    await letHappen(page, 'Lose the quorum');
    await page
      .getByText(/quorum/u)
      .first()
      .waitFor();
    await page.locator('.rk-nh__status .rk-st--unknown').waitFor();
    await page.getByRole('group', { name: 'Actions' }).getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Maintenance…' }).waitFor();
    context
      .expect(await page.getByRole('menuitem', { name: 'Maintenance…' }).getAttribute('aria-disabled'))
      .toBe('true');
    await page.keyboard.press('Escape');
    await letHappen(page, 'Heal all faults');
    await page.locator('.rk-fresh--live').waitFor();
    await page.locator('.rk-nh__status .rk-st--unknown').waitFor({ state: 'detached' });
    await untilStatus(page, 'Active');

    // Two nodes are lost at once, by nobody's wish.
    for (const node of ['demo-c3', 'demo-w02']) await letHappen(page, 'Kill the node', { node });
    await press(page, page.getByRole('button', { name: 'Lift for 10 minutes…' }));
    const dialog = await shownDialog(page);
    await page.keyboard.type('Demo region');
    await pressReady(page, dialog, 'Lift for 10 minutes');
    await page.getByText(/The brake is lifted until/u).waitFor();
    const maintenance = await openAction(page, 'Maintenance…');
    await maintenance.getByRole('list', { name: 'Checks' }).waitFor();
  });
});
