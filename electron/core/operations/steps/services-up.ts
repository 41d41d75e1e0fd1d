import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { isOld, valueOf } from '#shared/model/reading.ts';
import { maintenanceRecord, onNode } from '../../cluster/writes/records.ts';
import { nodePath } from '../../cluster/writes/configuration.ts';
import { startLibvirt, startServices } from '../../cluster/writes/services.ts';
import type { RunOutcome, ShownCommand } from '../../cluster/writes/shown-command.ts';
import { fencedAt, newestFencing } from '../../lifecycle/fencing.ts';
import { hostPart } from '../../region/gather-facts.ts';
import { patienceOf, pauseOrCancel, readCluster, untilSo } from '../look.ts';
import { untilAnswered } from '../reach.ts';
import { CancelledByPerson, stepFailed } from '../run-steps.ts';
import type { OperationContext, Step } from '../step.ts';
import { memberOf } from './on-node.ts';

/** Longest start of Corosync and Pacemaker, or of a Worker's connection, until the cluster calls the node online. */
const upWithinMs = 240_000;
const answersWithinMs = 60_000;

/** Starts the cluster services and libvirt where they do not run, and opens a Worker's connection again. The node stays in standby. */
export const servicesUpStep: Step = {
  id: 'services',
  title: 'Start what was stopped',
  async isDone(context) {
    const answer = await readCluster(context);
    fencedBefore.set(context.handle, newestFencingOf(answer, context.node)?.completedAt ?? 0);
    return isUp(answer, context.node) && !(await isLibvirtDown(context));
  },
  async act(context) {
    const { node, write } = context;
    const answer = await readCluster(context);
    const member = memberOf(answer, node);
    if (!isUp(answer, node)) {
      await requireAnswer(context);
      const running = { isStopped: false, wasOff: false };
      // From here on nobody may take its silence for what was recorded (docs/status.md, line 9; R11).
      const record = answer.records.nodes[node]?.maintenance ?? null;
      if (record?.isStopped === true || record?.wasOff === true) {
        const changes = onNode(member, maintenanceRecord({ ...record, ...running, fencedAt: fencedAt(answer, node) }));
        await write.merge('services', changes, { requires: nodePath(member) });
      }
      await start(context, startServices(member.type), 'Its cluster services do');
      const connection = answer.resources.find(({ id }) => id === node);
      if (member.type === 'remote' && connection?.role !== 'Started')
        await write.option('services', { resource: node, name: 'target-role', value: null });
    }
    if (await isLibvirtDown(context)) await start(context, startLibvirt(), 'libvirt does');
  },
  async verify(context) {
    const { node, cancelled } = context;
    const answer = await untilSo(
      context,
      (seen) => isUp(seen, node) || fencedMeanwhile(context, seen) !== undefined || cancelled.aborted,
      {
        forMs: upWithinMs,
      },
    );
    if (cancelled.aborted) throw new CancelledByPerson();
    const fenced = fencedMeanwhile(context, answer ?? (await readCluster(context)));
    if (fenced !== undefined && (answer === undefined || !isUp(answer, node)))
      stepFailed(`${node} was fenced by ${fenced} on its way back.`, 'Find out why in the log of the cluster first.');
    if (answer === undefined)
      stepFailed(
        `The cluster does not call ${node} online ${upWithinMs / 1000} s after its services were started.`,
        'Look there with systemctl --failed, and at the log of Pacemaker; then continue, or roll back, as before.',
      );
    return 'the cluster calls it online';
  },
};

/** Up by the cluster's word, and not just leaving: whose services are stopping is online still for as long as that takes. */
function isUp(answer: ClusterAnswer, node: string): boolean {
  const seen = answer.nodes.find(({ name }) => name === node);
  return seen?.isOnline === true && !seen.isUnclean && !seen.isPending && !seen.isShuttingDown;
}

/** The newest fencing when the step began, by the cluster’s clock: one of before is why the node was out. */
const fencedBefore = new WeakMap<OperationContext['handle'], number>();

const newestFencingOf = ({ fencing }: ClusterAnswer, node: string) =>
  newestFencing(fencing.filter(({ target }) => target === node));

/** Who fenced the node since the step began. */
function fencedMeanwhile({ node, handle }: OperationContext, answer: ClusterAnswer): string | undefined {
  const newest = newestFencingOf(answer, node);
  return newest !== undefined && newest.completedAt > (fencedBefore.get(handle) ?? 0) ? newest.delegate : undefined;
}

/** Before anything is taken back: of a machine that is off it stays true that its services were stopped. @throws ProblemError `step-failed`. */
async function requireAnswer(context: OperationContext): Promise<void> {
  const { region, nodeId, node, clock, say } = context;
  const begun = clock.monotonic();
  for (;;) {
    const { reachability } = (await region.readNode(nodeId)).observation;
    if (reachability.kind === 'reachable') return say('');
    const because = reachability.kind === 'unreachable' ? reachability.problem.message : reachability.because;
    if (clock.monotonic() - begun >= answersWithinMs)
      stepFailed(
        `${node} does not answer this laptop, so nothing was started there: ${because}`,
        'Power it on and see to its network; then continue, or roll back, as before.',
      );
    say(`waits: ${because}`);
    await pauseOrCancel(context, 1500);
  }
}

/** Read just now, and down: what is not known is not started. */
async function isLibvirtDown({ region, nodeId, clock }: OperationContext): Promise<boolean> {
  const { libvirt } = hostPart(await region.readNode(nodeId));
  return !isOld(libvirt, clock.now()) && valueOf(libvirt) === 'down';
}

/** Starting is the same however often it is asked for; a lost answer is judged by what the cluster sees then. */
async function start(context: OperationContext, command: ShownCommand<RunOutcome>, what: string): Promise<void> {
  const { node, send, signal } = context;
  const outcome = await untilAnswered(() => send.toNode('services', node, command, signal), {
    ...patienceOf(context),
    forMs: answersWithinMs,
  });
  if (outcome.kind === 'ran' && outcome.exitStatus !== 0)
    stepFailed(
      `${what} not start on ${node} (status ${outcome.exitStatus}): ${outcome.stderr.trim() || 'systemd says no more'}.`,
      'Look at the journal of that unit on the node, mend it, then continue, or roll back, as before.',
    );
}
