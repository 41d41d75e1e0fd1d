import type { PreflightCheck } from '#shared/model/maintenance.ts';
import type { ClusterConstraint } from '#shared/model/configuration.ts';
import { indexOf } from '../answer-index.ts';
import { isByPerson, newestFencing } from '../fencing.ts';
import { poolStatementOf, powerOffStatementOf } from '../force.ts';
import { isProvenOff } from '../proven-off.ts';
import { quorumAfterRemoval } from '../quorum.ts';
import { clusterSettled, moreThanOneNode, noMassFailure } from './check-cluster.ts';
import { otherOperations, quorumFigure, votesOf } from './check-guards.ts';
import { nodeIsItself } from './check-machines.ts';
import { poolsFound } from './pools.ts';
import { checkOf, holdsUp, sortedChecks } from './check.ts';
import { digestOf } from './digest.ts';
import type { JudgedRemoval, NodeInRegion, RemovalFacts } from './facts.ts';
import { domainsThere, sourceOf } from './source.ts';
import { vmIndexOf } from './vm-index.ts';
import { ageWords, countWords, line, listWords, sentence } from './words.ts';

/** The specification's words. */
const poolCaution =
  'If the node has unhealthy (degraded) data pools, removal may result in data loss. Contact support before proceeding.';

/** Every check that is made before a node is removed from the cluster, and what has to be typed. Pure. */
export function removalPreflight(facts: RemovalFacts): JudgedRemoval {
  const source = sourceOf(facts);
  const isOff = isProvenOff(facts.answer, facts.node, source.fencingsOverAt);
  const isReached = source.host.reachability.kind === 'reachable';
  const pools = poolsOf(facts, isReached);
  const checks = sortedChecks([
    moreThanOneNode(facts),
    nodeIsEmpty(facts, isOff),
    poweredOff(facts, isOff, isReached),
    quorumAfterRemoving(facts),
    pools,
    clusterSettled(facts),
    nodeIsItself(facts, isReached ? 'on' : 'off'),
    otherOperations(facts),
    noMassFailure(facts),
  ]);
  const leftovers = facts.configuration.constraints
    .filter(({ nodes }) => nodes.includes(facts.node))
    .map((constraint) => ({ id: constraint.id, words: leftoverWords(constraint, facts.node) }));
  // What a typed statement answers for does not hold it up besides: the statement does.
  const held = checks.filter((check) => holdsUp(check) && check.force !== 'own-statement');
  const needsPowerOff = checks.some(({ code, state }) => code === 'powered-off' && state !== 'pass');
  return {
    nodeId: facts.nodeId,
    node: facts.node,
    nodeName: source.shownName,
    machineId: facts.machineId,
    address: facts.address,
    digest: digestOf(
      checks,
      [],
      leftovers.map(({ id }) => id),
    ),
    preparedAt: facts.now,
    checks,
    leftovers,
    poolWarning: pools.state === 'pass' ? null : poolCaution,
    poolStatement: pools.state === 'pass' ? null : poolStatementOf(facts.node),
    powerOffStatement: needsPowerOff ? powerOffStatementOf(facts.node) : null,
    isReady: held.length === 0,
    heldUpBy:
      held.length === 0
        ? ''
        : `Remove becomes available when ${listWords(held.map(({ title }) => `“${title}”`))} ${held.length === 1 ? 'is' : 'are'} resolved.`,
  };
}

/** Nothing runs on it by the cluster and by libvirt; a node that is off needs no libvirt (R1). */
export function nodeIsEmpty(facts: NodeInRegion, isOff: boolean): PreflightCheck {
  const { pass, blocker, unknown } = checkOf('node-is-empty', 'Nothing runs on it');
  const { answer, configuration, node } = facts;
  const source = sourceOf(facts);
  const here = [...vmIndexOf(answer, configuration).values()].filter(({ nodes }) => nodes.includes(node));
  const domains = domainsThere(source, facts.now);
  const running = domains.kind === 'proven' ? domains.value.map(({ name }) => name) : [];
  const names = [...new Set([...here.map(({ resource }) => resource), ...running])];
  if (names.length > 0)
    return blocker({
      figure: countWords(names.length, 'VM'),
      words: `${listWords(names)} ${names.length === 1 ? 'runs' : 'run'} on it.`,
      fix: 'Put it into maintenance until nothing runs there.',
      subjects: names,
    });
  if (source.status.status !== 'in-maintenance' || source.status.unknownSince !== null)
    return blocker({
      figure: 'not in maintenance',
      words: `${source.shownName} is not In maintenance.`,
      fix: 'Put it into maintenance first.',
      subjects: [node],
    });
  const record = answer.records.nodes[node]?.maintenance ?? null;
  const wasStopped = record?.isStopped === true && indexOf(answer).node(node)?.isOnline === false;
  if (domains.kind === 'proven' || isOff || wasStopped || source.host.reachability.kind !== 'reachable')
    return pass('empty');
  return unknown({
    figure: 'not known',
    words: line(`Whether libvirt still runs a VM there is not known: ${domains.because}`),
    fix: 'See to libvirt on the node, or power it off; then check again.',
    subjects: [node],
  });
}

