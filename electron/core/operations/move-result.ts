/** One VM and its way. */
export interface VmMove {
  readonly resource: string;
  readonly domain: string;
  readonly source: string;
  readonly target: string;
}

/** How a move ended, as a fresh read found it. */
export type MoveResult =
  /** It left its source, and the cluster manages it. `mayHaveRestarted`: the cluster had it meanwhile. `on`: not where it was to go. */
  | { readonly kind: 'moved'; readonly mayHaveRestarted?: boolean; readonly on?: string }
  /** It runs where it was, the same process, and the cluster manages it. `neverBegun`: no unit ever had it in hand. */
  | { readonly kind: 'stayed'; readonly because: string; readonly neverBegun?: boolean }
  /** Nobody manages it yet: the unmanaging ends by itself, and whoever comes next looks at it. */
  | { readonly kind: 'unsettled'; readonly because: string };
