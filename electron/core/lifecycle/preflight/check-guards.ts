import type { ClusterNode, OperationRecord } from '#shared/model/cluster.ts';
import type { PreflightCheck } from '#shared/model/maintenance.ts';
import { commandWords, enteringCommands } from '#shared/model/operation.ts';
import { failedAttempts } from '../fencing.ts';
import { quorumAfterOff, type QuorumAfter, type Votes } from '../quorum.ts';
import { indexOf } from '../answer-index.ts';
import { outAhead } from './ahead.ts';
import { checkOf } from './check.ts';
import type { NodeInRegion, PlanFacts, PreflightFacts } from './facts.ts';
import { ageWords, countWords, line, listWords, sentence } from './words.ts';

/** What corosync counts with, of an answer, once every other operation has stopped the services that it is to stop. */
export function votesOf(facts: Pick<NodeInRegion, 'answer' | 'node'>): Votes {
  return votesLess(facts, stoppedBeside(facts).length);
}

function votesLess({ answer }: Pick<NodeInRegion, 'answer'>, off: number): Votes {
  const controls = answer.members.filter(({ type }) => type === 'member').length;
  const online = answer.nodes.filter(isVoter).length;
  const votes = answer.quorum.votes === null ? null : answer.quorum.votes - off;
  return { view: { ...answer.quorum, votes }, controls, online: online - off };
}

const isVoter = ({ type, isOnline }: ClusterNode): boolean => type === 'member' && isOnline;

/** Other control nodes that vote still, and whose services a recorded operation stops: of two that stop at once each would count the other. */
function stoppedBeside({ answer, node }: Pick<NodeInRegion, 'answer' | 'node'>): readonly string[] {
  const names = new Set(answer.records.operations.filter(endsServices).map((operation) => operation.node));
  return answer.nodes.filter((one) => isVoter(one) && one.name !== node && names.has(one.name)).map(({ name }) => name);
}

const endsServices = ({ command, choices }: OperationRecord): boolean =>
  command === 'stop-services' ||
  command === 'remove' ||
  (command === 'maintenance' && choices.stopsServices && !choices.movesOnlyWhatCan);

/** `2 of 3 votes`. */
export function quorumFigure(after: QuorumAfter): string {
  return after.kind === 'unknown' ? 'not known' : `${after.votes} of ${after.expected} votes`;
}

/**
 * Quorum once this node is powered off (R15). A node in standby still votes: as long as its services keep running it is only warned, since
 * whoever services a machine switches it off; where the services are stopped at the end, losing quorum is a blocker. Nodes that are taken
 * out before it are off by then, too, and those whose services another operation stops.
 */
export function quorumAfter(facts: NodeInRegion & Pick<PlanFacts, 'choices'>, stopsServices: boolean): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('quorum-after', 'Quorum without this node');
  const node = indexOf(facts.answer).node(facts.node);
  const isControl = node?.type !== 'remote';
  const others = [...new Set([...votingAhead(facts), ...stoppedBeside(facts)])];
  const after = quorumAfterOff({ isControl, isOnline: node?.isOnline === true }, votesLess(facts, others.length));
  const without = others.length === 0 ? 'it' : `it and ${listWords(others)}`;
  const figure = quorumFigure(after);
  const keepOn = 'Leave its power and its cluster services on, or bring another control node back first.';
  switch (after.kind) {
    case 'holds':
      if (after.cautions.length === 0) return pass(figure);
      return warning({
        figure,
        words: after.cautions.map(sentence).join(' '),
        fix: 'Bring it back before anything else is stopped.',
      });
    case 'lost': {
      const finding = {
        figure,
        words: sentence(`without ${without} the cluster loses quorum and stops every VM: ${after.because}`),
        fix: stopsServices ? `Do not stop its services. ${keepOn}` : `In standby it still votes. ${keepOn}`,
        subjects: [facts.node],
      };
      return stopsServices ? blocker(finding) : warning(finding);
    }
    case 'unknown': {
      const finding = {
        figure,
        words: sentence(`whether quorum holds without ${without} is not known: ${after.because}`),
        fix: stopsServices
          ? `Do not stop its services, or look at corosync-quorumtool -s.`
          : `In standby it still votes. ${keepOn}`,
        subjects: [facts.node],
      };
      return stopsServices ? unknown(finding) : warning(finding);
    }
    default:
      return after satisfies never;
  }
}

/** Control nodes ahead in the row whose votes count still. */
function votingAhead(facts: NodeInRegion & Pick<PlanFacts, 'choices'>): readonly string[] {
  const index = indexOf(facts.answer);
  return outAhead(facts)
    .map(({ name }) => index.node(name))
    .flatMap((node) => (node?.type === 'member' && node.isOnline ? [node.name] : []));
}

