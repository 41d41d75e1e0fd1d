import { useEffect } from 'react';
import { isPlainKey } from '../../ui/keyboard.ts';

/** Escape leads back to the list; it never cancels an operation. What lies above the page takes it first. */
export function useWayBack(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !isPlainKey(event) || document.querySelector('#rk-tip, .rk-pop')) return;
      event.preventDefault();
      location.hash = '#/operations';
    };
    window.addEventListener('keydown', onKey, true);
    return () => {
      window.removeEventListener('keydown', onKey, true);
    };
  }, []);
}
