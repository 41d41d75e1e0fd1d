import { assertPresent } from '#shared/assert.ts';
import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import type { NodeId } from '#shared/model/ids.ts';
import { withUtcMoments } from '#shared/model/moment.ts';
import { deriveStatus } from '../lifecycle/derive-status.ts';
import type { NodeFacts } from '../lifecycle/facts.ts';
import type { StatusMemory } from '../lifecycle/memory.ts';
import type { ListedNode } from './memberships.ts';
import { leftTheCluster, nothingObserved, type Observation } from './observation.ts';
import type { RegionNode } from './region-node.ts';
import { unreadStatus } from './unread-status.ts';

/** The region's nodes as this laptop knows them. The one place where a node changes, and with it its status. */
export interface NodeTable {
  readonly all: () => readonly RegionNode[];
  get(id: NodeId): RegionNode | undefined;
  /** Takes over the rows that a believed answer names: they appear, change and go. */
  list(listed: readonly ListedNode[]): void;
  /** Changes what was observed of one node; nothing happens when the node is gone. */
  observe(id: NodeId, change: (observation: Observation) => Observation): void;
  /** Derives every status again: what is true of the cluster has changed. */
  deriveAll(): void;
  /** The nodes that changed since this was last asked. */
  takeChanged(): readonly RegionNode[];
}

/** Another status of a node was proven than the one that was proven before it. The moments in `reason` are in UTC. */
export interface StatusChange {
  readonly node: string;
  readonly from: NodeStatus;
  readonly to: NodeStatus;
  readonly reason: string;
}

/** Makes the table from what the cache knew. `factsOf` gathers what `deriveStatus` decides on. */
export function createNodeTable(options: {
  readonly cached: readonly RegionNode[];
  readonly now: () => number;
  readonly factsOf: (node: RegionNode) => NodeFacts;
  readonly onChanged: (id: NodeId) => void;
  readonly onStatus: (change: StatusChange) => void;
  readonly onRemoved: (id: NodeId) => void;
}): NodeTable {
  const { now } = options;
  const nodes = new Map(options.cached.map((node) => [node.id, node]));
  const changed = new Set<NodeId>();

  function keep(node: RegionNode): void {
    const { view: status, memory } = deriveStatus(node.memory, options.factsOf(node), now());
    nodes.set(node.id, { ...node, status, memory });
    changed.add(node.id);
    options.onChanged(node.id);
    const change = changeOf(node.name, node.memory, memory);
    if (change !== undefined) options.onStatus(change);
  }

  return {
    all: () => [...nodes.values()],
    get: (id) => nodes.get(id),
    list(listed) {
      const ids = new Set(listed.map((node) => node.id));
      for (const id of nodes.keys()) {
        if (ids.has(id)) continue;
        nodes.delete(id);
        changed.delete(id);
        options.onRemoved(id);
      }
      for (const node of listed) {
        const old = nodes.get(node.id);
        keep({
          ...node,
          status: old?.status ?? unreadStatus(now()),
          memory: old?.memory,
          observation: old?.observation ?? (node.membership.kind === 'out' ? leftTheCluster : nothingObserved),
        });
      }
    },
    observe(id, change) {
      const node = nodes.get(id);
      if (node !== undefined) keep({ ...node, observation: change(node.observation) });
    },
    deriveAll() {
      for (const node of nodes.values()) keep(node);
    },
    takeChanged() {
      const taken = [...changed].map((id) => assertPresent(nodes.get(id), 'a removed node is taken out of `changed`'));
      changed.clear();
      return taken;
    },
  };
}

/** Between what was proven before and now: a silence, a restart of the app and a first sight prove nothing. */
function changeOf(node: string, before: StatusMemory | undefined, { view }: StatusMemory): StatusChange | undefined {
  const from = before?.view?.status;
  if (from === undefined || view === null || view.status === from) return undefined;
  return { node, from, to: view.status, reason: withUtcMoments(view.reason) };
}
