import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeVms } from '../../../../electron/core/lifecycle/placement.ts';
import type { Placement, PlacementProblem } from '../../../../electron/core/lifecycle/placement.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const nodes = ['n1', 'n2', 'n3', 'n4'];

/** Small regions, tight enough that the first idea often fails. */
const problems: fc.Arbitrary<PlacementProblem> = fc
  .record({
    vms: fc.array(
      fc.record({
        memory: fc.option(fc.integer({ min: 1, max: 9 }), { nil: null, freq: 20 }),
        barred: fc.subarray(nodes, { maxLength: 3 }),
        chosen: fc.option(fc.constantFrom(...nodes), { nil: null, freq: 1 }),
        isChosen: fc.integer({ min: 0, max: 5 }),
      }),
      { maxLength: 6 },
    ),
    targets: fc.array(
      fc.record({
        total: fc.option(fc.integer({ min: 0, max: 14 }), { nil: null, freq: 20 }),
        used: fc.integer({ min: 0, max: 8 }),
      }),
      { maxLength: 4 },
    ),
    apart: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 2 }),
  })
  .map(({ vms, targets, apart }) => ({
    vms: vms.map(({ memory, barred, chosen, isChosen }, index) => ({
      resource: names[index] ?? '',
      memoryBytes: memory,
      excluded: new Map(barred.map((node) => [node, 'constraint'])),
      chosen: isChosen === 0 ? chosen : null,
    })),
    targets: targets.map(({ total, used }, index) => ({
      node: nodes[index] ?? '',
      totalBytes: total,
      usedBytes: used,
      isLastResort: index === 1,
    })),
    apart: apart.filter(([one, other]) => one !== other),
    effort: 'thorough',
  }));

function isAllowed(problem: PlacementProblem, targetOf: ReadonlyMap<string, string>): boolean {
  const used = new Map(problem.targets.map(({ node, usedBytes }) => [node, usedBytes ?? Infinity]));
  for (const [resource, node] of targetOf) {
    const vm = problem.vms.find((one) => one.resource === resource);
    if (vm?.memoryBytes === null || vm === undefined || vm.excluded.has(node)) return false;
    if (vm.chosen !== null && vm.chosen !== node) return false;
    used.set(node, (used.get(node) ?? Infinity) + vm.memoryBytes);
  }
  const isKept = problem.apart.every(([one, other]) => {
    const [a, b] = [targetOf.get(one), targetOf.get(other)];
    return a === undefined || b === undefined || a !== b;
  });
  // Only what gets a VM is judged: a node may be too full of what it has already.
  const isRoomy = problem.targets.every(
    ({ node, totalBytes }) =>
      ![...targetOf.values()].includes(node) || (used.get(node) ?? Infinity) <= (totalBytes ?? -1),
  );
  return isKept && isRoomy;
}

/** Whether any placement of all VMs exists at all, by trying each. */
function bruteForce(problem: PlacementProblem, depth = 0, sofar: ReadonlyMap<string, string> = new Map()): boolean {
  const vm = problem.vms[depth];
  if (vm === undefined) return isAllowed(problem, sofar);
  return problem.targets.some(({ node }) => bruteForce(problem, depth + 1, new Map([...sofar, [vm.resource, node]])));
}

const shown = ({ targetOf, misfits, memory }: Placement) => ({
  targetOf: Object.fromEntries(targetOf),
  misfits: misfits.map(({ resource, kind }) => `${resource}: ${kind}`).toSorted(),
  memory: Object.fromEntries(memory),
});

describe('placement', () => {
  it('finds a placement of every VM wherever brute force finds one', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        if (bruteForce(problem)) expect(placeVms(problem).misfits).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('R4: never fills a target beyond its capacity, never puts a VM where it must not be', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { targetOf, memory } = placeVms(problem);
        expect(isAllowed(problem, targetOf)).toBe(true);
        for (const { totalBytes, beforeBytes, afterBytes } of memory.values())
          expect(afterBytes <= totalBytes || afterBytes === beforeBytes).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it('R8: every VM is placed or named with its reason, and memory is blamed only where it is what lacks', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { targetOf, misfits } = placeVms(problem);
        expect([...targetOf.keys(), ...misfits.map(({ resource }) => resource)].toSorted()).toEqual(
          problem.vms.map(({ resource }) => resource).toSorted(),
        );
        for (const { resource, kind, freeBytes } of misfits) {
          const vm = problem.vms.find((one) => one.resource === resource);
          const open = problem.targets.filter(({ node }) => vm?.excluded.has(node) !== true);
          if (kind === 'memory') {
            expect(freeBytes).toBeLessThan(vm?.memoryBytes ?? -1);
            expect(open.every(({ totalBytes }) => totalBytes !== null) || vm?.chosen !== null).toBe(true);
          }
          if (kind === 'memory-unknown') expect(vm?.memoryBytes).toBe(null);
          if (kind === 'excluded') expect(open).toEqual([]);
          if (kind === 'no-target') expect(problem.targets).toEqual([]);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('is deterministic: in whatever order it is told, the answer is the same', () => {
    fc.assert(
      fc.property(problems, ({ vms, targets, apart, effort }) => {
        const told = placeVms({ vms, targets, apart, effort });
        const reversed = placeVms({ vms: vms.toReversed(), targets: targets.toReversed(), apart, effort });
        expect(shown(reversed)).toEqual(shown(told));
      }),
      { numRuns: 500 },
    );
  });

  it('alternatives are nodes it would fit on with everything else as placed', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const placement = placeVms(problem);
        for (const { resource, chosen } of problem.vms) {
          if (chosen !== null) continue;
          for (const node of placement.alternatives(resource))
            expect(isAllowed(problem, new Map([...placement.targetOf, [resource, node]]))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('makes room by moving one that was placed, where the biggest first leaves a gap too small', () => {
    const vm = (resource: string, memoryBytes: number, barred: readonly string[] = []) => ({
      resource,
      memoryBytes,
      excluded: new Map(barred.map((node) => [node, 'constraint'])),
      chosen: null,
    });
    const placement = placeVms({
      vms: [vm('big', 6), vm('small', 4, ['n2'])],
      targets: [
        { node: 'n1', totalBytes: 8, usedBytes: 0 },
        { node: 'n2', totalBytes: 7, usedBytes: 0 },
      ],
      apart: [],
      effort: 'quick',
    });
    expect(Object.fromEntries(placement.targetOf)).toEqual({ big: 'n2', small: 'n1' });
  });

  it('a last resort gets only what no other target has room for', () => {
    const vm = (resource: string, memoryBytes: number) => ({
      resource,
      memoryBytes,
      excluded: new Map<string, string>(),
      chosen: null,
    });
    const placement = placeVms({
      vms: [vm('big', 6), vm('small', 2), vm('other', 4)],
      targets: [
        { node: 'n1', totalBytes: 100, usedBytes: 0, isLastResort: true },
        { node: 'n2', totalBytes: 10, usedBytes: 2 },
      ],
      apart: [],
      effort: 'quick',
    });
    expect(Object.fromEntries(placement.targetOf)).toEqual({ big: 'n2', other: 'n1', small: 'n2' });
    expect(placement.alternatives('big')).toEqual(['n1']);
  });
});
