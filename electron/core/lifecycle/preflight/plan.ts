import type { Domain } from '#shared/model/hardware.ts';
import { memberId } from '#shared/model/ids.ts';
import { isTicked, noChoices, type PlannedVm } from '#shared/model/maintenance.ts';
import { none } from '#shared/model/reading.ts';
import { readConstraints, type ConstraintReading } from '../constraints.ts';
import { placeVms, type Misfit, type Placement } from '../placement.ts';
import { resourcesAfter } from '../resources-after.ts';
import { aheadOf } from './ahead.ts';
import type { PlanFacts, PreflightNode } from './facts.ts';
import { holdOf, type Hold } from './holds.ts';
import { domainsThere, sourceOf, sourcePower, type Proof, type SourcePower } from './source.ts';
import { targetsOf, type Targets } from './targets.ts';
import { vmIndexOf, type IndexedVm } from './vm-index.ts';
import { listWords, memoryWords } from './words.ts';

/** What is planned for the VMs of a node, and everything the checks need of how that came about. */
export interface Plan {
  readonly source: PreflightNode;
  readonly power: SourcePower;
  /** What libvirt has there that is not shut off. */
  readonly domains: Proof<readonly Domain[]>;
  /** Every VM of the cluster, and those of them that are on the source. */
  readonly index: ReadonlyMap<string, IndexedVm>;
  readonly here: readonly IndexedVm[];
  readonly vms: readonly PlannedVm[];
  /** Why a VM cannot move, by resource; a VM that is not in it moves, restarts or stops. */
  readonly holds: ReadonlyMap<string, Hold>;
  readonly targets: Targets;
  readonly placement: Placement;
  /** Constraints that only the scheduler understands, in words. */
  readonly unclear: readonly string[];
  /** Target by resource of those that would leave. */
  readonly pins: Readonly<Record<string, string>>;
  readonly isEmpty: boolean;
}

/** Plans every VM of the node by itself: one that cannot move is held, and holds nobody else (R7). Pure. */
export function planOf(facts: PlanFacts): Plan {
  return planAfter(facts, broughtAhead(facts));
}

/** What the nodes ahead in the row leave behind. */
interface Brought {
  /** Bytes that they bring to each node. */
  readonly bytes: Map<string, number>;
  /** Where their VMs are by then. */
  readonly at: Map<string, string>;
}

/**
 * What the nodes ahead in the row bring to each node: they are planned here too, in their order, by what is known of them now. Every VM
 * of theirs that has a target counts, ticked or not; one that is gone already, or that a record counts, does not count twice.
 */
function broughtAhead(facts: PlanFacts): Brought {
  const brought: Brought = { bytes: new Map(), at: new Map() };
  const { alsoOut } = facts.choices;
  for (const { node, targets } of aheadOf(facts)) {
    if (facts.answer.records.operations.some((one) => one.node === node.name)) continue;
    const nodeId = memberId(node.name);
    const choices = { ...noChoices, targets, alsoOut: [facts.nodeId, ...alsoOut.filter((id) => id !== nodeId)] };
    const { vms } = planAfter({ ...facts, nodeId, node: node.name, choices, incoming: none }, brought);
    for (const { resource, target, memoryBytes } of vms) {
      if (target === null) continue;
      brought.bytes.set(target, (brought.bytes.get(target) ?? 0) + (memoryBytes ?? 0));
      brought.at.set(resource, target);
    }
  }
  return brought;
}

