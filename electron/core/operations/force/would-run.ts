import type { PlannedCommand } from '#shared/model/operation.ts';
import { nodeAttribute, nodePath } from '../../cluster/writes/configuration.ts';
import { confirmOff, fence } from '../../cluster/writes/fencing.ts';
import { holdPath } from '../../cluster/writes/moves.ts';
import { destroyDomains } from '../../cluster/writes/services.ts';
import { standbyOn } from '../../cluster/writes/standby.ts';
import type { JudgedForce } from '../../lifecycle/force.ts';
import type { PreflightFacts } from '../../lifecycle/preflight/facts.ts';
import { domainsThere, sourceOf } from '../../lifecycle/preflight/source.ts';
import { memberIn, plannedBy, toCome } from '../prepare/planned-by.ts';
import { toForbid } from '../steps/force.ts';
import { maintenanceName } from '../steps/maintenance-record.ts';
import { vmsOn } from '../steps/on-node.ts';

/**
 * The commands that a forced maintenance would send, in their order: made by the very builders that its steps use. `virsh destroy` goes to each
 * domain once the cluster stops it, so it may be several commands. Reads, and what every operation writes of itself, are no part of it, nor
 * is the end of a move that was under way: how that stands is known only then.
 */
export function forceWouldRun(facts: PreflightFacts, { sequence, overrides }: JudgedForce): readonly PlannedCommand[] {
  const { answer, configuration, node } = facts;
  const member = memberIn(answer, node);
  if (member === undefined) return [];
  const { at, control, merge, drop, option } = plannedBy(node);
  const requires = nodePath(member);
  const standby = member.standby === 'forever' ? [] : [merge('standby', standbyOn(member), { requires })];
  // What a stuck operation changed is put back by the one that takes its place.
  const noted = answer.records.operations.find((one) => one.node === node)?.undo ?? [];
  const undo = sequence === 'reachable' ? [...noted, ...toForbid(configuration, answer, node, noted)] : noted;
  const end = [
    ...undo.map(({ kind, resource, value }) => option('restore-migration', { resource, name: kind, value })),
    merge('record', nodeAttribute(member, maintenanceName, toCome.record), { requires }),
    drop('hold', holdPath(node)),
  ];
  if (sequence === 'reachable') {
    const domains = domainsToEnd(facts, overrides);
    return [
      ...undo.map(({ resource }) => option('forbid-migration', { resource, name: 'allow-migrate', value: 'false' })),
      ...standby,
      ...(domains.length === 0 ? [] : [at('end-vms', node, destroyDomains(domains))]),
      ...end,
    ];
  }
  const isStated = overrides.some(({ statement }) => statement?.endsWith('is powered off') === true);
  const fencing = [fence(node, 'off'), ...(isStated ? [confirmOff(node)] : [])];
  return [...standby, ...fencing.map((command) => control('fence', command)), ...end];
}

/** What libvirt runs there of what has a line of its own: VMs of the cluster, and domains outside of it. */
function domainsToEnd(facts: PreflightFacts, overrides: JudgedForce['overrides']): readonly string[] {
  const { answer, node, now } = facts;
  const there = domainsThere(sourceOf(facts), now);
  if (there.kind === 'unknown') return [];
  const resourceOf = new Map(answer.vms.map(({ resource, domain }) => [domain, resource]));
  const here = new Set(vmsOn(answer, node));
  const lines = new Set(overrides.map(({ id }) => id));
  return there.value
    .map(({ name }) => name)
    .filter((name) => here.has(resourceOf.get(name) ?? '') || lines.has(`domain:${name}`));
}
