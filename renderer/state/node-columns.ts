/** The columns of the node list, in the order they stand: Name and Status pinned, then the specification's order. */
export const nodeColumnIds = [
  'name',
  'status',
  'candidate',
  'address',
  'cpu',
  'vcpus',
  'memory',
  'vmMemoryTotal',
  'vmMemoryAvailable',
  'networkRx',
  'networkTx',
  'storage',
  'uptime',
  'tags',
] as const;

export type NodeColumnId = (typeof nodeColumnIds)[number];

/** Columns that cannot be put away: without them a row says nothing. */
export const pinnedColumnIds: ReadonlySet<NodeColumnId> = new Set(['name', 'status']);
