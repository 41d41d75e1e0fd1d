import type { Domain } from '#shared/model/hardware.ts';
import type { PlanFacts } from './facts.ts';
import type { Proof } from './source.ts';
import type { IndexedVm } from './vm-index.ts';

/**
 * Why a VM cannot move, and which check says so.
 *
 * - `silent`: libvirt does not answer. `passthrough`: it holds a device of this machine. `unmanaged`: somebody took it out of the cluster's
 *   care. `arriving`: it is not here yet.
 * - `bound`: a group, a clone, a constraint, a failure, a pause. `no-target`: no other node can take VMs now.
 * - `memory`: it fits nowhere. `memory-unknown`: whether it fits is not known.
 */
export interface Hold {
  readonly kind:
    | 'silent'
    | 'passthrough'
    | 'unmanaged'
    | 'arriving'
    | 'bound'
    | 'no-target'
    | 'memory'
    | 'memory-unknown';
  readonly because: string;
}

/** What keeps this VM here whatever room there is elsewhere; `undefined`: nothing. */
export function holdOf(
  vm: IndexedVm,
  domains: Proof<readonly Domain[]>,
  domain: Domain | undefined,
  facts: PlanFacts,
): Hold | undefined {
  const { configuration, instances } = vm;
  if (domains.kind === 'unknown')
    return { kind: 'silent', because: `what libvirt has of it is not known: ${domains.because}` };
  if (isArriving(vm, domain, facts)) return { kind: 'arriving', because: 'it is just arriving here' };
  const devices = domain?.hostDevices ?? [];
  if (devices.length > 0)
    return {
      kind: 'passthrough',
      because: `it holds ${devices.join(', ')} of this machine, which cannot move with it`,
    };
  if (configuration === null) return { kind: 'bound', because: 'the configuration does not have its resource' };
  if (configuration.isManaged !== null && isFalse(configuration.isManaged))
    return {
      kind: 'unmanaged',
      because: 'it is not managed (is-managed=false), so the cluster would not take it over',
    };
  // One whose time is over is in the cluster's care again: what is left of it is taken away by whatever moves the VM next.
  const isOutOfCare = instances.some(({ isManaged }) => !isManaged);
  if (configuration.caredForUntil !== null && isOutOfCare && !isOurs(vm.resource, facts))
    return { kind: 'unmanaged', because: leftWords(configuration.caredForUntil, facts.now) };
  if (isOutOfCare && configuration.caredForUntil === null)
    return { kind: 'unmanaged', because: 'the cluster calls it unmanaged' };
  if (configuration.isInClone)
    return { kind: 'bound', because: `it is an instance of the clone ${configuration.topLevel}` };
  if (configuration.isInGroup)
    return {
      kind: 'bound',
      because: `it is a member of the group ${configuration.topLevel}, which would move as a whole`,
    };
  if (instances.some(({ isFailed, isBlocked }) => isFailed || isBlocked))
    return { kind: 'bound', because: 'the cluster has it as failed or blocked' };
  if (domain === undefined)
    return { kind: 'bound', because: `the cluster has it here, and libvirt has no running domain ${vm.domain}` };
  if (!/^(running|idle)/u.test(domain.state))
    return { kind: 'bound', because: `its domain is ${domain.state}: only a running VM can be moved and looked after` };
  return undefined;
}

function leftWords(until: number, now: number): string {
  const minutes = Math.max(1, Math.ceil((until - now) / 60_000));
  return `a move of it is under way, or was left behind: continue or roll back its operation, or wait: the cluster takes it back by itself within ${minutes} min`;
}

/** On its way here: libvirt says so, or it is paused here while the cluster moves it. */
function isArriving(vm: IndexedVm, domain: Domain | undefined, { incoming }: PlanFacts): boolean {
  if (incoming.kind === 'known' && incoming.value.includes(vm.domain)) return true;
  return domain?.state.startsWith('paused') === true && vm.instances.some(({ role }) => role === 'Migrating');
}

/** A move of the very operation that judges again. */
function isOurs(resource: string, { answer, ownOperation }: PlanFacts): boolean {
  const own = answer.records.operations.find(({ id }) => id === ownOperation);
  return own?.vms.some((vm) => vm.resource === resource) === true;
}

/** Pacemaker's booleans. */
function isFalse(value: string): boolean {
  return /^(false|off|no|n|0)$/iu.test(value);
}
