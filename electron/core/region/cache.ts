import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { nodeId, type NodeId } from '#shared/model/ids.ts';
import type { SlowReadings } from '#shared/model/node.ts';
import type { PulledBrake } from '../lifecycle/brake.ts';
import type { CachedPart, Inventory } from '../db/inventory.ts';
import { nothingObserved, type Observation } from './observation.ts';
import { fromLastTime, type RegionNode } from './region-node.ts';
import { slowReadingsLater, summaryOf, type SlowSummary } from './slow-summary.ts';

/**
 * The format of what is cached. It is only a cache: a file of another format is not migrated but read again from the nodes.
 * Raise it with every change of `RegionNode`, `Observation`, `SlowSummary` or `ClusterAnswer`.
 */
const format = 7;

/** What a region remembers over a restart. */
export interface RegionCache {
  load(): { readonly nodes: readonly RegionNode[]; readonly answer: ClusterAnswer | undefined };
  save(nodes: readonly RegionNode[], answer: ClusterAnswer | undefined): void;
  removeNode(id: NodeId): void;
  /** The brake that held when it was saved last (R14); `null`: none did. */
  loadBrake(): PulledBrake | null;
  saveBrake(brake: PulledBrake | null, at: number): void;
  close(): void;
}

/** A node without its slow facts, which change sixty times more rarely and are ten times as large. */
type LivePart = Omit<RegionNode, 'id' | 'memory' | 'observation'> & {
  readonly format: number;
  readonly observation: Omit<Observation, 'slow'>;
};

/* oxlint-disable typescript/no-unsafe-type-assertion -- Each text was written by `save` below, in the format that is checked first. */

/**
 * The cache over a region's inventory file. The slow facts of a node stay on the disk until they are asked for: a thousand nodes have
 * thirty megabytes of them, and a table is painted from their summary.
 */
export function createRegionCache(inventory: Inventory): RegionCache {
  const savedSlow = new Map<NodeId, SlowReadings>();
  let savedAnswer: ClusterAnswer | undefined;

  function load(): readonly RegionNode[] {
    const summaries = byId(inventory.loadNodes('summary'));
    const memory = byId(inventory.loadNodes('status-memory'));
    return inventory.loadNodes('row').flatMap(({ id, json }) => {
      const live = JSON.parse(json) as LivePart;
      if (live.format !== format) return [];
      const summaryJson = summaries.get(id);
      const memoryJson = memory.get(id);
      const readings =
        summaryJson === undefined
          ? nothingObserved.slow
          : slowReadingsLater(JSON.parse(summaryJson) as SlowSummary, () => loadSlow(id));
      savedSlow.set(nodeId(id), readings);
      return [
        fromLastTime({
          id: nodeId(id),
          name: live.name,
          membership: live.membership,
          status: live.status,
          memory:
            memoryJson === undefined
              ? undefined
              : ((JSON.parse(memoryJson) as RegionNode['memory'] | null) ?? undefined),
          observation: { ...live.observation, slow: readings },
        }),
      ];
    });
  }

  function loadSlow(id: string): SlowReadings {
    const json = inventory.loadNode('detail', id)?.json;
    return json === undefined ? nothingObserved.slow : (JSON.parse(json) as SlowReadings);
  }

  return {
    load() {
      const answer = inventory.loadMeta('answer');
      const nodes = load();
      const parsed =
        answer === undefined ? undefined : (JSON.parse(answer.json) as { format: number; answer: ClusterAnswer });
      savedAnswer = parsed?.format === format ? parsed.answer : undefined;
      return { nodes, answer: savedAnswer };
    },
    save(nodes, answer) {
      inventory.saveNodes('row', nodes.map(livePart));
      inventory.saveNodes(
        'status-memory',
        nodes.map((node) => ({
          id: node.id,
          json: JSON.stringify(node.memory ?? null),
          readAt: node.membership.readAt,
        })),
      );
      const changed = nodes.filter((node) => savedSlow.get(node.id) !== node.observation.slow);
      inventory.saveNodes(
        'detail',
        changed.map((node) => ({
          id: node.id,
          json: JSON.stringify(node.observation.slow),
          readAt: node.membership.readAt,
        })),
      );
      inventory.saveNodes(
        'summary',
        changed.map((node) => ({
          id: node.id,
          json: JSON.stringify(summaryOf(node.observation.slow)),
          readAt: node.membership.readAt,
        })),
      );
      for (const node of changed) savedSlow.set(node.id, node.observation.slow);
      if (answer !== undefined && answer !== savedAnswer) {
        inventory.saveMeta('answer', JSON.stringify({ format, answer }), answer.readAt);
        savedAnswer = answer;
      }
    },
    removeNode(id) {
      savedSlow.delete(id);
      inventory.removeNodes([id]);
    },
    loadBrake() {
      const saved = inventory.loadMeta('brake');
      const parsed =
        saved === undefined ? undefined : (JSON.parse(saved.json) as { format: number; brake: PulledBrake | null });
      return parsed?.format === format ? parsed.brake : null;
    },
    saveBrake: (brake, at) => inventory.saveMeta('brake', JSON.stringify({ format, brake }), at),
    close: () => inventory.close(),
  };
}

function livePart({
  id,
  memory: _memory,
  observation: { slow: _slow, ...observation },
  ...node
}: RegionNode): CachedPart {
  const live: LivePart = { format, ...node, observation };
  return { id, json: JSON.stringify(live), readAt: node.membership.readAt };
}

function byId(parts: readonly CachedPart[]): ReadonlyMap<string, string> {
  return new Map(parts.map(({ id, json }) => [id, json]));
}
