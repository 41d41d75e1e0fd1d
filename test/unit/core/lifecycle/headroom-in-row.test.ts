import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headroomOf } from '../../../../electron/core/lifecycle/headroom.ts';
import { draftPlan } from '../../../../electron/core/lifecycle/preflight/draft-plan.ts';
import type { PlanFacts, PreflightFacts } from '../../../../electron/core/lifecycle/preflight/facts.ts';
import { preflight } from '../../../../electron/core/lifecycle/preflight/preflight.ts';
import type { SimulatedAction } from '../../../../shared/model/configuration.ts';
import { memberId } from '../../../../shared/model/ids.ts';
import { noChoices, type MaintenanceChoices } from '../../../../shared/model/maintenance.ts';
import { factsOf, noon, statusOf } from './preflight/facts-of.ts';
import { nodesOf, silence } from './preflight/nodes-of.ts';

/** A small region: the memory of the VMs of each node in MiB, of 100 MiB a node; which are out already, which do not answer, and how many may be out. */
interface Region {
  readonly sizes: readonly (readonly number[])[];
  readonly out: readonly number[];
  readonly silent: readonly number[];
  readonly limit: number;
}

const regions = fc.record({
  sizes: fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 3 }), { minLength: 2, maxLength: 5 }),
  out: fc.uniqueArray(fc.nat(4), { maxLength: 1 }),
  silent: fc.uniqueArray(fc.nat(4), { maxLength: 1 }),
  limit: fc.integer({ min: 0, max: 4 }),
});

const nameOf = (index: number): string => `n${index}`;
const captured = factsOf();
const [someVm] = captured.configuration.vms;
const [someNode] = captured.answer.nodes;
const [someMember] = captured.answer.members;
const someResource = captured.answer.resources.find(({ agent }) => agent.endsWith(':VirtualDomain'));

function regionOf({ sizes, out, silent, limit }: Region): Omit<PlanFacts, 'nodeId' | 'node' | 'choices'> {
  if (!someVm || !someNode || !someMember || !someResource) throw new Error('the capture has all of them');
  // Nothing runs on what is out.
  const vms = sizes.flatMap((of, on) =>
    out.includes(on) ? [] : of.map((memoryMib, index) => ({ name: `vm${on}-${index}`, on: nameOf(on), memoryMib })),
  );
  const control = { type: 'member' } as const;
  const entries = sizes.map((_of, index) => ({ name: nameOf(index), id: `${index}`, ...control }));
  const [votes, neededVotes] = [sizes.length, Math.floor(sizes.length / 2) + 1];
  const { records } = captured.answer;
  const answer = {
    ...captured.answer,
    quorum: { isQuorate: true, votes, expectedVotes: votes, neededVotes, flags: ['Quorate'] },
    nodes: entries.map((entry) => ({ ...someNode, ...entry })),
    members: entries.map((entry) => ({ ...someMember, ...entry, memoryCapacityMib: 100 })),
    resources: vms.map(({ name, on }) => ({ ...someResource, id: name, role: 'Started', nodes: [on] })),
    vms: vms.map(({ name, memoryMib }) => ({ resource: name, domain: name, memoryMib, canLiveMigrate: true })),
    records: { ...records, maxOutOfService: limit },
  };
  const configuration = {
    ...captured.configuration,
    constraints: [],
    vms: vms.map(({ name, memoryMib }) => ({ ...someVm, resource: name, domain: name, topLevel: name, memoryMib })),
  };
  const nodes = nodesOf(answer, configuration, noon).map((node, index) => ({
    ...node,
    host: { ...node.host, ...(silent.includes(index) ? silence : {}) },
    ...(out.includes(index) ? { status: statusOf('in-maintenance') } : {}),
  }));
  return { ...captured, answer, configuration, nodes };
}

/** The facts of one node; the scheduler does exactly as planned. */
function factsFor(region: ReturnType<typeof regionOf>, index: number, choices: MaintenanceChoices): PreflightFacts {
  const node = nameOf(index);
  const plan: PlanFacts = { ...region, nodeId: memberId(node), node, choices };
  const { pins, targets } = draftPlan(plan);
  const actions = Object.entries(pins).map(([resource, target]): SimulatedAction => {
    return { action: 'migrate', resource, source: node, target, reason: '' };
  });
  const simulation = { kind: 'simulated', actions, fenced: [] } as const;
  return {
    ...plan,
    fencing: captured.fencing,
    targetsReachable: Object.fromEntries(targets.map((target) => [target, 'yes'])),
    simulated: { pinned: pins, pins: simulation, standby: simulation },
  };
}

function headroomIn(region: Region): number {
  const { nodes, answer } = regionOf(region);
  const rows = nodes.map((node) => ({ ...node, reachability: node.host.reachability }));
  const { words } = headroomOf({ nodes: rows, answer, configuration: null, passthrough: new Set(), now: noon });
  return Number(/^\d+/u.exec(words)?.[0] ?? 0);
}

const judged = new Set(['memory-on-targets', 'service-limit', 'quorum-after', 'libvirt-answers']);

/** Whether the preflight lets all of them go, one after the other in this order, as the dialog asks for them. */
function goInRow(region: Region, row: readonly number[]): boolean {
  const facts = regionOf(region);
  const ids = row.map((index) => memberId(nameOf(index)));
  return row.every((index, place) => {
    const choices = {
      ...noChoices,
      alsoOut: ids.filter((_id, at) => at !== place),
      ahead: ids.slice(0, place).map((nodeId) => ({ nodeId, targets: {}, movesOnlyWhatCan: false })),
    };
    const { checks } = preflight(factsFor(facts, index, choices));
    return checks.every(({ code, state }) => !judged.has(code) || state === 'pass' || state === 'warning');
  });
}

/** Every order of every choice of so many. */
function rowsOf(from: readonly number[], count: number): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  return from.flatMap((first) => {
    const others = from.filter((one) => one !== first);
    return rowsOf(others, count - 1).map((rest) => [first, ...rest]);
  });
}

const activeOf = ({ sizes, out }: Region): readonly number[] =>
  sizes.map((_of, index) => index).filter((index) => !out.includes(index));

test('R8: N nodes can be serviced: the preflight lets some N of them go, one after the other', () => {
  fc.assert(
    fc.property(regions, (region) => {
      const count = headroomIn(region);
      expect(rowsOf(activeOf(region), count).some((row) => goInRow(region, row))).toBe(true);
    }),
    {
      numRuns: 300,
      // Together their VMs would find a place; one behind the other the first takes the room that the second needs.
      examples: [[{ sizes: [[47, 23], [23], [49, 15], [41, 37], [10, 31]], out: [], silent: [], limit: 4 }]],
    },
  );
});

test('R8: where it says fewer than all but one, the preflight refuses some row of one more', () => {
  fc.assert(
    fc.property(regions, (region) => {
      const [count, active] = [headroomIn(region), activeOf(region)];
      // It keeps one for the VMs that will be, though nothing may run now.
      fc.pre(count + 1 < active.length);
      expect(rowsOf(active, count + 1).every((row) => goInRow(region, row))).toBe(false);
    }),
    { numRuns: 100 },
  );
});
