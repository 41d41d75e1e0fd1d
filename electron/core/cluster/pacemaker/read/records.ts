import { emptyNodeRecord } from '#shared/model/cluster.ts';
import type {
  CandidateRecord,
  ClusterRecords,
  NodeRecord,
  OperationRecord,
  OutRecord,
  RecordedUndo,
  RecordedUnit,
  RecordedVm,
} from '#shared/model/cluster.ts';
import { vmEffects } from '#shared/model/maintenance.ts';
import { operationCommands } from '#shared/model/operation.ts';
import { decodeValue } from './record-value.ts';
import type { RecordValue } from './record-value.ts';

/**
 * Our own records, as they stand in the CIB. Every name begins with `rackside-`.
 *
 * On a node (`<nvpair>` in the node's `instance_attributes` set `nodes-ID`, as `crm_attribute -N NODE -n NAME -v VALUE` writes it;
 * Pacemaker deletes them with the node): `rackside-name`, `rackside-description`, `rackside-tags`, `rackside-address`,
 * `rackside-identity`, `rackside-maintenance`.
 *
 * Of the region (under `crm_config`, each in a `<cluster_property_set>` of its own whose id is the name, with one nvpair whose id is the
 * name and `-v`: so creating the set is the compare-and-set of a record that must not exist yet): `rackside-op-NODE`,
 * `rackside-candidate-ID`, `rackside-out-MACHINE-ID`, `rackside-limits`.
 *
 * Values are base64url of JSON with a `v` (`record-value.ts`). Leases, slots and a move's guard (`rackside-lease-…`, `rackside-slot-…`,
 * `rackside-unit-…`) are compared as whole strings by the cluster itself and are no records. Anything else is kept as unreadable:
 * it may be a newer version's, and nobody may act as if it were not there.
 */
export interface RawRecord {
  /** The node it stands on; `null`: of the region. */
  readonly node: string | null;
  readonly name: string;
  readonly value: string;
}

const notRecords = /^rackside-(?:lease|slots?|units?)(?:-|$)/u;

/** Decodes what is readable; the names of the rest are in `unreadable` (`NAME`, or `NODE/NAME` for what stands on a node). */
export function decodeRecords(raw: readonly RawRecord[]): ClusterRecords {
  const nodes = new Map<string, NodeRecord>();
  const candidates: CandidateRecord[] = [];
  const out: OutRecord[] = [];
  const operations: OperationRecord[] = [];
  const unreadable: string[] = [];
  let maxOutOfService = 1;
  let maxMovesAtOnce = 1;
  for (const record of raw.filter(({ name }) => !isMark(name))) {
    const value = decodeValue(record.value);
    if (value === undefined) {
      unreadable.push(record.node === null ? record.name : `${record.node}/${record.name}`);
    } else if (record.node !== null) {
      const part = nodePart(record.name, value);
      if (part === undefined) unreadable.push(`${record.node}/${record.name}`);
      else nodes.set(record.node, { ...(nodes.get(record.node) ?? emptyNodeRecord), ...part });
    } else if (record.name === 'rackside-limits') {
      const limit = value.number('maxOutOfService');
      if (limit !== null && limit >= 0) maxOutOfService = Math.floor(limit);
      else unreadable.push(record.name);
      maxMovesAtOnce = Math.max(1, Math.floor(value.number('maxMovesAtOnce') ?? 1));
    } else {
      const operation = regionRecord(record.name, 'rackside-op-', value, toOperation);
      const candidate = regionRecord(record.name, 'rackside-candidate-', value, toCandidate);
      const removed = regionRecord(record.name, 'rackside-out-', value, toOut);
      if (operation !== undefined) operations.push(operation);
      else if (candidate !== undefined) candidates.push(candidate);
      else if (removed !== undefined) out.push(removed);
      else unreadable.push(record.name);
    }
  }
  const marks = raw.flatMap(({ node, name, value }) => (node === null && isMark(name) ? [{ name, value }] : []));
  return {
    nodes: Object.fromEntries(nodes),
    candidates,
    out,
    operations,
    marks,
    unreadable,
    written: writtenOf(raw),
    maxOutOfService,
    maxMovesAtOnce,
  };
}

function writtenOf(raw: readonly RawRecord[]): ClusterRecords['written'] {
  const written = new Map<string, Record<string, string>>();
  for (const { node, name, value } of raw) {
    if (node === null && name !== 'rackside-limits') continue;
    written.set(node ?? '', { ...written.get(node ?? ''), [name]: value });
  }
  return Object.fromEntries(written);
}

const isMark = (name: string): boolean => notRecords.test(name);

function regionRecord<T>(
  name: string,
  prefix: string,
  value: RecordValue,
  decode: (subject: string, value: RecordValue) => T | undefined,
): T | undefined {
  return name.startsWith(prefix) ? decode(name.slice(prefix.length), value) : undefined;
}

