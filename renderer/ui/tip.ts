/** What a tooltip says: a title and lines of plain text. */
export interface TipContent {
  readonly title?: string;
  readonly lines: readonly string[];
}

export interface ShownTip extends TipContent {
  readonly anchor: DOMRect;
  /** Whether what it belongs to still stands on the page. */
  readonly isThere: () => boolean;
  /** Read out where the anchor has the focus. */
  readonly isForFocus: boolean;
}

type Listener = (tip: ShownTip | null) => void;

let shown: ShownTip | null = null;
const listeners = new Set<Listener>();

const covers: Element[] = [];

/** A menu or a dialog opened: what was shown goes, and until it is closed only what is inside it shows a tooltip. Returns what ends that. */
export function coverTips(cover: Element): () => void {
  hideTip();
  covers.push(cover);
  return () => {
    const place = covers.lastIndexOf(cover);
    if (place >= 0) covers.splice(place, 1);
  };
}

/** Shows one tooltip, the only one there is, beside an element; beneath an open menu or dialog none. */
export function showTip(anchor: Element, content: TipContent, isForFocus: boolean): void {
  if (covers.at(-1)?.contains(anchor) === false) return;
  put({ ...content, anchor: anchor.getBoundingClientRect(), isThere: () => anchor.isConnected, isForFocus });
}

export function hideTip(): void {
  if (shown) put(null);
}

export const shownTip = (): ShownTip | null => shown;

export function onTip(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function put(tip: ShownTip | null): void {
  shown = tip;
  for (const listener of listeners) listener(tip);
}
