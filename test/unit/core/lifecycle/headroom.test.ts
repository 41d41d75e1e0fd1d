import { describe, expect, it } from 'vitest';
import { headroomOf, headroomWarning } from '../../../../electron/core/lifecycle/headroom.ts';
import type { HeadroomFacts } from '../../../../electron/core/lifecycle/headroom.ts';
import { known, unknown } from '../../../../shared/model/reading.ts';
import { configurationOf, factsOf, mib, never, noon, statusOf } from './preflight/facts-of.ts';

function factsWith(change: (facts: HeadroomFacts) => Partial<HeadroomFacts> = () => ({})): HeadroomFacts {
  const { nodes, answer } = factsOf();
  const facts: HeadroomFacts = { nodes, answer, configuration: null, passthrough: new Set(), now: noon };
  return { ...facts, ...change(facts) };
}

const filled =
  (bytes: number) =>
  ({ nodes }: HeadroomFacts) => ({
    nodes: nodes.map((node) => ({ ...node, vmMemoryAllocatedBytes: known(bytes, noon, 5000) })),
  });

describe('headroom', () => {
  it('counts the Active nodes whose VMs would all fit on the others, and no more than the limit leaves', () => {
    expect(headroomOf(factsWith())).toEqual({
      out: 0,
      limit: 1,
      serviceable: 4,
      active: 4,
      words: '1 node can be serviced',
      because: [],
    });
    const more = factsWith(({ answer }) => ({
      answer: { ...answer, records: { ...answer.records, maxOutOfService: 9 } },
    }));
    expect(headroomOf(more).words).toBe('4 nodes can be serviced');
  });

  it('says which VM of which node would not fit where', () => {
    const room = headroomOf(factsWith(filled(100 * mib)));
    // lab-c1 runs nothing: it can always go.
    expect(room.serviceable).toBe(1);
    expect(room.because[0]).toBe('vm2 of lab-c2 (48 MiB) would not fit: most room is on lab-c3, 28 MiB.');
  });

  it('R8: says none, and memory only where memory is what lacks', () => {
    const withoutEmpty = factsWith(({ nodes }) => ({ nodes: nodes.filter(({ name }) => name !== 'lab-c1') }));
    const full = { ...withoutEmpty, ...filled(120 * mib)(withoutEmpty) };
    expect(headroomOf(full).words).toBe('none: memory');
    const unread = {
      ...withoutEmpty,
      nodes: withoutEmpty.nodes.map((node) => ({ ...node, vmMemoryTotalBytes: unknown('not set') })),
    };
    expect(headroomOf(unread).words).toBe('none: memory not known');
    const configuration = configurationOf();
    const bans = ['vm1', 'vm4', 'vm5'].flatMap((vm) => ['lab-c2', 'lab-c3', 'lab-w1'].map((node) => never(vm, node)));
    expect(headroomOf({ ...withoutEmpty, configuration: { ...configuration, constraints: bans } }).words).toBe(
      'none: constraints',
    );
  });

  it('R5: says none where the limit is reached already', () => {
    const facts = factsWith(({ nodes }) => ({
      nodes: nodes.map((node) => (node.name === 'lab-w1' ? { ...node, status: statusOf('in-maintenance') } : node)),
    }));
    expect(headroomOf(facts)).toMatchObject({ out: 1, limit: 1, active: 3, words: 'none: limit reached' });
  });

  it('a VM that holds a device of its machine needs no room elsewhere', () => {
    const full = factsWith(filled(100 * mib));
    const room = headroomOf({ ...full, passthrough: new Set(['vm1', 'vm2', 'vm3']) });
    expect(room.because.some((line) => line.includes('lab-c2'))).toBe(false);
  });

  it('warns as long as there is one node, one Active node, or none that could be serviced', () => {
    const room = headroomOf(factsWith());
    expect(headroomWarning(room, 4)).toBe(null);
    expect(headroomWarning({ ...room, active: 1 }, 1)).toContain('Keep at least two nodes');
    expect(headroomWarning({ ...room, active: 1, serviceable: 0 }, 4)).toContain('Only one node is Active');
    expect(headroomWarning({ ...room, serviceable: 0, because: ['vm1 of a would not fit.'] }, 4)).toBe(
      'No node can be serviced: its VMs could not all go to the others. vm1 of a would not fit.',
    );
  });
});
