import { useEffect, useRef } from 'react';

/**
 * Gives the focus to a page that has just taken another's place: to its grid, where the arrows work at once, else to its title.
 * Without this it would fall to the document with the element that had it. The first page takes it from nobody.
 *
 * @param page names what is shown; a new name is a new page.
 */
export function usePageFocus(page: string): void {
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    // What is above the page keeps the focus, and gives it back by itself.
    if (document.querySelector('dialog[open]')) return;
    const place =
      document.querySelector<HTMLElement>('main [role="grid"]') ?? document.querySelector<HTMLElement>('h1');
    if (!place) return;
    if (place.tagName === 'H1') place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }, [page]);
}
