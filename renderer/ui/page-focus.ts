/** Gives the focus to the page that is shown: to its grid, where the arrows work at once, else to its title. */
export function focusPage(): void {
  const place = document.querySelector<HTMLElement>('main [role="grid"]') ?? document.querySelector<HTMLElement>('h1');
  if (!place) return;
  if (place.tagName === 'H1') place.tabIndex = -1;
  place.focus({ preventScroll: true });
}
