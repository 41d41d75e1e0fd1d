import type { ClusterAnswer, ClusterMember, ClusterNode, ClusterResource } from '#shared/model/cluster.ts';

/** An answer by the names of its nodes. */
export interface AnswerIndex {
  node(name: string): ClusterNode | undefined;
  member(name: string): ClusterMember | undefined;
  /** Every resource instance that lists the node. */
  resourcesOn(name: string): readonly ClusterResource[];
  /** The first resource of that id, e.g. a Worker's own connection. */
  resource(id: string): ClusterResource | undefined;
  /** The fencing device; `null` where there is none, or more than one. */
  readonly onlyFenceDevice: string | null;
}

const indexes = new WeakMap<ClusterAnswer, AnswerIndex>();

/**
 * The index of an answer, made once for each: a status is derived for every node with every answer and with every sample, and looking
 * through all resources each time costs the square of the region's size.
 */
export function indexOf(answer: ClusterAnswer): AnswerIndex {
  const known = indexes.get(answer);
  if (known !== undefined) return known;
  const nodes = firsts(answer.nodes, ({ name }) => name);
  const members = firsts(answer.members, ({ name }) => name);
  const resources = firsts(answer.resources, ({ id }) => id);
  const on = new Map<string, ClusterResource[]>();
  for (const resource of answer.resources) {
    for (const name of new Set(resource.nodes)) {
      const list = on.get(name);
      if (list === undefined) on.set(name, [resource]);
      else list.push(resource);
    }
  }
  const index: AnswerIndex = {
    node: (name) => nodes.get(name),
    member: (name) => members.get(name),
    resourcesOn: (name) => on.get(name) ?? [],
    resource: (id) => resources.get(id),
    onlyFenceDevice: onlyFenceDeviceOf(answer.resources),
  };
  indexes.set(answer, index);
  return index;
}

function onlyFenceDeviceOf(resources: readonly ClusterResource[]): string | null {
  const devices = new Set(
    resources.filter(({ agent }) => agent.startsWith('stonith:')).map(({ id }) => id.replace(/:\d+$/u, '')),
  );
  const [only = null] = devices;
  return devices.size === 1 ? only : null;
}

function firsts<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!map.has(key)) map.set(key, item);
  }
  return map;
}
