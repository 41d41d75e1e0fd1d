import { create } from 'zustand';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import type { NodeRow, NodeTrends } from '#shared/model/node.ts';
import type { RegionSnapshot } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';

/** Whether there is anything to show of the region. */
export type NodesPhase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading'; readonly since: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Where a node's page is. It is a deep link: a reload and another window find it again. */
export const nodeHref = (id: string): string => `#/nodes/${encodeURIComponent(id)}`;

export interface NodesState {
  readonly regionId: RegionId | null;
  readonly phase: NodesPhase;
  /**
   * By id. The maps are written in place, because copying 20,000 entries for each batch would cost more than painting it: a row
   * keeps its identity while it is unchanged, and `version` rises with every batch. Follow one row with `rows.get(id)`, and all
   * of them with `useSettledRows`.
   */
  readonly rows: ReadonlyMap<NodeId, NodeRow>;
  readonly trends: ReadonlyMap<NodeId, NodeTrends>;
  readonly version: number;
}

export const useNodes = create<NodesState>(() => ({
  regionId: null,
  phase: { kind: 'idle' },
  rows: new Map(),
  trends: new Map(),
  version: 0,
}));

let rows = new Map<NodeId, NodeRow>();
let trends = new Map<NodeId, NodeTrends>();

/** Begins anew for another region: what was shown of the last one is not shown under its name. */
export function beginNodes(regionId: RegionId, now: number): void {
  rows = new Map();
  trends = new Map();
  const phase: NodesPhase = { kind: 'loading', since: now };
  useNodes.setState(({ version }) => ({ regionId, phase, rows, trends, version: version + 1 }));
}

/** Puts a snapshot in place of everything; a row that did not change keeps its identity, so that it is not painted again. */
export function putSnapshot(snapshot: RegionSnapshot): void {
  rows = merged(rows, snapshot.nodes);
  trends = new Map();
  for (const trend of snapshot.trends) trends.set(trend.id, trend);
  const regionId = snapshot.region.id;
  useNodes.setState(({ version }) => ({ regionId, phase: { kind: 'ready' }, rows, trends, version: version + 1 }));
}

/** One batch of the core: only what changed. */
export function putChanges(regionId: RegionId, changed: readonly NodeRow[], removed: readonly NodeId[]): void {
  if (useNodes.getState().regionId !== regionId || (changed.length === 0 && removed.length === 0)) return;
  for (const row of changed) rows.set(row.id, row);
  for (const id of removed) {
    rows.delete(id);
    trends.delete(id);
  }
  useNodes.setState(({ version }) => ({ version: version + 1 }));
}

/** The last hour of some nodes. */
export function putTrends(regionId: RegionId, changed: readonly NodeTrends[]): void {
  if (useNodes.getState().regionId !== regionId || changed.length === 0) return;
  for (const trend of changed) trends.set(trend.id, trend);
  useNodes.setState(({ version }) => ({ version: version + 1 }));
}

/** The region could not be opened or read. What is known of it stays, with its age. */
export function failNodes(regionId: RegionId, problem: Problem): void {
  useNodes.setState((state) => {
    if (state.regionId !== regionId) return state;
    return { phase: { kind: 'failed', problem } };
  });
}

function merged(before: ReadonlyMap<NodeId, NodeRow>, nodes: readonly NodeRow[]): Map<NodeId, NodeRow> {
  const after = new Map<NodeId, NodeRow>();
  for (const row of nodes) {
    const old = before.size === 0 ? undefined : before.get(row.id);
    after.set(row.id, old && JSON.stringify(old) === JSON.stringify(row) ? old : row);
  }
  return after;
}
