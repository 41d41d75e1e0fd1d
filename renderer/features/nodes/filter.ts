import { builtInFilters, nodeStatuses, statusLabels } from '#shared/lifecycle/statuses.ts';
import type { BuiltInFilterId, NodeStatus } from '#shared/lifecycle/statuses.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { hasWords, wordsOf } from '../../state/node-search.ts';
import type { NodeFilter } from '../../state/view.ts';

/** Whether a row fits every part of a filter that is set. A search of several words wants all of them. */
export function matcher(filter: NodeFilter): (row: NodeRow) => boolean {
  const words = wordsOf(filter.search);
  const builtIn = builtInFilters.find(({ id }) => id === filter.builtIn);
  const statuses = filter.statuses.length === 0 ? null : new Set<NodeStatus>(filter.statuses);
  const { tags } = filter;
  if (!builtIn && !statuses && tags.length === 0 && words.length === 0) return () => true;
  return (row) => {
    const { status } = row.status;
    if (builtIn && !builtIn.statuses.has(status)) return false;
    if (statuses && !statuses.has(status)) return false;
    if (!tags.every((tag) => row.tags.includes(tag))) return false;
    return hasWords(row, words);
  };
}

export interface NodeCounts {
  readonly all: number;
  readonly builtIn: Readonly<Record<BuiltInFilterId, number>>;
  readonly statuses: ReadonlyMap<NodeStatus, number>;
}

/** How many nodes each built-in filter and status would show, whatever else is filtered. */
export function countNodes(rows: Iterable<NodeRow>): NodeCounts {
  const counted: Partial<Record<NodeStatus, number>> = {};
  let all = 0;
  for (const row of rows) {
    all += 1;
    const { status } = row.status;
    counted[status] = (counted[status] ?? 0) + 1;
  }
  const statuses = new Map(nodeStatuses.map((status) => [status, counted[status] ?? 0]));
  const builtIn = { active: 0, candidate: 0, inadequate: 0, 'in-maintenance': 0 };
  for (const filter of builtInFilters)
    for (const status of filter.statuses) builtIn[filter.id] += statuses.get(status) ?? 0;
  return { all, builtIn, statuses };
}

/** How many nodes have each tag: asked only when the tags are looked at. */
export function countTags(rows: Iterable<NodeRow>): ReadonlyMap<string, number> {
  const tags = new Map<string, number>();
  for (const row of rows) for (const tag of row.tags) tags.set(tag, (tags.get(tag) ?? 0) + 1);
  return tags;
}

/** One part of a filter that hides rows, with what the filter is without it. */
export interface FilterPart {
  readonly id: string;
  readonly label: string;
  readonly without: NodeFilter;
}

/** The parts that are set, as a person would name them. */
export function filterParts(filter: NodeFilter): readonly FilterPart[] {
  const parts: FilterPart[] = [];
  const builtIn = builtInFilters.find(({ id }) => id === filter.builtIn);
  if (builtIn) parts.push({ id: 'built-in', label: builtIn.label, without: { ...filter, builtIn: null } });
  if (filter.statuses.length > 0) {
    const names = filter.statuses.map((status) => statusLabels[status]).join(' or ');
    parts.push({ id: 'statuses', label: `status ${names}`, without: { ...filter, statuses: [] } });
  }
  for (const tag of filter.tags) {
    const without = { ...filter, tags: filter.tags.filter((other) => other !== tag) };
    parts.push({ id: `tag ${tag}`, label: `tag “${tag}”`, without });
  }
  const search = filter.search.trim();
  if (search !== '') parts.push({ id: 'search', label: `search “${search}”`, without: { ...filter, search: '' } });
  return parts;
}
