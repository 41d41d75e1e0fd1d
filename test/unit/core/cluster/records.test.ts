import { describe, expect, test } from 'vitest';
import { encodeValue } from '../../../../electron/core/cluster/pacemaker/read/record-value.ts';
import { decodeRecords } from '../../../../electron/core/cluster/pacemaker/read/records.ts';
import { answered, capture } from './capture.ts';

const at = Date.UTC(2026, 10, 22, 14, 2);
const record = (node: string | null, name: string, fields: Record<string, unknown>) => ({
  node,
  name,
  value: encodeValue(fields),
});

describe('our records in the CIB', () => {
  test('a value is ASCII whatever it holds, and comes back as it was', () => {
    const name = 'Zürich “top” <b>&amp; "x" 日本\nline 2';
    const raw = record('lab-c2', 'rackside-name', { name });
    expect(raw.value).toMatch(/^[\w-]+$/u);
    expect(decodeRecords([raw]).nodes['lab-c2']?.displayName).toBe(name);
  });

  test('everything recorded on a node becomes one record of it', () => {
    const records = decodeRecords([
      record('lab-c2', 'rackside-tags', { tags: ['gpu', 'rack 4'] }),
      record('lab-c2', 'rackside-description', { description: 'second from the top' }),
      record('lab-c2', 'rackside-address', { address: '192.0.2.7' }),
      record('lab-c2', 'rackside-identity', { machineId: 'abc', hostKey: 'SHA256:x', serial: 'S1' }),
      record('lab-c2', 'rackside-maintenance', { by: 'anna', reason: 'new DIMM', at, isStopped: true }),
    ]);
    expect(records).toEqual({
      nodes: {
        'lab-c2': {
          displayName: null,
          description: 'second from the top',
          tags: ['gpu', 'rack 4'],
          address: '192.0.2.7',
          machineId: 'abc',
          hostKey: 'SHA256:x',
          serial: 'S1',
          maintenance: { by: 'anna', reason: 'new DIMM', at, isStopped: true, movedVms: [] },
        },
      },
      candidates: [],
      out: [],
      operations: [],
      marks: [],
      unreadable: [],
      written: records.written,
      maxOutOfService: 1,
      maxMovesAtOnce: 1,
    });
  });

  test('candidates, removed servers, operations and limits are of the region', () => {
    const operation = {
      id: 'op1',
      command: 'maintenance',
      step: '5 of 8 moved',
      owner: 'anna',
      startedAt: at,
      fencedAt: at - 60_000,
      reason: 'new DIMM',
      failure: null,
      vms: [{ resource: 'vm1', target: 'lab-c3', effect: 'live-migrate', isDone: true }],
      others: [],
      undo: [{ kind: 'allow-migrate', resource: 'vm2', value: null }],
      units: [{ name: 'rackside-remove-1.service', on: 'lab-c1', fencedAt: at }],
    };
    const choices = {
      stopsServices: true,
      movesOnlyWhatCan: false,
      bringsVmsHome: false,
      isUnreachable: false,
      isStatedOff: true,
    };
    const candidate = {
      address: '192.0.2.9',
      name: 'x1',
      machineId: 'm9',
      state: 'candidate',
      step: null,
      inspectedAt: at,
      unmet: ['2 disks, 1 found'],
      by: null,
      reason: null,
    };
    const records = decodeRecords([
      record(null, 'rackside-op-lab-c2', { ...operation, ...choices }),
      { node: null, name: 'rackside-lease-lab-c2', value: '0123456789abcdef.4.e30' },
      record(null, 'rackside-candidate-k1', candidate),
      record(null, 'rackside-out-m7', { name: 'lab-c9', address: null, by: 'bert', at }),
      record(null, 'rackside-limits', { maxOutOfService: 2, maxMovesAtOnce: 3 }),
    ]);
    expect(records).toEqual({
      nodes: {},
      candidates: [{ id: 'k1', ...candidate }],
      out: [{ machineId: 'm7', name: 'lab-c9', address: null, by: 'bert', at }],
      // One of a version that knew no direction leads on.
      operations: [{ node: 'lab-c2', direction: 'on', ...operation, choices }],
      marks: [{ name: 'rackside-lease-lab-c2', value: '0123456789abcdef.4.e30' }],
      unreadable: [],
      written: records.written,
      maxOutOfService: 2,
      maxMovesAtOnce: 3,
    });
  });

  test('what a change is compared with is the value exactly as it stands: of nodes and of the limits', () => {
    const tags = record('lab-c2', 'rackside-tags', { tags: ['gpu'] });
    const limits = record(null, 'rackside-limits', { maxOutOfService: 2 });
    const operation = record(null, 'rackside-op-lab-c2', { id: 'op1' });
    expect(decodeRecords([tags, limits, operation]).written).toEqual({
      'lab-c2': { 'rackside-tags': tags.value },
      '': { 'rackside-limits': limits.value },
    });
  });

  test('a record of another version, a damaged one and one of an unknown name are kept as unreadable, never dropped', () => {
    const future = Buffer.from(JSON.stringify({ v: 2, id: 'op9', command: 'maintenance' })).toString('base64url');
    const records = decodeRecords([
      { node: null, name: 'rackside-op-lab-c1', value: future },
      { node: null, name: 'rackside-op-lab-c2', value: 'not base64!' },
      { node: 'lab-c3', name: 'rackside-tags', value: encodeValue({ tags: 'gpu' }) },
      { node: 'lab-c3', name: 'rackside-mood', value: encodeValue({ mood: 'good' }) },
      record(null, 'rackside-op-lab-w1', { id: 'op3', command: 'dance', step: '', owner: 'anna', startedAt: at }),
      record(null, 'rackside-limits', { maxOutOfService: 'many' }),
    ]);
    expect(records.unreadable).toEqual([
      'rackside-op-lab-c1',
      'rackside-op-lab-c2',
      'lab-c3/rackside-tags',
      'lab-c3/rackside-mood',
      'rackside-op-lab-w1',
      'rackside-limits',
    ]);
    expect(records).toMatchObject({ nodes: {}, operations: [], maxOutOfService: 1 });
  });

  test('leases, slots and guards are the cluster’s to compare, and no records', () => {
    const values = ['rackside-lease-lab-c2', 'rackside-slot-1', 'rackside-unit-vm3'].map((name) => ({
      node: null,
      name,
      value: 'lab-c1.5.0',
    }));
    expect(decodeRecords(values).unreadable).toEqual([]);
  });

  test('they are found where crm_attribute and cibadmin put them', () => {
    const cib = capture('in-maintenance/lab-c1/cib.xml')
      .replace(
        '<nvpair id="nodes-2-standby"',
        `<nvpair id="nodes-2-rackside-tags" name="rackside-tags" value="${encodeValue({ tags: ['gpu'] })}"/><nvpair id="nodes-2-standby"`,
      )
      .replace(
        '</crm_config>',
        `<cluster_property_set id="rackside-limits"><nvpair id="rackside-limits-v" name="rackside-limits" value="${encodeValue({ maxOutOfService: 3 })}"/></cluster_property_set></crm_config>`,
      );
    const { records } = answered({ crmMon: capture('in-maintenance/lab-c1/crm_mon.xml'), cib });
    expect([records.nodes['lab-c2']?.tags, records.maxOutOfService, records.unreadable]).toEqual([['gpu'], 3, []]);
  });
});
