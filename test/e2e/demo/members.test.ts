import { test } from 'vitest';
import {
  confirm,
  describeSharedDemo,
  letHappen,
  openAction,
  untilRow,
  untilSaid,
  untilStatus,
} from '../helpers/demo-flows.ts';

describeSharedDemo('names, tags and membership', { nodes: 8 }, (region) => {
  test('a node is renamed and tagged in any script, and another window sees it', async () => {
    const page = await region.current.openNode('demo-w01');
    const other = await region.current.openNode('demo-w01');
    await untilStatus(page, 'Active');
    const dialog = await openAction(page, 'Rename…');
    await dialog.getByLabel('Name', { exact: true }).fill('Größe 1');
    await dialog.getByLabel('Description').fill('fünfte Reihe');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add tag' }).click();
    await page.getByRole('combobox', { name: 'Tag name' }).fill('grün');
    await page.keyboard.press('Enter');
    for (const tab of [page, other]) {
      await tab.getByRole('heading', { level: 1, name: 'Größe 1' }).waitFor();
      await tab.getByRole('button', { name: 'Remove tag grün' }).waitFor();
    }
    await other.getByRole('button', { name: 'Remove tag grün' }).click();
    await page.getByRole('button', { name: 'Remove tag grün' }).waitFor({ state: 'detached' });
  });

  test('a Worker in maintenance is removed by its typed name, leaves the cluster and is Out', async () => {
    const page = await region.current.openNode('demo-w03');
    await untilStatus(page, 'In maintenance');
    const dialog = await openAction(page, 'Remove…');
    await dialog.getByLabel('Reason').fill('verkauft');
    await dialog.getByLabel('Type the node’s name to confirm').fill('demo-w03');
    await confirm(page, dialog, 'Remove');
    await untilSaid(page, 'demo-w03 was removed from the cluster.');
    const table = await region.current.open();
    await untilRow(table, 'demo-w03', 'Out');
  });

  test('R20: a node whose lock another operator holds is held up by that, and it is said who that is', async (context) => {
    const page = await region.current.openNode('demo-w02');
    await untilStatus(page, 'Active');
    await letHappen(page, 'Take its lease, as another operator', { node: 'demo-w02' });
    const dialog = await openAction(page, 'Maintenance…');
    await dialog
      .getByText(/yuki on laptop-17/u)
      .first()
      .waitFor();
    const ok = dialog.getByRole('button', { name: 'OK', exact: true });
    context.expect(await ok.getAttribute('aria-disabled')).toBe('true');
  });
});
