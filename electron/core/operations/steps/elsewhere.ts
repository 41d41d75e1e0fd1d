import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { statusLabels } from '#shared/lifecycle/statuses.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { listWords } from '../../lifecycle/preflight/words.ts';
import { readCluster } from '../look.ts';
import { simulateNow } from '../simulate.ts';
import type { OperationContext, Step } from '../step.ts';
import { rowOf } from '../targets.ts';
import { pause } from '../time.ts';

/** Longest wait for the cluster to have taken in what was ended by force. */
export const settledWithinMs = 120_000;

/** How long nothing is to be under way before what does not run is told as down. */
const quietForMs = 6000;

/** What the cluster makes of the VMs that were ended: each runs elsewhere, or its scheduler has no node for it. */
export const elsewhereStep: Step = {
  id: 'elsewhere',
  title: 'VMs start elsewhere',
  isDone: () => Promise.resolve(false),
  act: () => Promise.resolve(),
  async verify(context) {
    const { handle, clock, record, saveRecord, region, node } = context;
    const answer = await untilStarted(context);
    const rows = region.rows();
    const runsOn = (resource: string): string | undefined => elsewhereOf(answer, resource, node);
    for (const { resource } of record().vms.filter(({ isDone }) => !isDone)) {
      const target = runsOn(resource);
      handle.vm(resource, {
        state: target === undefined ? 'stopped' : 'restarted',
        target: target ?? null,
        detail: target === undefined ? whyDown(answer, resource) : troubleOn(rows, target),
        endedAt: clock.now(),
      });
    }
    const stopped = record().vms.filter(({ resource }) => runsOn(resource) === undefined);
    await saveRecord(({ vms }) => ({ vms: vms.map((vm) => ({ ...vm, isDone: true })) }));
    // Each trouble once, with the VMs that have it.
    const byTrouble = Map.groupBy(record().vms, ({ resource }) => {
      const target = runsOn(resource);
      return target === undefined ? '' : troubleOn(rows, target);
    });
    const troubled = [...byTrouble]
      .filter(([trouble]) => trouble !== '')
      .map(([trouble, vms]) => `${listWords(vms.map(({ resource }) => resource))}: ${trouble}`);
    return [
      ...(stopped.length === 0
        ? []
        : [`${listWords(stopped.map(({ resource }) => resource))} ${stopped.length === 1 ? 'stays' : 'stay'} down`]),
      ...troubled,
    ].join('; ');
  },
};

/** The cluster goes by what it knows of a node, a person by more: where a VM came up on one that is not Active, it is said. Empty: nothing. */
function troubleOn(rows: readonly NodeRow[], target: string): string {
  const row = rowOf(rows, target);
  if (row === undefined) return '';
  const { status, reason, unknownSince } = row.status;
  if (unknownSince !== null) return `${target}'s status is not known now`;
  if (status === 'active') return '';
  return `${target} is ${statusLabels[status]}${reason === '' ? '' : ` (${reason})`}`;
}

/** Nobody starts again what the cluster does not know. */
function whyDown(answer: ClusterAnswer, resource: string): string {
  if (!answer.vms.some((vm) => vm.resource === resource)) return 'it was outside the cluster: nobody starts it again';
  return answer.resources.find(({ id }) => id === resource)?.isManaged === false
    ? 'the cluster does not manage it: nobody starts it again'
    : 'no node has room for it, or may run it';
}

/** Where a VM runs by now; `undefined`: not yet. For some seconds after a fencing the cluster still has it on the node that was fenced. */
function elsewhereOf({ resources }: ClusterAnswer, resource: string, node: string): string | undefined {
  const now = resources.find(({ id }) => id === resource);
  return now?.role === 'Started' && now.pending === undefined ? now.nodes.find((name) => name !== node) : undefined;
}

/** Reads until every VM runs, or until the scheduler has nothing more to do with those that do not. */
async function untilStarted(context: OperationContext): Promise<ClusterAnswer> {
  const { clock, record, signal, node } = context;
  const begun = clock.monotonic();
  let quietSince: number | null = null;
  for (;;) {
    const answer = await readCluster(context);
    const waiting = record().vms.filter(({ resource }) => elsewhereOf(answer, resource, node) === undefined);
    if (waiting.length === 0 || clock.monotonic() - begun >= settledWithinMs) return answer;
    const names = new Set(waiting.map(({ resource }) => resource));
    const isAtRest = answer.resources.every(({ id, role, pending }) => !names.has(id) || isStopped(role, pending));
    if (isAtRest) {
      const simulated = await simulateNow(context, []);
      const isOver = simulated.kind === 'simulated' && simulated.actions.every(({ resource }) => !names.has(resource));
      // Just after a fencing the cluster has not yet begun to look at what ran there: one quiet moment is none.
      quietSince = isOver ? (quietSince ?? clock.monotonic()) : null;
      if (quietSince !== null && clock.monotonic() - quietSince >= quietForMs) return answer;
    } else quietSince = null;
    await pause(clock, 1500, signal);
  }
}

const isStopped = (role: string, pending: string | undefined): boolean => role === 'Stopped' && pending === undefined;
