/** What a tooltip says: a title and lines of plain text. */
export interface TipContent {
  readonly title?: string;
  readonly lines: readonly string[];
}

export interface ShownTip extends TipContent {
  readonly anchor: DOMRect;
  /** Read out where the anchor has the focus. */
  readonly isForFocus: boolean;
}

type Listener = (tip: ShownTip | null) => void;

let shown: ShownTip | null = null;
const listeners = new Set<Listener>();

/** Shows one tooltip, the only one there is, beside an element. */
export function showTip(anchor: Element, content: TipContent, isForFocus: boolean): void {
  put({ ...content, anchor: anchor.getBoundingClientRect(), isForFocus });
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
