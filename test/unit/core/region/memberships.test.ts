import { expect, test } from 'vitest';
import { listNodes } from '../../../../electron/core/region/memberships.ts';
import { emptyNodeRecord } from '../../../../shared/model/cluster.ts';
import { answerOf } from '../cluster/capture.ts';

const healthy = answerOf('healthy/lab-c1');

test('every member of the cluster is a row, with its role, its address and the memory of its VMs', () => {
  const rows = listNodes(healthy).map(({ id, name, membership }) => ({
    id,
    name,
    role: membership.role,
    isDc: membership.isDc,
    address: membership.address,
  }));
  expect(rows).toEqual([
    { id: 'member:lab-c1', name: 'lab-c1', role: 'control', isDc: true, address: '10.213.0.11' },
    { id: 'member:lab-c2', name: 'lab-c2', role: 'control', isDc: false, address: '10.213.0.12' },
    { id: 'member:lab-c3', name: 'lab-c3', role: 'control', isDc: false, address: '10.213.0.13' },
    { id: 'member:lab-w1', name: 'lab-w1', role: 'worker', isDc: false, address: '10.213.0.51' },
  ]);
});

test('a recorded address wins over the ring address', () => {
  const answer = {
    ...healthy,
    records: { ...healthy.records, nodes: { 'lab-c2': { ...emptyNodeRecord, address: '192.0.2.7' } } },
  };
  const row = listNodes(answer).find((node) => node.name === 'lab-c2');
  expect(row?.membership.address).toBe('192.0.2.7');
});

test('a server that was removed is a row of its own until the same machine is a member again', () => {
  const out = { machineId: 'd5'.repeat(16), name: 'old', address: null, by: 'kim', at: 5 };
  const removed = { ...healthy, records: { ...healthy.records, out: [out] } };
  expect(listNodes(removed).map((node) => node.id)).toContain(`out:${out.machineId}`);
  const back = {
    ...removed,
    records: { ...removed.records, nodes: { 'lab-c2': { ...emptyNodeRecord, machineId: out.machineId } } },
  };
  expect(listNodes(back).map((node) => node.id)).not.toContain(`out:${out.machineId}`);
});

test('a VM is listed on the node that its resource is on, with the memory that the cluster plans for it', () => {
  const vms = Object.fromEntries(
    listNodes(healthy).map(({ name, membership }) => [
      name,
      membership.clusterVms.map((vm) => [vm.domain, vm.memoryMib]),
    ]),
  );
  expect(vms).toEqual({
    'lab-c1': [],
    'lab-c2': [
      ['vm1', 32],
      ['vm2', 48],
      ['vm3', 24],
    ],
    'lab-c3': [
      ['vm4', 32],
      ['gpu1', 16],
    ],
    'lab-w1': [['vm5', 32]],
  });
});
