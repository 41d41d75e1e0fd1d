import { useEffect } from 'react';
import { openDialog } from '../state/dialogs.ts';
import { useSettings } from '../state/settings.ts';
import { isLayerOpen, isPlainKey } from '../ui/keyboard.ts';
import { railPages } from './pages.tsx';

/** How long G waits for the page's letter, ms. */
const chordMs = 1500;

/** The keys that work on every page: `?` and G then a page's letter. They rest in fields, under layers, and when switched off. */
export function useShortcuts(): void {
  usePaletteKey();
  const isOn = useSettings((state) => state.settings?.singleKeyShortcuts ?? true);
  useEffect(() => {
    if (!isOn) return undefined;
    let pressedG = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (!isPlainKey(event)) return;
      if (event.key === '?') {
        event.preventDefault();
        openDialog({ kind: 'shortcuts' });
        return;
      }
      const isChord = event.timeStamp - pressedG < chordMs && pressedG > 0;
      pressedG = event.key === 'g' ? event.timeStamp : 0;
      const page = isChord ? railPages.find(({ key }) => key === event.key) : undefined;
      if (!page) return;
      event.preventDefault();
      location.hash = `#/${page.page}`;
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, [isOn]);
}

/** Ctrl K, and Cmd K: in fields, too, as it writes nothing there; and not to be switched off, as it is no single key. */
function usePaletteKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isKey = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      if (!isKey || event.altKey || event.shiftKey || event.repeat || event.defaultPrevented) return;
      // The browser's own meaning of it is not wanted on any page, also where a layer is open.
      event.preventDefault();
      if (!isLayerOpen()) openDialog({ kind: 'palette' });
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, []);
}
