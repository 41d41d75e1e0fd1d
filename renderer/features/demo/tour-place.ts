/** Where a step stands, px from the window's edges. */
export type Place =
  | { readonly left: number; readonly top: number }
  | { readonly right: number; readonly bottom: number };

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const width = 320;
const height = 160;
const gap = 8;

/** The smallest box that has all of them; `undefined` where there is none. */
export function around(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ right }) => right)),
    top: Math.min(...boxes.map(({ top }) => top)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

/** The same, and clear of what is open above the page, which would lie above the step. */
export function placeClearOf(
  box: Box | undefined,
  open: readonly Box[],
  window: { readonly width: number; readonly height: number },
): Place {
  const place = placeBeside(box, window);
  const isCovered = open.some((one) => overlaps(one, boxAt(place, window)));
  return isCovered ? placeBeside(around([...(box === undefined ? [] : [box]), ...open]), window) : place;
}

const boxAt = (place: Place, window: { readonly width: number; readonly height: number }): Box => {
  const left = 'left' in place ? place.left : window.width - place.right - width;
  const top = 'top' in place ? place.top : window.height - place.bottom - height;
  return { left, right: left + width, top, bottom: top + height };
};

const overlaps = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Beneath the element, at its side where it is low in the window, in the corner where it is not on this page; always within the window. */
export function placeBeside(box: Box | undefined, window: { readonly width: number; readonly height: number }): Place {
  if (box === undefined) return { right: 16, bottom: 40 };
  const isRoomBelow = box.bottom + gap + height <= window.height;
  const left = isRoomBelow ? box.left : box.right + gap;
  const top = isRoomBelow ? box.bottom + gap : box.top;
  return {
    left: Math.round(Math.max(gap, Math.min(left, window.width - width - gap))),
    top: Math.round(Math.max(gap, Math.min(top, window.height - height - gap))),
  };
}
