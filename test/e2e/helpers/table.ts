import type { Page } from 'playwright-core';

/** The names of the rows that are painted, from the top. */
export async function shownNames(page: Page): Promise<readonly string[]> {
  return page.locator('[data-row] td:nth-child(2)').allTextContents();
}

/** Which column the table says it is sorted by. */
export async function sortedColumn(page: Page): Promise<{ readonly index: number; readonly direction: string }> {
  const sorts = await page
    .locator('thead th')
    .evaluateAll((heads) => heads.slice(1).map((head) => head.getAttribute('aria-sort') ?? 'none'));
  const index = sorts.findIndex((sort) => sort !== 'none');
  return { index, direction: sorts[index] ?? 'none' };
}

/** Waits until the table is painted and a moment longer, for what would come late. */
export async function watch(page: Page): Promise<void> {
  await page.locator('[data-row]').first().waitFor();
  await page.waitForTimeout(300);
}
