import type { NodeId, RegionId } from '../model/ids.ts';
import type { NodeDetail, NodeRow, NodeTrends } from '../model/node.ts';
import type { HostAndPort, RegionProfile, RegionSnapshot, RegionView } from '../model/region.ts';

/** A region as a person describes it; the id is made by the core. */
export type NewRegion = Omit<RegionProfile, 'id' | 'demoLabel'>;

/** A machine as its own Host blocks in `~/.ssh/config` describe it. `null` and an empty list: they name no user, no key file. */
export interface ImportedMachine extends HostAndPort {
  readonly user: string | null;
  readonly keyFiles: readonly string[];
}

/** What `~/.ssh/config` says of a host, ready for the form. */
export interface ImportedHost extends ImportedMachine {
  /** First hop first; each by its own Host blocks, nothing of the host's own login. */
  readonly jumps: readonly ImportedMachine[];
  /** The file and line each value comes from. */
  readonly from: readonly string[];
}

export interface RegionCalls {
  'regions.list': { input: Record<string, never>; output: readonly RegionProfile[] };
  'regions.add': { input: NewRegion; output: RegionProfile };
  'regions.update': { input: { readonly regionId: RegionId; readonly region: NewRegion }; output: RegionProfile };
  /** Forgets the region on this laptop (profile, cache, metrics); the cluster is not touched. */
  'regions.remove': { input: { readonly regionId: RegionId }; output: null };
  /** Begins to observe; answers at once with what the cache knows. Opening an open region answers its snapshot. */
  'regions.open': { input: { readonly regionId: RegionId }; output: RegionSnapshot };
  'regions.close': { input: { readonly regionId: RegionId }; output: null };
  'regions.snapshot': { input: { readonly regionId: RegionId }; output: RegionSnapshot };
  /** Tries the region and every node that waits for an answer again, now. */
  'regions.retry': { input: { readonly regionId: RegionId }; output: null };
  'regions.importHost': { input: { readonly host: string }; output: ImportedHost };
  'nodes.detail': { input: { readonly regionId: RegionId; readonly nodeId: NodeId }; output: NodeDetail };
  /** Reads the node's slow facts now; the answer is what that read found. */
  'nodes.refresh': { input: { readonly regionId: RegionId; readonly nodeId: NodeId }; output: NodeDetail };
}

export interface RegionEvents {
  'regions.changed': readonly RegionProfile[];
  /** One batch a tick: only what changed. */
  'region.changed': {
    readonly regionId: RegionId;
    readonly region: RegionView;
    readonly changed: readonly NodeRow[];
    readonly removed: readonly NodeId[];
  };
  'region.trends': { readonly regionId: RegionId; readonly trends: readonly NodeTrends[] };
}
