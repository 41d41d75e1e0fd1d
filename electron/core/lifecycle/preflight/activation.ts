import type { PlannedVm, PreflightCheck } from '#shared/model/maintenance.ts';
import { readConstraints } from '../constraints.ts';
import { fenceLoopOf } from '../fence-loop.ts';
import { placeVms } from '../placement.ts';
import { clusterSettled } from './check-cluster.ts';
import { otherOperations } from './check-guards.ts';
import { nodeIsItself } from './check-machines.ts';
import { poolsFound } from './pools.ts';
import { checkOf, holdsUp, sortedChecks } from './check.ts';
import { digestOf } from './digest.ts';
import type { ActivationFacts, JudgedActivation } from './facts.ts';
import { proof, sourceOf } from './source.ts';
import { vmIndexOf, type IndexedVm } from './vm-index.ts';
import { countWords, line, listWords, sentence } from './words.ts';

/**
 * Every check that is made before a node is brought back to *Active*, and the VMs that could come home. Services that are stopped hold
 * nothing up: Activate starts them, and its health gate judges what is true then. Pure.
 */
export function activationPreflight(facts: ActivationFacts): JudgedActivation {
  const loop = fenceLoopOf(
    facts.answer.fencing.filter(({ target }) => target === facts.node),
    facts.now + facts.clusterAheadMs,
    facts.fenceLoopAcknowledgedUntil,
  );
  const checks = sortedChecks([
    hostHealth(facts),
    poolsNotFailed(facts),
    noFenceLoop(facts),
    nothingElseMoves(facts),
    clusterSettled(facts),
    nodeIsItself(facts, 'on'),
    otherOperations(facts),
    clusterManages(facts),
  ]);
  const home = homeOf(facts);
  const held = checks.filter((check) => holdsUp(check) && check.code !== 'no-fence-loop');
  const needsAcknowledgement = loop !== null && !loop.isAcknowledged;
  const parts = [
    held.length > 0
      ? `${listWords(held.map(({ title }) => `“${title}”`))} ${held.length === 1 ? 'is' : 'are'} resolved`
      : '',
    needsAcknowledgement ? 'the fence loop is acknowledged' : '',
  ].filter((part) => part !== '');
  return {
    nodeId: facts.nodeId,
    node: facts.node,
    digest: digestOf(checks, home),
    preparedAt: facts.now,
    checks,
    home,
    fenceLoop: needsAcknowledgement ? loop.words : null,
    isReady: held.length === 0,
    heldUpBy: parts.length === 0 ? '' : `Activate becomes available when ${listWords(parts)}.`,
  };
}

