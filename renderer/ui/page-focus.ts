/** Gives the focus to the page that is shown: to its grid, where the arrows work at once, else to its title. */
export function focusPage(): void {
  const grid = document.querySelector<HTMLElement>('main [role="grid"]');
  if (grid) grid.focus({ preventScroll: true });
  else focusTitle();
}

/** The focus has fallen to the document, as what had it has gone: the page's title takes it. */
export function catchFocus(): void {
  if (document.activeElement === document.body) focusTitle();
}

function focusTitle(): void {
  const title = document.querySelector<HTMLElement>('h1');
  if (!title) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
