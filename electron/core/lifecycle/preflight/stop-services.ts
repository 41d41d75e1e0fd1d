import { noChoices, type PreflightCheck } from '#shared/model/maintenance.ts';
import { indexOf } from '../answer-index.ts';
import { clusterSettled, noMassFailure } from './check-cluster.ts';
import { otherOperations, quorumAfter } from './check-guards.ts';
import { nodeIsItself } from './check-machines.ts';
import { checkOf, holdsUp, sortedChecks } from './check.ts';
import { digestOf } from './digest.ts';
import type { JudgedStop, NodeInRegion } from './facts.ts';
import { nodeIsEmpty } from './removal.ts';
import { proof, sourceOf } from './source.ts';
import { line, listWords } from './words.ts';

/** Every check that is made before the cluster services of a node In maintenance are stopped. Pure. */
export function stopServicesPreflight(facts: NodeInRegion): JudgedStop {
  const checks = sortedChecks([
    servicesRun(facts),
    nodeIsEmpty(facts, false),
    quorumAfter({ ...facts, choices: noChoices }, true),
    clusterSettled(facts),
    nodeIsItself(facts, 'on'),
    otherOperations(facts),
    noMassFailure(facts),
  ]);
  const held = checks.filter(holdsUp);
  return {
    nodeId: facts.nodeId,
    node: facts.node,
    nodeName: sourceOf(facts).shownName,
    digest: digestOf(checks, []),
    preparedAt: facts.now,
    checks,
    isReady: held.length === 0,
    heldUpBy:
      held.length === 0
        ? ''
        : `Stop Cluster Services becomes available when ${listWords(held.map(({ title }) => `“${title}”`))} ${held.length === 1 ? 'is' : 'are'} resolved.`,
  };
}

/** Nothing is stopped of a node that the cluster does not call online: what is off starts its services when it boots (R11). */
function servicesRun(facts: NodeInRegion): PreflightCheck {
  const { pass, blocker, unknown } = checkOf('services-run', 'Reached, and its services run');
  const source = sourceOf(facts);
  const { shownName, name, host } = source;
  const member = indexOf(facts.answer).node(name);
  if (member?.isOnline !== true || member.isUnclean || member.isPending)
    return blocker({
      figure: 'offline',
      words: `The cluster does not call ${shownName} online. Its services are stopped already, or it is off: then they start when it boots.`,
      fix: 'Look at the machine. Activate starts them; with Remove it leaves the cluster.',
      subjects: [name],
    });
  if (host.reachability.kind !== 'reachable')
    return blocker({
      figure: 'not reached',
      words: `This laptop does not reach ${shownName}${host.reachability.kind === 'unreachable' ? line(`: ${host.reachability.problem.message}`) : '.'}`,
      fix: 'See to its network; then check again.',
      subjects: [name],
    });
  if (indexOf(facts.answer).member(name)?.standby !== 'forever')
    return blocker({
      figure: 'standby ends',
      words: `The standby of ${shownName} does not last: it was set outside Rackside until its services restart, or because a resource failed there. When they start again, VMs come back to it.`,
      fix: `Set one that lasts (pcs node standby ${name}); then check again.`,
      subjects: [name],
    });
  const services = proof(host.clusterServices, facts.now);
  if (services.kind === 'unknown')
    return unknown({
      figure: 'not known',
      words: line(`Whether its cluster services run is not known: ${services.because}`),
      fix: 'Check again.',
      subjects: [name],
    });
  return pass('online');
}
