import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headroomOf, headroomWarning } from '../../../../electron/core/lifecycle/headroom.ts';
import type { HeadroomFacts } from '../../../../electron/core/lifecycle/headroom.ts';
import { known, unknown } from '../../../../shared/model/reading.ts';
import { configurationOf, factsOf, mib, never, noon, recorded, statusOf } from './preflight/facts-of.ts';

function factsWith(change: (facts: HeadroomFacts) => Partial<HeadroomFacts> = () => ({})): HeadroomFacts {
  const { nodes, answer } = factsOf();
  const rows = nodes.map((node) => ({ ...node, reachability: node.host.reachability }));
  const facts: HeadroomFacts = { nodes: rows, answer, configuration: null, passthrough: new Set(), now: noon };
  return { ...facts, ...change(facts) };
}

const filled =
  (bytes: number) =>
  ({ nodes }: HeadroomFacts) => ({
    nodes: nodes.map((node) => ({ ...node, vmMemoryAllocatedBytes: known(bytes, noon, 5000) })),
  });

/** Nodes of 100 MiB each that run VMs of these sizes in MiB. */
function regionOf(sizes: readonly (readonly number[])[], maxOutOfService: number): HeadroomFacts {
  const { nodes, answer, ...rest } = factsWith();
  const [node] = nodes;
  const [resource] = answer.resources.filter(({ agent }) => agent.endsWith(':VirtualDomain'));
  const [vm] = answer.vms;
  if (node === undefined || resource === undefined || vm === undefined) throw new Error('the capture has all three');
  const vms = sizes.flatMap((of, on) =>
    of.map((memoryMib, index) => ({ name: `n${on}-${index}`, on: `n${on}`, memoryMib })),
  );
  return {
    ...rest,
    nodes: sizes.map((of, index) => ({
      ...node,
      name: `n${index}`,
      vmMemoryTotalBytes: known(100 * mib, noon, 5000),
      vmMemoryAllocatedBytes: known(of.reduce((sum, one) => sum + one, 0) * mib, noon, 5000),
    })),
    answer: {
      resources: vms.map(({ name, on }) => ({ ...resource, id: name, role: 'Started', nodes: [on] })),
      vms: vms.map(({ name, memoryMib }) => ({ ...vm, resource: name, domain: name, memoryMib })),
      records: { ...answer.records, maxOutOfService },
    },
  };
}

function subsets(size: number, count: number): readonly (readonly number[])[] {
  const all = Array.from({ length: 2 ** size }, (_, bits) =>
    Array.from({ length: size }, (_one, index) => index).filter((index) => (bits >> index) % 2 === 1),
  );
  return all.filter(({ length }) => length === count);
}

/** Whether every VM of these nodes has a place on the others, by trying them all. */
function canGo(nodes: readonly (readonly number[])[], out: readonly number[]): boolean {
  const stays = nodes.flatMap((of, index) =>
    out.includes(index) ? [] : [100 - of.reduce((sum, one) => sum + one, 0)],
  );
  const put = ([first, ...rest]: readonly number[], free: readonly number[]): boolean =>
    first === undefined || free.some((room, at) => room >= first && put(rest, free.with(at, room - first)));
  return put(
    out.flatMap((index) => nodes[index] ?? []),
    stays,
  );
}