function nodePart(name: string, value: RecordValue): Partial<NodeRecord> | undefined {
  switch (name) {
    case 'rackside-name':
      return { displayName: value.text('name') };
    case 'rackside-description':
      return { description: value.text('description') };
    case 'rackside-address':
      return { address: value.text('address') };
    case 'rackside-tags': {
      const tags = value.texts('tags');
      return tags === null ? undefined : { tags };
    }
    case 'rackside-identity':
      return { machineId: value.text('machineId'), hostKey: value.text('hostKey'), serial: value.text('serial') };
    case 'rackside-maintenance': {
      const [by, reason, at] = [value.text('by'), value.text('reason'), value.number('at')];
      const movedVms = value.texts('movedVms');
      if (by === null || reason === null || at === null || movedVms === null) return undefined;
      const isStopped = value.flag('isStopped');
      const fencedAt = value.number('fencedAt');
      return {
        maintenance: {
          by,
          reason,
          at,
          isStopped,
          movedVms,
          ...(value.flag('wasOff') ? { wasOff: true } : {}),
          ...(fencedAt === null ? {} : { fencedAt }),
        },
      };
    }
    default:
      return undefined;
  }
}

const undoKinds = ['allow-migrate', 'target-role'] as const;
const candidateStates = ['candidate', 'approved', 'rejected'] as const;

function oneOf<T extends string>(known: readonly T[], text: string | null): T | undefined {
  return known.find((one) => one === text);
}

function toOperation(node: string, value: RecordValue): OperationRecord | undefined {
  const [id, step, owner, startedAt] = [
    value.text('id'),
    value.text('step'),
    value.text('owner'),
    value.number('startedAt'),
  ];
  const command = oneOf(operationCommands, value.text('command'));
  if (id === null || command === undefined || step === null || owner === null || startedAt === null) return undefined;
  const [vms, undo] = [listOf(value.list('vms'), toVm), listOf(value.list('undo'), toUndo)];
  const [units, others] = [listOf(value.list('units'), toUnit), listOf(value.list('others'), toOther)];
  // Half a list is none: who went on with it would leave a VM behind, or something undone.
  if (vms === undefined || undo === undefined || units === undefined || others === undefined) return undefined;
  const choices = {
    stopsServices: value.flag('stopsServices'),
    movesOnlyWhatCan: value.flag('movesOnlyWhatCan'),
    bringsVmsHome: value.flag('bringsVmsHome'),
    isUnreachable: value.flag('isUnreachable'),
    isStatedOff: value.flag('isStatedOff'),
  };
  const [reason, failure] = [value.text('reason') ?? '', value.text('failure')];
  const direction = value.text('direction') === 'undo' ? 'undo' : 'on';
  const fencedAt = value.number('fencedAt') ?? startedAt;
  const about = { id, node, command, step, direction, owner, startedAt, fencedAt, reason, failure } as const;
  return { ...about, choices, vms, others, undo, units, ...(value.flag('hasStopped') ? { hasStopped: true } : {}) };
}

function listOf<T>(list: readonly RecordValue[] | null, decode: (value: RecordValue) => T | undefined) {
  const decoded = list?.map(decode);
  return decoded?.every((one) => one !== undefined) === true ? decoded : undefined;
}

function toVm(value: RecordValue): RecordedVm | undefined {
  const resource = value.text('resource');
  const effect = oneOf(vmEffects, value.text('effect'));
  if (resource === null || effect === undefined) return undefined;
  return { resource, target: value.text('target'), effect, isDone: value.flag('isDone') };
}

function toOther(value: RecordValue): OperationRecord['others'][number] | undefined {
  const [resource, effect] = [value.text('resource'), oneOf(vmEffects, value.text('effect'))];
  return resource === null || effect === undefined ? undefined : { resource, effect };
}

function toUndo(value: RecordValue): RecordedUndo | undefined {
  const resource = value.text('resource');
  const kind = oneOf(undoKinds, value.text('kind'));
  return resource === null || kind === undefined ? undefined : { kind, resource, value: value.text('value') };
}

function toUnit(value: RecordValue): RecordedUnit | undefined {
  const [name, on, fencedAt] = [value.text('name'), value.text('on'), value.number('fencedAt')];
  return name === null || on === null || fencedAt === null ? undefined : { name, on, fencedAt };
}

function toCandidate(id: string, value: RecordValue): CandidateRecord | undefined {
  const address = value.text('address');
  const state = oneOf(candidateStates, value.text('state'));
  const unmet = value.texts('unmet');
  if (address === null || state === undefined || unmet === null) return undefined;
  return {
    id,
    address,
    name: value.text('name'),
    machineId: value.text('machineId'),
    state,
    step: value.text('step'),
    inspectedAt: value.number('inspectedAt'),
    unmet,
    by: value.text('by'),
    reason: value.text('reason'),
  };
}

function toOut(machineId: string, value: RecordValue): OutRecord | undefined {
  const [name, by, at] = [value.text('name'), value.text('by'), value.number('at')];
  if (name === null || by === null || at === null) return undefined;
  return { machineId, name, address: value.text('address'), by, at };
}
