import { describe, expect, test } from 'vitest';
import { vmMemory } from '../../../../electron/core/lifecycle/vm-memory.ts';
import type { VmMemoryFacts } from '../../../../electron/core/lifecycle/vm-memory.ts';
import type { ClusterAnswer } from '../../../../shared/model/cluster.ts';
import { answerOf, answered, capture } from '../cluster/capture.ts';

const mib = 1_048_576;
const gib = 1024 * mib;
const healthy = answerOf('healthy/lab-c1');

/** What a captured answer says of a node; its libvirt was not read. */
function factsOf(answer: ClusterAnswer, node: string): VmMemoryFacts {
  const clusterVms = answer.vms.filter((vm) =>
    answer.resources.some(({ id, nodes }) => id === vm.resource && nodes.includes(node)),
  );
  const capacityMib = answer.members.find(({ name }) => name === node)?.memoryCapacityMib ?? null;
  return { capacityMib, clusterVms, installedBytes: null, reserve: { bytes: 4 * gib, share: 0.1 }, domains: [] };
}

describe('VM memory', () => {
  test('total is the cluster’s capacity where set', () => {
    const facts = { ...factsOf(healthy, 'lab-c2'), installedBytes: 64 * gib };
    expect(vmMemory(facts)).toEqual({ total: 128 * mib, allocated: 104 * mib, available: 24 * mib });
  });

  test('else what is installed without the host’s reserve: the larger of 4 GiB and a tenth', () => {
    const facts = { ...factsOf(healthy, 'lab-c2'), capacityMib: null, clusterVms: [] };
    const totalOf = (installedBytes: number | null, change: Partial<VmMemoryFacts> = {}) =>
      vmMemory({ ...facts, installedBytes, ...change }).total;
    expect([totalOf(16 * gib), totalOf(100 * gib), totalOf(2 * gib)]).toEqual([12 * gib, 90 * gib, 0]);
    expect(totalOf(100 * gib, { reserve: { bytes: 20 * gib, share: 0.05 } })).toBe(80 * gib);
    expect(vmMemory(facts)).toEqual({ total: null, allocated: 0, available: null });
  });

  test('a VM that is moving counts on both nodes: where it is and where it moves in', () => {
    const crmMon = capture('timelines/standby-3vm/0003.77.xml');
    const moving = answered({ crmMon, cib: capture('healthy/lab-c1/cib.xml') });
    expect(moving.resources.find(({ id }) => id === 'vm1')?.nodes).toEqual(['lab-c1', 'lab-c2']);
    expect(vmMemory(factsOf(moving, 'lab-c1')).allocated).toBe(32 * mib);
    expect(vmMemory(factsOf(moving, 'lab-c2')).allocated).toBe(104 * mib);
  });

  test('what libvirt runs beside the cluster counts too, each once, and what is shut off does not', () => {
    const domains = [
      { name: 'vm1', state: 'running', memoryBytes: 33 * mib },
      { name: 'by-hand', state: 'paused', memoryBytes: 10 * mib },
      { name: 'old', state: 'shut off', memoryBytes: 500 * mib },
    ];
    expect(vmMemory({ ...factsOf(healthy, 'lab-c2'), domains }).allocated).toBe((33 + 48 + 24 + 10) * mib);
  });

  test('available never falls below nothing', () => {
    const domains = [{ name: 'by-hand', state: 'running', memoryBytes: gib }];
    expect(vmMemory({ ...factsOf(healthy, 'lab-c2'), domains }).available).toBe(0);
  });
});
