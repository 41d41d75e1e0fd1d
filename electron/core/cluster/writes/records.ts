import type { CandidateRecord, NodeRecord, OperationRecord, OutRecord } from '#shared/model/cluster.ts';
import { encodeValue } from '../pacemaker/read/record-value.ts';
import type { Changes, WrittenNode } from './configuration.ts';
import { nodeAttribute, nodeAttributePath, otherNodesPath, regionMark, regionMarkPath } from './configuration.ts';

/** One record as it is written: its name, and the value that stands in the cluster. The readers are in `pacemaker/read/records.ts`. */
export interface WrittenRecord {
  readonly name: string;
  readonly value: string;
}

export const nameRecord = (name: string): WrittenRecord => ({ name: 'rackside-name', value: encodeValue({ name }) });

export const descriptionRecord = (description: string): WrittenRecord => ({
  name: 'rackside-description',
  value: encodeValue({ description }),
});

export const tagsRecord = (tags: readonly string[]): WrittenRecord => ({
  name: 'rackside-tags',
  value: encodeValue({ tags }),
});

export const addressRecord = (address: string): WrittenRecord => ({
  name: 'rackside-address',
  value: encodeValue({ address }),
});

export const identityRecord = (identity: Pick<NodeRecord, 'machineId' | 'hostKey' | 'serial'>): WrittenRecord => {
  const { machineId, hostKey, serial } = identity;
  return { name: 'rackside-identity', value: encodeValue({ machineId, hostKey, serial }) };
};

export const maintenanceRecord = (maintenance: NonNullable<NodeRecord['maintenance']>): WrittenRecord => ({
  name: 'rackside-maintenance',
  value: encodeValue({ ...maintenance }),
});

export const operationRecord = ({ node, ...fields }: OperationRecord): WrittenRecord => {
  const { choices, ...rest } = fields;
  return { name: `rackside-op-${node}`, value: encodeValue({ ...rest, ...choices }) };
};

export const candidateRecord = ({ id, ...fields }: CandidateRecord): WrittenRecord => ({
  name: `rackside-candidate-${id}`,
  value: encodeValue(fields),
});

export const outRecord = ({ machineId, ...fields }: OutRecord): WrittenRecord => ({
  name: `rackside-out-${machineId}`,
  value: encodeValue(fields),
});

/** The region's limits (R5); both, because the record is one. */
export const limitsRecord = (limits: {
  readonly maxOutOfService: number;
  readonly maxMovesAtOnce: number;
}): WrittenRecord => ({ name: 'rackside-limits', value: encodeValue({ ...limits }) });

/** Writes a record of a node; Pacemaker deletes it with the node. Require `nodePath` with it. */
export const onNode = (node: WrittenNode, { name, value }: WrittenRecord): Changes => nodeAttribute(node, name, value);

/** Writes a record of the region. */
export const ofRegion = ({ name, value }: WrittenRecord): Changes => regionMark(name, value);

/** The condition that nobody changed a node's record since `seen` was read (`null`: it was absent); else the write's outcome is `exists` or `changed`. */
export function stillOnNode(
  node: WrittenNode,
  name: string,
  seen: WrittenRecord | null,
): { readonly requires: string } | { readonly unless: string } {
  return seen === null
    ? { unless: nodeAttributePath(node, name) }
    : { requires: nodeAttributePath(node, name, seen.value) };
}

/** The condition that no other node has this record by now; else the write's outcome is `exists`. */
export const onNoOtherNode = (node: WrittenNode, { name, value }: WrittenRecord): { readonly unless: string } => ({
  unless: otherNodesPath(node, name, value),
});

/** That nobody changed a region's record since then. */
export function stillOfRegion(
  name: string,
  seen: WrittenRecord | null,
): { readonly requires: string } | { readonly unless: string } {
  return seen === null ? { unless: regionMarkPath(name) } : { requires: regionMarkPath(name, seen.value) };
}