/** Nobody else has this node in hand, and no other operation counts on it. */
export function otherOperations(facts: NodeInRegion): PreflightCheck {
  const { pass, blocker, unknown } = checkOf('other-operations', 'Lock on this node');
  const { answer, node, ownOperation, lock, now } = facts;
  if (lock.kind === 'held')
    return blocker({
      figure: 'held',
      words: `${lock.owner} has held it for ${ageWords(now - lock.since)}, for ${lock.purpose}.`,
      fix: `Wait until that has ended, or ask ${lock.owner}.`,
      subjects: [lock.owner],
    });
  if (lock.kind === 'unknown')
    return unknown({
      figure: 'not known',
      words: line(`Whether somebody holds this node is not known: ${lock.because}`),
      fix: 'Check again.',
    });
  const recorded = answer.records.operations.find((one) => one.node === node && one.id !== ownOperation);
  if (recorded !== undefined) {
    const failed = recorded.failure === null ? '' : `; it failed: ${recorded.failure}`;
    const since = ageWords(now - recorded.startedAt);
    return blocker({
      figure: recorded.command,
      words: sentence(
        `${commandWords[recorded.command]} is recorded on it by ${recorded.owner}, ${since} ago${failed}`,
      ),
      fix: 'Continue it, roll it back, or wait until it has ended: it is under Operations.',
      subjects: [recorded.id],
      // A drain that is stuck is what Force is for.
      force: enteringCommands.has(recorded.command) ? 'overrides' : 'no',
    });
  }
  const unreadable = answer.records.unreadable.filter((id) => id === `rackside-op-${node}`);
  if (unreadable.length > 0)
    return unknown({
      figure: 'not known',
      words: 'A record of a newer Rackside is on this node, and what it says is not known.',
      fix: 'Use that newer version, or wait until its operation has ended.',
      subjects: unreadable,
    });
  return pass(lock.kind === 'ours' ? 'ours' : 'free');
}

/** A device that works and can fence this node: without it a crash during the maintenance recovers nothing. */
export function fencingWorks(facts: PreflightFacts): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('fencing-works', 'Fencing works');
  const { answer, fencing, node, now } = facts;
  if (!answer.isFencingEnabled)
    return blocker({
      figure: 'disabled',
      words:
        'Fencing is disabled in this cluster: a node that fails meanwhile is not isolated, and its VMs do not recover.',
      fix: 'Enable it: pcs property set stonith-enabled=true, with a device that works.',
    });
  if (fencing.length === 0)
    return blocker({
      figure: 'no device',
      words: 'The cluster has no fencing device.',
      fix: 'Create one that lists this node (pcs stonith create).',
    });
  const able = fencing.filter(({ monitor, lists }) => monitor === 'ok' && lists === 'yes');
  const figure =
    able.length === 0
      ? 'none'
      : listWords(
          able.map(({ device }) => device),
          2,
        );
  const [lastFailure] = failedAttempts(answer.fencing.filter(({ target }) => target === node));
  // Its monitor speaks of the device alone: whether it fences this node, its last try tells.
  if (able.length > 0 && lastFailure !== undefined) {
    const when = lastFailure.completedAt === null ? '' : `, ${ageWords(now - lastFailure.completedAt)} ago`;
    return warning({
      figure: 'failed',
      words: sentence(`The last fencing of ${node} failed${when}: ${lastFailure.exitReason || 'no reason was told'}`),
      fix: `Look at stonith_admin --history ${node} and mend what failed, before this node is relied on.`,
      subjects: able.map(({ device }) => device),
    });
  }
  if (able.length > 0) return pass(figure);
  const words = fencing.map(({ device, monitor, lists }) => {
    const matters = [
      monitor === 'failed' ? 'its monitor fails' : monitor === 'unknown' ? 'what its monitor says is not known' : '',
      lists === 'no' ? `it does not list ${node}` : lists === 'unknown' ? `whether it lists ${node} is not known` : '',
    ].filter((part) => part !== '');
    return line(`${device}: ${listWords(matters)}`);
  });
  const finding = {
    figure: `0 of ${countWords(fencing.length, 'device')}`,
    words: words.join(' '),
    fix: `Look at pcs stonith status and at stonith_admin --list ${node}; mend the device, then check again.`,
    subjects: fencing.map(({ device }) => device),
  };
  // It may be able to: only where each is known not to be, nothing can fence it.
  const isProven = fencing.every(({ monitor, lists }) => monitor === 'failed' || lists === 'no');
  return isProven ? blocker(finding) : unknown(finding);
}

/** Whether the cluster's own scheduler counts memory at all. */
export function placementUsesMemory({ configuration }: NodeInRegion): PreflightCheck {
  const { pass, warning } = checkOf('placement-uses-memory', 'Placement strategy uses memory');
  const { placementStrategy } = configuration;
  if (placementStrategy !== 'default' && placementStrategy !== '') return pass(placementStrategy);
  return warning({
    figure: 'default',
    words:
      'The cluster places VMs without counting memory: should a node fail meanwhile, its VMs may be started where they do not fit.',
    fix: 'Set placement-strategy=utilization, with the memory of nodes and VMs as utilization.',
  });
}
