import type { Problem } from '../problems.ts';
import type { RegionId } from './ids.ts';
import type { NodeRow, NodeTrends } from './node.ts';

/** The view setting that says which region is shown. */
export const lastRegionKey = 'last-region';

/** The colours a region can wear; each has a token of that name in the renderer. The wrong region is the costliest misclick. */
export const regionColours = ['violet', 'teal', 'amber', 'blue', 'rose', 'green'] as const;
export type RegionColour = (typeof regionColours)[number];

/** How to log in to a region's nodes. Secrets are never part of it. */
export interface LoginSettings {
  readonly user: string;
  readonly port: number;
  readonly methods: readonly (
    | { readonly kind: 'agent' }
    | { readonly kind: 'private-key'; readonly keyFile: string }
    | { readonly kind: 'password' }
    | { readonly kind: 'keyboard-interactive' }
  )[];
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** What a region is on this laptop. */
export interface RegionProfile {
  readonly id: RegionId;
  readonly name: string;
  readonly colour: RegionColour;
  /** Control nodes to open it through; the next is tried when one is gone. */
  readonly seeds: readonly HostAndPort[];
  readonly login: LoginSettings;
  /** Jump hosts, first hop first, each with its own login. */
  readonly jumps: readonly (HostAndPort & { readonly login: LoginSettings })[];
  /** Another login for single nodes, by the cluster's node name. */
  readonly nodeLogins: Readonly<Record<string, LoginSettings>>;
  /** `null`: a real one. Else nothing in it is real, and this says so wherever the region is named: `Demo`, or with the pace of its clock. */
  readonly demoLabel: string | null;
}

/** How the region and this laptop stand to each other. */
export type RegionConnection =
  | { readonly kind: 'closed' }
  /**
   * A control node is tried: since the region was opened, or since the last one that answered was lost. What is shown meanwhile is from
   * `lastReadAt` (`null`: nothing was ever read).
   */
  | {
      readonly kind: 'connecting';
      readonly since: number;
      readonly to: string;
      readonly lastReadAt: number | null;
    }
  | { readonly kind: 'live'; readonly since: number; readonly via: string; readonly readAt: number }
  /** The cluster does not answer; what is shown is from `lastReadAt`. Tried again at `nextTryAt`, or never by itself (`null`). */
  | {
      readonly kind: 'offline';
      readonly since: number;
      readonly lastReadAt: number | null;
      readonly problem: Problem;
      readonly nextTryAt: number | null;
    };

/** How far a region's limits reach: nodes out of service at once, live migrations at once in one maintenance. */
export const limitBounds = {
  maxOutOfService: { least: 0, most: 10_000 },
  maxMovesAtOnce: { least: 1, most: 16 },
} as const;

/** How many nodes can be taken out of service now: memory of the others, and the region's limit. */
export interface Headroom {
  /** Nodes that are out of service (R5), and how many may be at once. */
  readonly out: number;
  readonly limit: number;
  /** Active nodes that could go alone: their VMs would all fit on the others (N-1), and none holds a device of its machine. */
  readonly serviceable: number;
  /** Active nodes in all. */
  readonly active: number;
  /** Of few words, of nodes that are out at the same time: `1 node can be serviced`, `none: memory`. */
  readonly words: string;
  /** Which VM would not fit where, a line each; at most 20. What keeps one more node from being out at once comes first. */
  readonly because: readonly string[];
}

/** Nodes left Active at once without a recorded operation: destructive actions are off (R14). */
export interface Brake {
  /** UTC ms. */
  readonly since: number;
  readonly nodes: readonly string[];
  readonly words: string;
  /** UTC ms until which a person has lifted it; `null`: it holds. */
  readonly liftedUntil: number | null;
}

/** The region beside its nodes. */
export interface RegionView {
  readonly id: RegionId;
  readonly name: string;
  readonly colour: RegionColour;
  /** See `RegionProfile`. */
  readonly demoLabel: string | null;
  readonly connection: RegionConnection;
  /** Why nothing may be changed through this laptop; `null` when that is allowed. */
  readonly readOnlyBecause: string | null;
  readonly quorum: {
    readonly isQuorate: boolean;
    readonly votes: number | null;
    readonly expectedVotes: number | null;
  } | null;
  readonly dc: string | null;
  readonly versions: {
    readonly pacemaker: string;
    readonly pcs: string | null;
    readonly libvirt: string | null;
  } | null;
  readonly cadence: { readonly fastMs: number; readonly clusterMs: number; readonly slowMs: number };
  readonly maxOutOfService: number;
  /** Live migrations at once in one maintenance; default 1, kept in the cluster. */
  readonly maxMovesAtOnce: number;
  /** `null` while nothing is known of the region. */
  readonly headroom: Headroom | null;
  /** Set after a mass failure (R14), until it is lifted by name or over. */
  readonly brake: Brake | null;
  /** Standing matters of the whole region: fencing disabled, cluster in maintenance mode, all nodes silent at once. */
  readonly warnings: readonly string[];
  /** Every node fell silent at once: this laptop's own network is the first suspect (R22). The page words it. */
  readonly isLaptopSuspect: boolean;
  /**
   * Questions that hold up a node or the region, answered by `knownHosts.trust` or `secrets.supply`. `askedAt`: when the try ended
   * that left it (UTC ms); it moves on where a later try leaves it again.
   */
  readonly questions: readonly { readonly about: string; readonly problem: Problem; readonly askedAt: number }[];
}

/** Everything the renderer needs to paint a region. */
export interface RegionSnapshot {
  /** The event sequence this snapshot includes; events after it continue it. */
  readonly sequence: number;
  readonly region: RegionView;
  readonly nodes: readonly NodeRow[];
  readonly trends: readonly NodeTrends[];
}
