import type { PreflightCheck } from '#shared/model/maintenance.ts';
import { answerFirst } from './check-machines.ts';
import { checkOf } from './check.ts';
import type { PlanFacts } from './facts.ts';
import type { Hold } from './holds.ts';
import type { Plan } from './plan.ts';
import { countWords, line, listWords } from './words.ts';

function heldBy(plan: Plan, ...kinds: readonly Hold['kind'][]): readonly { resource: string; because: string }[] {
  return plan.here.flatMap(({ resource }) => {
    const hold = plan.holds.get(resource);
    return hold !== undefined && kinds.includes(hold.kind) ? [{ resource, because: hold.because }] : [];
  });
}

const told = (held: readonly { resource: string; because: string }[]): string =>
  held.map(({ resource, because }) => line(`${resource}: ${because}`)).join(' ');

/** A machine that answers and asks a person is not heard, whatever its libvirt does. */
const seeTo = ({ identity }: PlanFacts): string =>
  identity.kind === 'asked' ? answerFirst : 'See to libvirt on this node, and check again.';

const isAre = (count: number): string => (count === 1 ? 'is' : 'are');

/** VMs that hold a device of this machine (GPU, any PCI function). @param mayStay what cannot move is left here (R7). */
export function passthroughVms(plan: Plan, facts: PlanFacts, mayStay: boolean): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('passthrough-vms', 'GPU passthrough');
  if (plan.domains.kind === 'unknown')
    return unknown({
      figure: 'not known',
      words: line(`Whether a VM holds a device of this machine is not known: ${plan.domains.because}`),
      fix: seeTo(facts),
    });
  const held = heldBy(plan, 'passthrough');
  if (held.length === 0) return pass('none');
  const names = held.map(({ resource }) => resource);
  const finding = {
    // Blockers are counted by checks beside the buttons: several VMs are one of them.
    figure: mayStay ? countWords(held.length, 'stays', 'stay') : held.length === 1 ? '1 blocker' : `${held.length} VMs`,
    words: told(held),
    fix: mayStay
      ? `Nothing has to be done: ${listWords(names)} ${names.length === 1 ? 'runs' : 'run'} on here. To empty the node, shut ${names.length === 1 ? 'it' : 'them'} down first.`
      : `Shut down ${listWords(names)} first.`,
    subjects: names,
  };
  return mayStay ? warning(finding) : blocker(finding);
}

/** What runs here and is not the cluster's to move. A domain that is shut off harms nobody. */
export function unmanagedVms(plan: Plan, facts: PlanFacts, mayStay: boolean): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('unmanaged-vms', 'VMs outside the cluster');
  if (plan.domains.kind === 'unknown')
    return unknown({
      figure: 'not known',
      words: line(`Whether VMs run here that the cluster does not manage is not known: ${plan.domains.because}`),
      fix: seeTo(facts),
    });
  const byDomain = new Map([...plan.index.values()].map((vm) => [vm.domain, vm]));
  const arriving = new Set(facts.incoming.kind === 'known' ? facts.incoming.value : []);
  const found = plan.domains.value.flatMap(({ name, state }) => {
    const vm = byDomain.get(name);
    if (vm === undefined) return arriving.has(name) ? [] : [{ name, because: 'the cluster does not manage it' }];
    if (vm.nodes.includes(facts.node) || arriving.has(name) || state.startsWith('paused')) return [];
    const where = vm.nodes.length === 0 ? 'has it stopped' : `has it on ${listWords(vm.nodes)}`;
    return [{ name, because: `it runs here, and the cluster ${where}` }];
  });
  if (found.length === 0) return pass('none');
  const names = found.map(({ name }) => name);
  const finding = {
    figure: countWords(found.length, 'VM'),
    words: found.map(({ name, because }) => line(`${name}: ${because}`)).join(' '),
    fix: `Shut ${found.length === 1 ? 'it' : 'them'} down on the node (virsh shutdown), or move ${found.length === 1 ? 'it' : 'them'} away by hand.`,
    subjects: names,
  };
  return mayStay ? warning(finding) : blocker(finding);
}

/** VMs that would restart or stop (a tick each, R9), and those that something other than memory or a device keeps here. */
export function vmsThatRestart(plan: Plan, facts: PlanFacts, mayStay: boolean): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('vms-that-restart', 'VMs that cannot live-migrate');
  if (plan.domains.kind === 'unknown' && plan.here.length > 0)
    return unknown({
      figure: 'not known',
      words: line(`Which of its VMs can live-migrate is not known: ${plan.domains.because}`),
      fix: seeTo(facts),
    });
  const bound = heldBy(plan, 'bound');
  const changing = plan.vms.filter(({ needsTick }) => needsTick);
  if (bound.length + changing.length === 0) return pass('none');
  const changes = changing.map(({ resource, because }) => ({ resource, because }));
  const count = (effect: string): number => changing.filter((vm) => vm.effect === effect).length;
  const figure = [
    bound.length > 0 ? `${bound.length} cannot move` : '',
    count('restart-elsewhere') > 0 ? countWords(count('restart-elsewhere'), 'restart') : '',
    count('stop') > 0 ? countWords(count('stop'), 'stop') : '',
  ].filter((part) => part !== '');
  const finding = {
    figure: figure.join(', '),
    words: told([...bound, ...changes]),
    fix: [
      bound.length > 0
        ? `Move ${listWords(bound.map(({ resource }) => resource))} by hand or mend what is named, or move only what can move now.`
        : '',
      changing.length > 0 ? `Tick the ${changing.length === 1 ? 'row' : 'rows'} to allow that.` : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
    subjects: [...bound, ...changes].map(({ resource }) => resource),
  };
  return bound.length > 0 && !mayStay ? blocker(finding) : warning(finding);
}

/** VMs that are on their way to this very node: it would fill up while it is emptied. */
export function incomingMigrations(plan: Plan, facts: PlanFacts): PreflightCheck {
  const { pass, blocker, unknown } = checkOf('incoming-migrations', 'Incoming migrations');
  if (plan.power === 'off') return pass('off');
  const { answer, node, ownOperation, incoming } = facts;
  const planned = answer.records.operations.flatMap((operation) =>
    operation.id === ownOperation || operation.node === node
      ? []
      : operation.vms.filter(({ target, isDone }) => target === node && !isDone).map(({ resource }) => resource),
  );
  const arriving = incoming.kind === 'known' && facts.now - incoming.readAt <= 60_000 ? incoming.value : [];
  const held = heldBy(plan, 'arriving').map(({ resource }) => resource);
  const domains = new Map([...plan.index.values()].map(({ domain, resource }) => [domain, resource]));
  const names = [...new Set([...arriving.map((name) => domains.get(name) ?? name), ...held, ...planned])].toSorted();
  if (names.length > 0)
    return blocker({
      figure: countWords(names.length, 'VM'),
      words: `${listWords(names)} ${isAre(names.length)} on the way to this node.`,
      fix: 'Wait until they have arrived, or cancel the operation that moves them, and check again.',
      subjects: names,
    });
  // Without libvirt's word nobody knows what is arriving, but libvirt itself has a check of its own.
  if (incoming.kind === 'known' && facts.now - incoming.readAt <= 60_000) return pass('none');
  return unknown({
    figure: 'not known',
    words: line(
      `Whether VMs are arriving here is not known: ${incoming.kind === 'unknown' ? incoming.because : 'that was not read just now'}`,
    ),
    fix: seeTo(facts),
  });
}
