import { test } from 'vitest';
import { describeDemo, shownDialog, untilSaid, untilStatus } from '../helpers/demo-flows.ts';

describeDemo('an operation that nobody drives', {}, ({ open }) => {
  test('what a colleague has left unattended is found among the operations, and rolled back to Active', async (context) => {
    const page = await open(context, '#/operations');
    await page.locator('[data-operation]', { hasText: 'demo-w06' }).getByRole('link', { name: 'Maintenance' }).click();
    await page.getByText('Nobody drives it since').waitFor();
    await page.getByRole('button', { name: 'Roll back…' }).click();
    const dialog = await shownDialog(page);
    await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
    await untilSaid(page, 'Maintenance on demo-w06 was rolled back.');
    await page.getByRole('link', { name: 'demo-w06' }).click();
    await untilStatus(page, 'Active');
  });
});