function planAfter(facts: PlanFacts, ahead: Brought): Plan {
  const source = sourceOf(facts);
  const power = sourcePower(facts, source);
  const domains: Plan['domains'] = power === 'off' ? { kind: 'proven', value: [] } : domainsThere(source, facts.now);
  const index = vmIndexOf(facts.answer, facts.configuration);
  const here = [...index.values()].filter(({ nodes }) => nodes.includes(facts.node));
  const byName = new Map(domains.kind === 'proven' ? domains.value.map((domain) => [domain.name, domain]) : []);
  const holds = new Map<string, Hold>();
  for (const vm of here) {
    const hold = holdOf(vm, domains, byName.get(vm.domain), facts);
    if (hold !== undefined) holds.set(vm.resource, hold);
  }
  const leaving = here.filter(({ resource }) => !holds.has(resource));
  const others = facts.nodes.map(({ name }) => name).filter((name) => name !== facts.node);
  const names = leaving.map(({ resource }) => resource);
  const resources = resourcesAfter(facts.answer.resources, ahead.at);
  const constraints = readConstraints(facts.configuration, { resources }, names, facts.node, others);
  for (const [resource, { tied }] of constraints.of)
    if (tied !== null) holds.set(resource, { kind: 'bound', because: tied });
  const targets = targetsOf(facts, ahead.bytes);
  const memoryOf = (vm: IndexedVm): number | null => byName.get(vm.domain)?.memoryBytes ?? vm.memoryBytes;
  const placement = placeVms({
    vms: leaving
      .filter(({ resource }) => !holds.has(resource))
      .map((vm) => ({
        resource: vm.resource,
        memoryBytes: memoryOf(vm),
        excluded: constraints.of.get(vm.resource)?.excluded ?? new Map<string, string>(),
        chosen: facts.choices.targets[vm.resource] ?? null,
      })),
    targets: targets.targets,
    apart: constraints.apart,
    effort: 'thorough',
  });
  const misfits = new Map(placement.misfits.map((misfit) => [misfit.resource, misfit]));
  const vms = here.map((vm): PlannedVm => {
    const base = {
      resource: vm.resource,
      domain: vm.domain,
      node: facts.node,
      memoryBytes: memoryOf(vm),
      alternatives: placement.alternatives(vm.resource),
    };
    const misfit = misfits.get(vm.resource);
    if (misfit !== undefined) {
      const row = withoutTarget(vm, misfit, memoryOf(vm), constraints, others, targets, facts);
      if (row.hold !== null) holds.set(vm.resource, row.hold);
      return { ...base, target: null, effect: row.effect, because: row.because, needsTick: row.effect === 'stop' };
    }
    const hold = holds.get(vm.resource);
    if (hold !== undefined)
      return {
        ...base,
        effect: 'cannot-move',
        because: hold.because,
        target: null,
        alternatives: [],
        needsTick: false,
      };
    const target = placement.targetOf.get(vm.resource) ?? null;
    if (vm.configuration?.allowMigrate === 'true')
      return { ...base, effect: 'live-migrate', because: '', target, needsTick: false };
    const because = 'its live migration is not allowed (allow-migrate): it is shut down here and started there';
    return { ...base, effect: 'restart-elsewhere', because, target, needsTick: true };
  });
  return {
    source,
    power,
    domains,
    index,
    here,
    vms,
    holds,
    targets,
    placement,
    unclear: [...new Set([...constraints.of.values()].flatMap(({ unclear }) => unclear))],
    pins: pinsOf(vms, facts),
    isEmpty: here.length === 0 && domains.kind === 'proven' && domains.value.length === 0,
  };
}

function pinsOf(vms: readonly PlannedVm[], { choices }: PlanFacts): Readonly<Record<string, string>> {
  const leave = vms.filter((vm) => !vm.needsTick || !choices.movesOnlyWhatCan || isTicked(choices.ticked, vm));
  return Object.fromEntries(leave.flatMap(({ resource, target }) => (target === null ? [] : [[resource, target]])));
}

/** What becomes of a VM that was placed nowhere. Barred from every node there is, it can only be stopped; else it waits for room. */
function withoutTarget(
  { resource }: IndexedVm,
  misfit: Misfit,
  memoryBytes: number | null,
  constraints: ConstraintReading,
  others: readonly string[],
  { refused, targets }: Targets,
  { choices }: PlanFacts,
): { readonly effect: 'stop' | 'cannot-move'; readonly because: string; readonly hold: Hold | null } {
  const held = (kind: Hold['kind'], because: string): ReturnType<typeof withoutTarget> => ({
    effect: 'cannot-move',
    because,
    hold: { kind, because },
  });
  const excluded = constraints.of.get(resource)?.excluded ?? new Map<string, string>();
  const open = others.filter((node) => !excluded.has(node));
  if (others.length > 0 && open.length === 0 && choices.targets[resource] === undefined) {
    const reasons = listWords([...new Set(excluded.values())], 3);
    const because = `no other node may run it (${reasons}): it is shut down, and started when this node is back`;
    return { effect: 'stop', because, hold: null };
  }
  const nowhere = (): string => {
    const reasons = open.map((node) => `${node}: ${refused.get(node) ?? 'not possible'}`);
    return reasons.length === 0 ? 'there is no other node' : `no node can take it now (${listWords(reasons, 4)})`;
  };
  switch (misfit.kind) {
    case 'memory': {
      const needed = memoryBytes === null ? '' : `it needs ${memoryWords(memoryBytes)}, and `;
      const where = misfit.freeOn === null ? '' : ` (${misfit.freeOn})`;
      return held(
        'memory',
        `${needed}${memoryWords(misfit.freeBytes)} is the most that is free where it may go${where}`,
      );
    }
    case 'memory-unknown':
      return held('memory-unknown', 'how much memory it needs is not known');
    case 'target-unknown': {
      const unknown = targets
        .filter((one) => one.totalBytes === null || one.usedBytes === null)
        .map(({ node }) => node);
      return held(
        'memory-unknown',
        `no node that is known has room for it; the memory of ${listWords(unknown)} is not known`,
      );
    }
    case 'not-a-target': {
      const chosen = choices.targets[resource] ?? '';
      const why = excluded.get(chosen) ?? refused.get(chosen) ?? 'it is no node that VMs can go to';
      return held('bound', `it cannot go to ${chosen}, which was chosen: ${why}`);
    }
    case 'apart':
      return held('bound', 'every node with room for it runs, or gets, a VM that it must be kept apart from');
    case 'excluded':
    case 'no-target':
      return held('no-target', nowhere());
    default:
      return misfit.kind satisfies never;
  }
}
