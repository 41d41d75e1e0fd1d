import { useEffect, useRef } from 'react';
import { focusPage } from '../ui/page-focus.ts';

/**
 * Gives the focus to a page that has just taken another's place.
 * Without this it would fall to the document with the element that had it. The first page takes it from nobody.
 *
 * @param page names what is shown; a new name is a new page. `null`: it takes the focus by itself.
 */
export function usePageFocus(page: string | null): void {
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    // What is above the page keeps the focus, and gives it back by itself.
    if (page === null || document.querySelector('dialog[open]')) return;
    focusPage();
  }, [page]);
}
