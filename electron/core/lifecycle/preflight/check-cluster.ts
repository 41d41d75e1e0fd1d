import { momentToken } from '#shared/model/moment.ts';
import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import type { PreflightCheck } from '#shared/model/maintenance.ts';
import { indexOf } from '../answer-index.ts';
import { outAhead } from './ahead.ts';
import { checkOf } from './check.ts';
import type { NodeInRegion, PlanFacts, PreflightNode } from './facts.ts';
import type { Plan } from './plan.ts';
import { countWords, line, listWords, sentence } from './words.ts';

/** Out of service by docs/status.md (R5). */
export const outOfService: ReadonlySet<NodeStatus> = new Set([
  'failed',
  'fenced',
  'unfencing',
  'entering-maintenance',
  'in-maintenance',
]);

export function moreThanOneNode({ nodes, node, answer }: NodeInRegion): PreflightCheck {
  const { pass, blocker } = checkOf('more-than-one-node', 'More than one node');
  const active = nodes.filter(({ status }) => status.status === 'active' && status.unknownSince === null);
  if (answer.nodes.length > 1) return pass(`${active.length.toLocaleString('en')} Active`);
  return blocker({
    figure: '1 node',
    words: `${node} is the only node of this cluster: nothing could run anywhere else.`,
    fix: 'Join another node first; keep at least two nodes in every cluster.',
    subjects: [node],
  });
}

/** The node that is acted on does not count against itself (R5); those that are taken out before it do. */
export function serviceLimit(facts: PlanFacts): PreflightCheck {
  const { nodes, node, answer } = facts;
  const { pass, blocker, unknown } = checkOf('service-limit', 'Service limit of the region');
  const limit = answer.records.maxOutOfService;
  const others = nodes.filter(({ name }) => name !== node);
  const recorded = new Set(
    answer.records.operations
      .filter(({ command }) => command === 'maintenance' || command === 'force-maintenance')
      .map((operation) => operation.node),
  );
  const isOut = ({ name, status }: (typeof others)[number]): boolean =>
    outOfService.has(status.status) || recorded.has(name);
  const now = others.filter(isOut);
  const ahead = outAhead(facts).filter((one) => !now.includes(one));
  const out = [...now, ...ahead];
  const unsure = others.filter((other) => other.status.unknownSince !== null && !out.includes(other));
  const figure = `${out.length} of ${limit} used`;
  if (out.length + 1 > limit) {
    const parts = [areWords(now, 'out of service'), areWords(ahead, 'taken out before this one')];
    const ways = [
      ...(ahead.length === 0 ? [] : ['leave this node out']),
      ...(now.length === 0 ? [] : [`activate ${now.length === 1 ? 'it' : 'one of them'} first`]),
    ];
    return blocker({
      figure,
      words: `${parts.filter((part) => part !== '').join(', ')}, and this region allows ${limit} at once.`,
      fix: sentence(`${ways.join(', ')}, or raise the limit in the region's settings`),
      subjects: out.map(({ name }) => name),
    });
  }
  if (out.length + unsure.length + 1 > limit)
    return unknown({
      figure,
      words: `Whether ${listWords(unsure.map(({ shownName }) => shownName))} ${unsure.length === 1 ? 'is' : 'are'} in service is not known now.`,
      fix: 'Wait until the cluster has answered for every node, and check again.',
      subjects: unsure.map(({ name }) => name),
    });
  return pass(figure);
}

function areWords(nodes: readonly PreflightNode[], what: string): string {
  if (nodes.length === 0) return '';
  return `${listWords(nodes.map(({ shownName }) => shownName))} ${nodes.length === 1 ? 'is' : 'are'} ${what}`;
}

