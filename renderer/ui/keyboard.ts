import type { KeyboardEvent as ReactKeyboardEvent } from 'react';

/** Whether keys belong to what has the focus (a field), so that no shortcut may take them. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Whether a layer above the page is open: then the page's shortcuts rest. */
export const isLayerOpen = (): boolean => document.querySelector('dialog[open], [role="menu"]') !== null;

/** A key alone, outside of fields and layers. */
export const isPlainKey = (event: KeyboardEvent): boolean =>
  !event.ctrlKey &&
  !event.metaKey &&
  !event.altKey &&
  !event.defaultPrevented &&
  !isTyping(event.target) &&
  !isLayerOpen();

/** For a field whose Enter sends it. Not the Enter that ends a composed character, nor one that is held down. */
export function onEnter(send: () => void): (event: ReactKeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' || event.repeat || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
}
