import type { StatusView } from '#shared/lifecycle/statuses.ts';

/** What has to be remembered of a node between two derivations. Plain data: it survives JSON, so a restarted app goes on where it was. */
export interface StatusMemory {
  /** The last view that was read, not assumed. `null` until the first. */
  readonly view: StatusView | null;
  /** The line of status.md it came from. */
  readonly line: number;
  /** For line 16: what the machine itself said, which only it can say to be over. */
  readonly cause: 'libvirt' | 'pools' | null;
  readonly seen: SeenSince;
  /** UTC ms since when nobody could be believed, while nothing has been judged since; `null`: the view is of the last answer. */
  readonly unbelievedSince: number | null;
  /** UTC ms of the last answer that listed a resource on it which a maintenance has to move away; `null`: never seen. */
  readonly occupiedAt: number | null;
  /** UTC ms (cluster's clock) of the newest successful fencing that is over: the node came back healthy after it. */
  readonly fencingOverAt: number;
  readonly fenced: FencedMemory | null;
  readonly joining: JoiningMemory | null;
  readonly gate: GateMemory;
  /** The lock on it as last read, and since when (UTC ms, this laptop's clock) it was seen so: who drives an operation renews it. */
  readonly lease: { readonly value: string | null; readonly since: number };
}

/** UTC ms of the first of the unbroken row of samples that showed it; `null`: the last sample did not. */
export interface SeenSince {
  readonly unclean: number | null;
  readonly offline: number | null;
  readonly empty: number | null;
  readonly libvirtDown: number | null;
}

/** The fencing that it has not yet come back from. */
export interface FencedMemory {
  /** UTC ms, the cluster's clock. */
  readonly at: number;
  readonly by: string;
  readonly client: string;
  /** UTC ms, this laptop's clock, of the answer that told it. */
  readonly seenAt: number;
  readonly whileStandby: boolean;
  /** It was seen to be offline since: what is told of it from then on is no echo of before. */
  readonly wentDown: boolean;
  /** It was online again since. */
  readonly cameBack: boolean;
}

/** A join or an Activate that is on its way. */
export interface JoiningMemory {
  readonly since: number;
  /** The recorded operation; `null`: nobody recorded one, it simply appeared. */
  readonly operation: string | null;
  readonly wasOnline: boolean;
  readonly isPassed: boolean;
}

/** Good observations in a row, and the last that was counted. */
export interface GateMemory {
  readonly good: number;
  readonly lastAt: number;
  /** UTC ms since when the cluster calls it online: observations before that do not count. */
  readonly onlineSince: number | null;
}

export const nothingSeen: SeenSince = { unclean: null, offline: null, empty: null, libvirtDown: null };
export const closedGate: GateMemory = { good: 0, lastAt: 0, onlineSince: null };

export const emptyMemory: StatusMemory = {
  view: null,
  line: 0,
  cause: null,
  seen: nothingSeen,
  unbelievedSince: null,
  occupiedAt: null,
  fencingOverAt: 0,
  fenced: null,
  joining: null,
  gate: closedGate,
  lease: { value: null, since: 0 },
};