/** A coordinator, nobody unclean or pending, no fencing and no transition under way. */
export function clusterSettled({ answer, node }: NodeInRegion): PreflightCheck {
  const { pass, blocker } = checkOf('cluster-settled', 'Cluster at rest');
  const unclean = answer.nodes.filter(({ isUnclean }) => isUnclean).map(({ name }) => name);
  const pending = answer.nodes.filter(({ isPending, isUnclean }) => isPending && !isUnclean).map(({ name }) => name);
  const leaving = answer.nodes.filter(({ isShuttingDown }) => isShuttingDown).map(({ name }) => name);
  const fenced = answer.fencing.filter(({ status }) => status === 'pending').map(({ target }) => target);
  const busy = answer.resources.filter(isMoving).map(({ id }) => id);
  const found = [
    { names: answer.dc === null ? ['the cluster'] : [], words: () => 'no coordinator (DC)' },
    { names: unclean, words: (names: string) => `UNCLEAN: ${names}` },
    { names: fenced, words: (names: string) => `fencing of ${names} is pending` },
    { names: pending, words: (names: string) => `joining (pending): ${names}` },
    { names: leaving, words: (names: string) => `shutting down: ${names}` },
    { names: busy, words: (names: string) => `the cluster is just acting on ${names}` },
  ].map(({ names, words }) => ({ names: [...new Set(names)], words }));
  const matters = found.filter(({ names }) => names.length > 0);
  if (matters.length === 0) return pass(`DC ${answer.dc ?? ''}`.trim());
  const subjects = [...new Set(matters.flatMap(({ names }) => names))];
  // What is stuck on this very node is what Force is for; what others are doing is not its to override.
  const own = new Set([node, ...answer.resources.filter(({ nodes }) => nodes.includes(node)).map(({ id }) => id)]);
  return blocker({
    figure: 'not settled',
    words: sentence(
      `${matters.map(({ names, words }) => words(listWords(names))).join('; ')}, as of ${momentToken(answer.readAt)}`,
    ),
    fix:
      unclean.length + fenced.length > 0
        ? 'Wait until fencing has ended; where it keeps failing, see to that node first.'
        : 'Wait a few seconds until the cluster has come to rest, and check again.',
    subjects,
    force: subjects.every((name) => own.has(name)) ? 'overrides' : 'no',
  });
}

const stepRoles: ReadonlySet<string> = new Set(['Starting', 'Stopping', 'Migrating', 'Promoting', 'Demoting']);

function isMoving({ role, pending }: { readonly role: string; readonly pending?: string }): boolean {
  return stepRoles.has(role) || (pending ?? '') !== '';
}

/** Nothing of what is moved, and not the cluster as a whole, is out of Pacemaker's care already. */
export function nothingUnmanaged(facts: NodeInRegion, plan: Plan, mayStay: boolean): PreflightCheck {
  const { pass, warning, blocker } = checkOf('nothing-unmanaged', 'Everything managed');
  const { answer, node } = facts;
  if (answer.isInMaintenanceMode)
    return blocker({
      figure: 'maintenance-mode',
      words:
        "The whole cluster is in Pacemaker's maintenance mode: it manages nothing, so no VM would be taken over or recovered.",
      fix: 'Switch it off first: pcs property set maintenance-mode=false.',
    });
  if (indexOf(answer).node(node)?.isInPacemakerMaintenance === true)
    return blocker({
      figure: 'maintenance',
      words: `Pacemaker's own maintenance mode is on for ${node}: its VMs run unmanaged there.`,
      fix: `Switch it off first: pcs node unmaintenance ${node}.`,
      subjects: [node],
    });
  const held = plan.here.flatMap((vm) => {
    const hold = plan.holds.get(vm.resource);
    return hold?.kind === 'unmanaged' ? [{ vm, hold }] : [];
  });
  if (held.length === 0) return pass('all here');
  const isMove = held.every(({ vm }) => vm.configuration?.caredForUntil !== null);
  const finding = {
    figure: countWords(held.length, 'VM'),
    words: held.map(({ vm, hold }) => line(`${vm.resource}: ${hold.because}`)).join(' '),
    fix: isMove
      ? 'Continue or roll back the operation that moves it, under Operations; one that nobody has any more ends by itself at that time, and the next move takes away what is left.'
      : 'Manage it again (pcs resource manage), once whoever took it out of the care of the cluster agrees.',
    subjects: held.map(({ vm }) => vm.resource),
    // A move that hangs is what Force is for; what a person unmanaged is not.
    force: isMove ? ('overrides' as const) : ('no' as const),
  };
  return mayStay ? warning({ ...finding, words: `${finding.words} It stays.` }) : blocker(finding);
}

export function noMassFailure({ brake, now }: NodeInRegion): PreflightCheck {
  const { pass, blocker } = checkOf('no-mass-failure', 'No mass failure');
  if (brake === null) return pass('none');
  if (brake.liftedUntil !== null && brake.liftedUntil > now) return pass('lifted');
  return blocker({
    figure: countWords(brake.nodes.length, 'node'),
    words: line(brake.words),
    fix: "Find out what they have in common before anything else is taken away; the banner's override lifts this by the region's name.",
    subjects: brake.nodes,
  });
}