/** Reached, and well: what the health gate will ask for again after the services are up (docs/status.md). */
function hostHealth(facts: ActivationFacts): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('host-health', 'Services and health');
  const source = sourceOf(facts);
  const { host } = source;
  if (host.reachability.kind !== 'reachable')
    return blocker({
      figure: 'not reached',
      words: `This laptop does not reach ${source.shownName}${host.reachability.kind === 'unreachable' ? line(`: ${host.reachability.problem.message}`) : '.'}`,
      fix: 'Power it on and see to its network; then check again.',
      subjects: [source.name],
    });
  const services = proof(host.clusterServices, facts.now);
  const libvirt = proof(host.libvirt, facts.now);
  const carrier =
    host.carrier.kind === 'none'
      ? ({ kind: 'proven', value: true } as const)
      : proof(host.carrier, facts.now, 'not-old');
  const clock = proof(host.clockOffsetMs, facts.now, 'not-old');
  const missing = [services, libvirt, carrier, clock].flatMap((one) => (one.kind === 'unknown' ? [one.because] : []));
  if (missing.length > 0)
    return unknown({
      figure: 'not known',
      words: sentence(`not everything is known of it: ${listWords([...new Set(missing)])}`),
      fix: 'Check again once it has been read.',
      subjects: [source.name],
    });
  const clockMs = clock.kind === 'proven' ? clock.value : 0;
  const bad = [
    carrier.kind === 'proven' && !carrier.value ? 'a link that carries the cluster has no carrier' : '',
    Math.abs(clockMs) > 1000
      ? `its clock is ${(Math.abs(clockMs) / 1000).toFixed(1)} s off, by this laptop and by the other nodes`
      : '',
    libvirt.kind === 'proven' && libvirt.value === 'not-installed' ? 'libvirt is not installed' : '',
  ].filter((part) => part !== '');
  if (bad.length > 0)
    return blocker({
      figure: countWords(bad.length, 'matter'),
      words: sentence(listWords(bad)),
      fix: 'Mend that first: its health gate would not open.',
      subjects: [source.name],
    });
  const stopped = [
    services.kind === 'proven' && !services.value ? 'its cluster services' : '',
    libvirt.kind === 'proven' && libvirt.value === 'down' ? 'libvirt' : '',
  ].filter((part) => part !== '');
  if (stopped.length === 0) return pass('up');
  return warning({
    figure: 'stopped',
    words: sentence(
      `${listWords(stopped)} ${stopped.length === 1 && stopped[0] === 'libvirt' ? 'is' : 'are'} stopped; Activate starts them`,
    ),
    fix: 'Nothing to do: it goes on only when they are up.',
    subjects: [source.name],
  });
}

function poolsNotFailed(facts: ActivationFacts): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('data-pools', 'Data pools healthy');
  const { pools } = sourceOf(facts).host;
  if (pools.kind === 'none') return pass('none');
  const found = poolsFound(pools, facts.now);
  if (found.kind === 'unknown')
    return unknown({ figure: 'not known', words: found.words, fix: 'Check again once they have been read.' });
  const { figure, bad, words, subjects } = found;
  if (bad.length === 0) return pass(figure);
  const finding = { figure, words, subjects };
  if (bad.some(({ state }) => state === 'failed'))
    return blocker({ ...finding, fix: 'A node with a failed pool does not become Active: replace what failed first.' });
  return warning({ ...finding, fix: 'It can become Active; see that the pool becomes whole again.' });
}

function noFenceLoop(facts: ActivationFacts): PreflightCheck {
  const { pass, blocker, warning } = checkOf('no-fence-loop', 'No fence loop');
  const loop = fenceLoopOf(
    facts.answer.fencing.filter(({ target }) => target === facts.node),
    facts.now + facts.clusterAheadMs,
    facts.fenceLoopAcknowledgedUntil,
  );
  if (loop === null) return pass('none');
  const finding = {
    figure: `${loop.count} in an hour`,
    words: loop.words,
    fix: 'Find out why before it comes back; else acknowledge it, and it is let in once more.',
    subjects: [facts.node],
  };
  return loop.isAcknowledged ? warning(finding) : blocker(finding);
}

/** With the pins kept, taking the standby away moves nothing: whatever comes home does so by a planned move. */
function nothingElseMoves(facts: ActivationFacts): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('scheduler-agrees', "The cluster's scheduler agrees");
  const { unstandby } = facts;
  const pinned = Object.keys(facts.pinned);
  if (unstandby.kind === 'unknown')
    return unknown({
      figure: 'not known',
      words: sentence(`what the cluster's scheduler would do is not known: ${unstandby.because}`),
      fix: 'Check again.',
    });
  const index = vmIndexOf(facts.answer, facts.configuration);
  const touched = unstandby.actions.filter(({ resource, action }) => {
    const vm = index.get(resource.replace(/:\d+$/u, ''));
    // A VM that is stopped for want of this node may start: that is what it waits for.
    return vm !== undefined && !(action === 'start' && vm.nodes.length === 0);
  });
  const names = [...new Set(touched.map(({ resource }) => resource))];
  if (names.length + unstandby.fenced.length === 0 && pinned.length > 0)
    return warning({
      figure: countWords(pinned.length, 'VM'),
      words: `Without its standby the cluster itself would at once move or restart ${listWords(pinned)}. Activate pins ${pinned.length === 1 ? 'it' : 'them'} where ${pinned.length === 1 ? 'it runs' : 'they run'}.`,
      fix: 'Nothing has to be done. A pin that the cluster would move a VM without stays, and is told at the end.',
      subjects: pinned,
    });
  if (names.length + unstandby.fenced.length === 0) return pass('no VM moves');
  return blocker({
    figure: countWords(names.length, 'VM'),
    words: [
      unstandby.fenced.length > 0 ? `The cluster would fence ${listWords(unstandby.fenced)}.` : '',
      names.length > 0
        ? `Without its standby the cluster itself would at once move or restart ${listWords(names)}.`
        : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
    fix: 'Pin these VMs where they are, or change the preference that pulls them; then check again.',
    subjects: [...names, ...unstandby.fenced],
  });
}

