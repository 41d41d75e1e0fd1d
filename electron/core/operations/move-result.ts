/** One VM and its way. */
export interface VmMove {
  readonly resource: string;
  readonly domain: string;
  readonly source: string;
  readonly target: string;
}

/** Of a VM whose move a person cancelled. */
export const cancelledMove = 'cancelled: it runs on where it was';

/** How a move ended, as a fresh read found it. */
export type MoveResult =
  /** It left its source, and the cluster manages it. `restarted`: why it is not the same process, or may not be. `on`: not where it was to go. */
  | { readonly kind: 'moved'; readonly restarted?: string; readonly on?: string }
  /** It runs where it was, and the cluster manages it: the same process, unless it was `restarted` there. `neverBegun`: no unit ever had it in hand. */
  | { readonly kind: 'stayed'; readonly because: string; readonly neverBegun?: boolean; readonly restarted?: boolean }
  /** Nobody manages it yet: the unmanaging ends by itself, and whoever comes next looks at it. */
  | { readonly kind: 'unsettled'; readonly because: string };
