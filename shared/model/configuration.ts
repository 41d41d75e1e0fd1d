/** The parts of the CIB's configuration that only operations need: read fresh before they judge or write, never cached. */
export interface ClusterConfiguration {
  /** UTC ms, this laptop's clock. */
  readonly readAt: number;
  readonly isQuorate: boolean;
  /** `epoch.num_updates` of the CIB: names this state. */
  readonly version: string;
  readonly placementStrategy: string;
  readonly vms: readonly VmConfiguration[];
  /** Resources other than VMs, fencing devices and connections of Workers: clones, groups and primitives by their top-level id. */
  readonly otherResources: readonly string[];
  readonly constraints: readonly ClusterConstraint[];
  readonly fencingDevices: readonly FencingDevice[];
  /** Our nvpairs that are compared as strings (leases, slots, guards of moves): name and value. */
  readonly marks: readonly { readonly name: string; readonly value: string }[];
}

/** A VM's resource, as far as a move depends on it. */
export interface VmConfiguration {
  readonly resource: string;
  /** The top-level id that a location constraint has to name: the group or clone it is in, else itself. */
  readonly topLevel: string;
  readonly isInGroup: boolean;
  readonly isInClone: boolean;
  readonly domain: string;
  readonly memoryMib: number | null;
  /** `allow-migrate`, as set on it or its template; `null`: absent. */
  readonly allowMigrate: string | null;
  /** `is-managed`, as set on it by somebody else than a move of ours; `null`: absent. */
  readonly isManaged: string | null;
  readonly targetRole: string | null;
  /** A move of ours took it out of the cluster's care (`rackside-care-…`), until this time (UTC ms) at the latest; `null`: no. */
  readonly caredForUntil: number | null;
}

/** A `rsc_location`, `rsc_colocation` or `rsc_order`. */
export interface ClusterConstraint {
  readonly id: string;
  readonly kind: 'location' | 'colocation' | 'order' | 'ticket';
  /** Resources it names; `null` where it names them by a pattern. */
  readonly resources: readonly string[];
  readonly pattern: string | null;
  /** Nodes it names, also inside its rules (`#uname`). */
  readonly nodes: readonly string[];
  /** Of a plain location constraint; `null` where rules give it. Pacemaker's INFINITY is 1,000,000. */
  readonly score: number | null;
  /** The element as it stands, for showing and for putting back. */
  readonly xml: string;
}

/** A `stonith:` resource. */
export interface FencingDevice {
  readonly resource: string;
  readonly agent: string;
  /** `pcmk_host_list`, names; `null`: not set (the device is asked, or any node). */
  readonly hostList: readonly string[] | null;
  /** `pcmk_host_check`; `null`: the default. */
  readonly hostCheck: string | null;
}

/** One `<rsc_action>` of `crm_simulate --output-as=xml`: what the cluster's own scheduler would do. */
export interface SimulatedAction {
  readonly action: 'migrate' | 'move' | 'start' | 'stop' | 'restart' | 'recover' | 'promote' | 'demote' | 'other';
  readonly resource: string;
  readonly source: string | null;
  readonly target: string | null;
  readonly reason: string;
}

/** What a simulation on a copy of the CIB answered. */
export type Simulation =
  | { readonly kind: 'simulated'; readonly actions: readonly SimulatedAction[]; readonly fenced: readonly string[] }
  | { readonly kind: 'unknown'; readonly because: string };