/** A node that does not answer is removed only after proof that it is off, or the typed word of somebody who has seen it (R11). */
function poweredOff(facts: RemovalFacts, isOff: boolean, isReached: boolean): PreflightCheck {
  const { pass, blocker } = checkOf('powered-off', 'Reached, or proven off');
  if (isReached) return pass('reached');
  if (isOff) {
    const newest = newestFencing(facts.answer.fencing.filter(({ target }) => target === facts.node));
    return pass(newest !== undefined && isByPerson(newest.delegate) ? 'a person said so' : 'fenced');
  }
  return blocker({
    figure: 'not proven',
    words: `${facts.node} does not answer, and no fencing since it was last up proves that it is off. Should it still run, it is a cluster of its own from then on, with its disks.`,
    fix: 'Bring it back within reach, have it fenced, or look at the machine and type that it is powered off.',
    subjects: [facts.node],
    force: 'own-statement',
  });
}

function quorumAfterRemoving(facts: RemovalFacts): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('quorum-after', 'Quorum after the removal');
  const member = indexOf(facts.answer).node(facts.node);
  const isControl = facts.answer.members.find(({ name }) => name === facts.node)?.type !== 'remote';
  const after = quorumAfterRemoval({ isControl, isOnline: member?.isOnline === true }, votesOf(facts));
  const figure = quorumFigure(after);
  switch (after.kind) {
    case 'holds': {
      const cautions = [...after.cautions, ...(isControl ? thinness(after, votesOf(facts).controls - 1) : [])];
      if (cautions.length === 0) return pass(figure);
      return warning({ figure, words: cautions.map(sentence).join(' '), fix: 'Join another control node soon.' });
    }
    case 'lost':
      return blocker({
        figure,
        words: sentence(`without it the cluster has no quorum and stops every VM: ${after.because}`),
        fix: 'Bring the other control nodes back first, or join another.',
        subjects: [facts.node],
      });
    case 'unknown':
      return unknown({
        figure,
        words: sentence(`whether quorum holds after it is not known: ${after.because}`),
        fix: 'Look at corosync-quorumtool -s and corosync.conf, and check again.',
        subjects: [facts.node],
      });
    default:
      return after satisfies never;
  }
}

/** What the control nodes that are left cannot bear any more. */
function thinness(
  { votes, needed }: { readonly votes: number; readonly needed: number },
  controls: number,
): readonly string[] {
  if (controls === 1)
    return [
      'one control node is left: when that fails nothing decides any more, every VM stays as it is or down, and no node can be taken out of service',
    ];
  if (votes <= needed) return ['the loss of one more control node then stops every VM'];
  if (controls === 2)
    return [
      'two control nodes are left: when they lose sight of each other, each fences the other, and there is no third to lose',
    ];
  return [];
}

/** Pools that are not healthy, or of which nobody can tell: the specification's warning, and a statement of its own. */
function poolsOf(facts: RemovalFacts, isReached: boolean): PreflightCheck {
  const { pass, blocker, unknown } = checkOf('data-pools', 'Data pools healthy');
  const { pools, reachability } = sourceOf(facts).host;
  const fix = 'Contact support to assess the health of its data pools; do not remove it before.';
  if (pools.kind === 'none' && isReached) return pass('none');
  // What it said before it fell silent tells nothing of what became of it since (R17).
  if (!isReached) {
    const since = reachability.kind === 'unreachable' ? ` for ${ageWords(facts.now - reachability.since)}` : '';
    return unknown({
      figure: 'not known',
      words: `The state of its data pools is not known: it has not answered${since}.`,
      fix,
      subjects: [facts.node],
    });
  }
  const found = poolsFound(pools, facts.now);
  if (found.kind === 'unknown') return unknown({ figure: 'not known', words: found.words, fix });
  const { figure, bad, words, subjects } = found;
  return bad.length === 0 ? pass(figure) : blocker({ figure, words, fix, subjects });
}

function leftoverWords({ kind, resources, pattern, score, nodes }: ClusterConstraint, node: string): string {
  const what = pattern === null ? listWords(resources) : `resources by the pattern ${pattern}`;
  const also = nodes.filter((name) => name !== node);
  const more = also.length === 0 ? '' : `; it names ${listWords(also)} too`;
  if (kind !== 'location') return `${kind} of ${what}${more}`;
  if (score === null) return `${what}: a rule that names ${node}${more}`;
  const how =
    score <= -1_000_000 ? 'never on' : score < 0 ? 'rather not on' : score >= 1_000_000 ? 'always on' : 'prefers';
  return `${what}: ${how} ${node}${more}`;
}