describe('headroom', () => {
  it('counts the Active nodes whose VMs would all fit on the others, and no more than the limit leaves at once', () => {
    expect(headroomOf(factsWith())).toEqual({
      out: 0,
      limit: 1,
      serviceable: 4,
      active: 4,
      words: '1 node can be serviced',
      because: ['The region allows 1 out of service at once.'],
    });
    const more = factsWith(({ answer }) => ({
      answer: { ...answer, records: { ...answer.records, maxOutOfService: 9 } },
    }));
    expect(headroomOf(more)).toMatchObject({
      serviceable: 4,
      words: '2 nodes can be serviced',
      because: ['With 3 nodes out at once: vm4 of lab-c3 (32 MiB) would not fit: most room is on lab-c2, 24 MiB.'],
    });
  });

  it('three nodes at 60 of 100, a limit of three: any one can go, and no two', () => {
    const room = headroomOf(
      regionOf(
        [
          [30, 30],
          [30, 30],
          [30, 30],
        ],
        3,
      ),
    );
    expect(room).toMatchObject({ serviceable: 3, words: '1 node can be serviced' });
    expect(room.because).toEqual([
      'With 2 nodes out at once: n0-1 of n0 (30 MiB) would not fit: most room is on n2, 10 MiB.',
    ]);
    // Where nothing runs at all, one has to stay.
    expect(headroomOf(regionOf([[], [], []], 3)).words).toBe('2 nodes can be serviced');
  });

  it('R8: N nodes can be serviced means N at the same time: brute force finds a place for every VM of some N of them', () => {
    const sizes = fc.array(fc.array(fc.integer({ min: 1, max: 45 }), { maxLength: 2 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 5 }), (nodes, limit) => {
        const { words } = headroomOf(regionOf(nodes, limit));
        const count = Number(/^\d+/u.exec(words)?.[0] ?? 0);
        expect(count).toBeLessThanOrEqual(Math.min(limit, nodes.length - 1));
        expect(count === 0 || subsets(nodes.length, count).some((out) => canGo(nodes, out))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('says which VM of which node would not fit where', () => {
    const room = headroomOf(factsWith(filled(100 * mib)));
    // lab-c1 runs nothing: it can always go.
    expect(room.serviceable).toBe(1);
    expect(room.because[0]).toBe('vm2 of lab-c2 (48 MiB) would not fit: most room is on lab-c3, 28 MiB.');
  });

  it('room that a recorded operation is going to fill is not there, and what has arrived counts once', () => {
    const moving = (isDone: boolean) => {
      const facts = regionOf([[60], [60], [10]], 3);
      const vms = [{ resource: 'n2-0', target: 'n0', effect: 'live-migrate', isDone } as const];
      const [operation] = recorded({ node: 'n2', vms })(factsOf().answer).records.operations;
      if (operation === undefined) throw new Error('it is recorded');
      // Of n0's 40 MiB, 35 are enough for n1's VM, and not beside n2's that is on its way there.
      const records = { ...facts.answer.records, operations: [operation] };
      const resized = facts.answer.vms.map((vm) => (vm.resource === 'n1-0' ? { ...vm, memoryMib: 35 } : vm));
      const nodes = facts.nodes.map((node) =>
        node.name === 'n2' ? { ...node, status: statusOf('entering-maintenance') } : node,
      );
      return headroomOf({ ...facts, nodes, answer: { ...facts.answer, vms: resized, records } });
    };
    expect(moving(true).serviceable).toBe(1);
    expect(moving(false)).toMatchObject({ serviceable: 0, words: 'none: memory' });
  });

  it('a node that this laptop does not reach neither goes nor takes VMs, and is named', () => {
    const silentAt = (...names: readonly string[]) =>
      headroomOf(
        factsWith(({ nodes }) => ({
          nodes: nodes.map((node) =>
            names.includes(node.name) ? { ...node, reachability: { kind: 'unreachable' as const } } : node,
          ),
        })),
      );
    expect(silentAt('lab-c1')).toMatchObject({
      active: 4,
      because: expect.arrayContaining([
        'Not reached by this laptop, so nothing moves there or from there: lab-c1.',
      ]) as unknown,
    });
    expect(silentAt('lab-c1', 'lab-c2', 'lab-c3').words).toBe('none: no other node is reached');
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
    expect(headroomOf(facts).because[0]).toBe('The region allows 1 out of service at once, and 1 is.');
    const four = regionOf([[10], [10], [], []], 1);
    const nodes = four.nodes.map((node, index) => (index < 2 ? node : { ...node, status: statusOf('failed') }));
    expect(headroomOf({ ...four, nodes })).toMatchObject({
      serviceable: 2,
      words: 'none: limit reached',
      because: ['The region allows 1 out of service at once, and 2 are.'],
    });
  });

  it('a node whose VM holds a device of its machine cannot be serviced, and memory is not blamed', () => {
    const room = headroomOf(factsWith(() => ({ passthrough: new Set(['vm1', 'vm4', 'vm5']) })));
    // lab-c1 runs nothing.
    expect(room).toMatchObject({ serviceable: 1, words: '1 node can be serviced' });
    expect(room.because[0]).toBe('vm1 of lab-c2 holds a device of its machine, and cannot move.');
    const none = factsWith(({ nodes }) => ({
      nodes: nodes.filter(({ name }) => name !== 'lab-c1'),
      passthrough: new Set(['vm1', 'vm4', 'vm5']),
    }));
    expect(headroomOf(none)).toMatchObject({ serviceable: 0, words: 'none: VMs with a device' });
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
