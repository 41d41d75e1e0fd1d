import { describe, expect, test } from 'vitest';
import { decodeRecords } from '../../../../../electron/core/cluster/pacemaker/read/records.ts';
import * as writes from '../../../../../electron/core/cluster/writes/records.ts';
import type { CandidateRecord, OperationRecord, OutRecord } from '#shared/model/cluster.ts';

const at = Date.UTC(2026, 10, 22, 14, 2);
const operation: OperationRecord = {
  id: '6a0a3a2e-0f6b-4a55-9d0a-5b8e1e0f6f00',
  node: 'c2',
  command: 'maintenance',
  step: 'Move “vm1”',
  direction: 'undo',
  owner: 'änna on laptop',
  fencedAt: 3,
  startedAt: at,
  reason: 'DIMM <3> & "fan"\nrack 4',
  failure: null,
  choices: {
    stopsServices: true,
    movesOnlyWhatCan: false,
    bringsVmsHome: false,
    isUnreachable: false,
    isStatedOff: false,
  },
  vms: [{ resource: 'vm1', target: 'c3', effect: 'live-migrate', isDone: true }],
  undo: [{ kind: 'allow-migrate', resource: 'vm1', value: null }],
  others: [{ resource: 'vm4', effect: 'restart-elsewhere' }],
  units: [{ name: 'rackside-remove-a.service', on: 'c1', fencedAt: at }],
  hasStopped: true,
};
const candidate: CandidateRecord = {
  id: 'x1',
  address: '192.0.2.9',
  name: 'x1',
  machineId: 'abc',
  state: 'rejected',
  step: null,
  inspectedAt: at,
  unmet: ['no libvirt'],
  by: 'bob',
  reason: 'old',
};
const out: OutRecord = { machineId: 'ff00', name: 'c9', address: null, by: 'bob', at };
const maintenance = {
  by: 'bob',
  reason: 'fan',
  at,
  isStopped: true,
  fencedAt: at,
  wasOff: true,
  movedVms: ['vm1', 'vm2'],
};

describe('records of ours', () => {
  test('are read back as they were written', () => {
    const onNode = [
      writes.nameRecord('Zürich 4'),
      writes.descriptionRecord('top'),
      writes.tagsRecord(['gpu', 'rack 4']),
      writes.addressRecord('192.0.2.2'),
      writes.identityRecord({ machineId: 'm', hostKey: 'SHA256:x', serial: null }),
      writes.maintenanceRecord(maintenance),
    ].map((record) => ({ node: 'c2', ...record }));
    const ofRegion = [
      writes.operationRecord(operation),
      writes.candidateRecord(candidate),
      writes.outRecord(out),
      writes.limitsRecord({ maxOutOfService: 2, maxMovesAtOnce: 3 }),
    ].map((record) => ({ node: null, ...record }));
    const valuesOf = (records: readonly { name: string; value: string }[]) =>
      Object.fromEntries(records.map(({ name, value }) => [name, value]));
    expect(decodeRecords([...onNode, ...ofRegion])).toEqual({
      nodes: {
        c2: {
          displayName: 'Zürich 4',
          description: 'top',
          tags: ['gpu', 'rack 4'],
          address: '192.0.2.2',
          machineId: 'm',
          hostKey: 'SHA256:x',
          serial: null,
          maintenance,
        },
      },
      candidates: [candidate],
      out: [out],
      operations: [operation],
      marks: [],
      unreadable: [],
      written: { c2: valuesOf(onNode), '': valuesOf(ofRegion.slice(-1)) },
      maxOutOfService: 2,
      maxMovesAtOnce: 3,
    });
  });

  test('that two people edit at once are written only over what was seen', () => {
    const node = { name: 'c2', id: '2', type: 'member' } as const;
    const seen = writes.tagsRecord(['gpu']);
    expect(writes.stillOnNode(node, 'rackside-tags', seen)).toEqual({
      requires: `nodes/node[@id="2"]/instance_attributes/nvpair[@name="rackside-tags" and @value="${seen.value}"]`,
    });
    expect(writes.stillOnNode(node, 'rackside-tags', null)).toEqual({
      unless: 'nodes/node[@id="2"]/instance_attributes/nvpair[@name="rackside-tags"]',
    });
    expect(writes.stillOfRegion('rackside-limits', null)).toEqual({
      unless: 'crm_config/cluster_property_set[@id="rackside-limits"]',
    });
  });
});
