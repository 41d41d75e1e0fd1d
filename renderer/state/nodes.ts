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

export interface NodesState {
  readonly regionId: RegionId | null;
  readonly phase: NodesPhase;
  readonly rows: ReadonlyMap<NodeId, NodeRow>;
  readonly trends: ReadonlyMap<NodeId, NodeTrends>;
}

export const useNodes = create<NodesState>(() => ({
  regionId: null,
  phase: { kind: 'idle' },
  rows: new Map(),
  trends: new Map(),
}));

/** Begins anew for another region: what was shown of the last one is not shown under its name. */
export function beginNodes(regionId: RegionId, now: number): void {
  useNodes.setState({ regionId, phase: { kind: 'loading', since: now }, rows: new Map(), trends: new Map() });
}

/** Puts a snapshot in place of everything; a row that did not change keeps its identity, so that it is not painted again. */
export function putSnapshot(snapshot: RegionSnapshot): void {
  useNodes.setState((state) => ({
    regionId: snapshot.region.id,
    phase: { kind: 'ready' },
    rows: merged(state.rows, snapshot.nodes),
    trends: new Map(snapshot.trends.map((trend) => [trend.id, trend])),
  }));
}

/** One batch of the core: only what changed. */
export function putChanges(regionId: RegionId, changed: readonly NodeRow[], removed: readonly NodeId[]): void {
  useNodes.setState((state) => {
    if (state.regionId !== regionId || (changed.length === 0 && removed.length === 0)) return state;
    const rows = new Map(state.rows);
    for (const row of changed) rows.set(row.id, row);
    const { trends } = state;
    for (const id of removed) rows.delete(id);
    return { rows, trends };
  });
}

/** The last hour of some nodes. */
export function putTrends(regionId: RegionId, changed: readonly NodeTrends[]): void {
  useNodes.setState((state) => {
    if (state.regionId !== regionId || changed.length === 0) return state;
    const trends = new Map(state.trends);
    for (const trend of changed) trends.set(trend.id, trend);
    return { trends };
  });
}

/** The region could not be opened or read. What is known of it stays, with its age. */
export function failNodes(regionId: RegionId, problem: Problem): void {
  useNodes.setState((state) => {
    if (state.regionId !== regionId) return state;
    return { phase: { kind: 'failed', problem } };
  });
}

function merged(before: ReadonlyMap<NodeId, NodeRow>, rows: readonly NodeRow[]): ReadonlyMap<NodeId, NodeRow> {
  if (before.size === 0) return new Map(rows.map((row) => [row.id, row]));
  return new Map(
    rows.map((row) => {
      const old = before.get(row.id);
      return [row.id, old && JSON.stringify(old) === JSON.stringify(row) ? old : row];
    }),
  );
}