function clusterManages({ answer }: ActivationFacts): PreflightCheck {
  const { pass, warning } = checkOf('nothing-unmanaged', 'Everything managed');
  if (!answer.isInMaintenanceMode) return pass('all');
  return warning({
    figure: 'maintenance-mode',
    words: "The whole cluster is in Pacemaker's maintenance mode: it manages nothing on this node either.",
    fix: 'Switch it off: pcs property set maintenance-mode=false.',
  });
}

/** VMs that its maintenance moved away and that run elsewhere: those that live-migrate and fit come home by planned moves. */
function homeOf(facts: ActivationFacts): readonly PlannedVm[] {
  const { answer, configuration, node, now } = facts;
  const source = sourceOf(facts);
  const index = vmIndexOf(answer, configuration);
  const away = (answer.records.nodes[node]?.maintenance?.movedVms ?? []).flatMap((resource): readonly IndexedVm[] => {
    const vm = index.get(resource);
    return vm === undefined || vm.nodes.length !== 1 || vm.nodes[0] === node ? [] : [vm];
  });
  const total = proof(source.vmMemoryTotalBytes, now, 'not-old');
  const used = proof(source.vmMemoryAllocatedBytes, now, 'not-old');
  const movable = away.filter(
    ({ configuration: vm }) => vm !== null && vm.allowMigrate === 'true' && !vm.isInClone && !vm.isInGroup,
  );
  const constraints = readConstraints(
    configuration,
    answer,
    movable.map(({ resource }) => resource),
    '',
    [node],
  );
  const placement = placeVms({
    vms: movable.map((vm) => ({
      resource: vm.resource,
      memoryBytes: vm.memoryBytes,
      excluded: constraints.of.get(vm.resource)?.excluded ?? new Map<string, string>(),
      chosen: null,
    })),
    targets: [
      {
        node,
        totalBytes: total.kind === 'proven' ? total.value : null,
        usedBytes: used.kind === 'proven' ? used.value : null,
      },
    ],
    apart: constraints.apart,
    effort: 'quick',
  });
  return away.map((vm): PlannedVm => {
    const base = {
      resource: vm.resource,
      domain: vm.domain,
      node: vm.nodes[0] ?? '',
      memoryBytes: vm.memoryBytes,
      alternatives: [],
      needsTick: false,
    };
    if (placement.targetOf.has(vm.resource)) return { ...base, effect: 'live-migrate', because: '', target: node };
    const misfit = placement.misfits.find(({ resource }) => resource === vm.resource);
    const because =
      misfit === undefined
        ? 'it cannot live-migrate, so it stays where it runs'
        : misfit.kind === 'memory'
          ? 'it does not fit here any more'
          : misfit.kind === 'excluded' || misfit.kind === 'apart'
            ? 'a constraint keeps it from here'
            : 'its memory, or that of this node, is not known';
    return { ...base, effect: 'cannot-move', because, target: null };
  });
}
