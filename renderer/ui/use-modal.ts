import { useEffect } from 'react';
import { focusPage } from './page-focus.ts';
import { coverTips } from './tip.ts';

/**
 * Shows a `<dialog>` modally while it is there, with the focus on the first of `first` that it has (selectors, best first). When it is gone
 * the focus goes back to what opened it, or to the page where that has gone too.
 */
export function useModal(dialog: { readonly current: HTMLDialogElement | null }, first: readonly string[]): void {
  useEffect(() => {
    const element = dialog.current;
    if (!element) return undefined;
    const opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    element.showModal();
    const uncover = coverTips(element);
    for (const selector of first) {
      const place = element.querySelector<HTMLElement>(selector);
      if (!place) continue;
      place.focus();
      break;
    }
    return () => {
      uncover();
      element.close();
      // What opened it may have gone with its page.
      if (opener?.isConnected === false) focusPage();
      else opener?.focus();
    };
  }, [dialog, first]);
}
