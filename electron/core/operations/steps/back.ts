import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { OperationVm } from '#shared/model/operation.ts';
import { pinPath } from '../../cluster/writes/moves.ts';
import { readCluster, readConfigurationNow } from '../look.ts';
import { isOwnMark, markOf, resourceOf } from '../move-marks.ts';
import type { MoveResult } from '../move-result.ts';
import { moveVm } from '../move-vm.ts';
import { stepFailed } from '../run-steps.ts';
import { simulateNow, withoutHold, withoutPin } from '../simulate.ts';
import type { OperationContext, Step } from '../step.ts';
import { dropHold } from './hold.ts';
import { dropMaintenance } from './maintenance-record.ts';
import { requireQuiet } from './quiet-unstandby.ts';

/** Brings moves that are under way to their end, before anything is undone: each VM is back in the cluster's care (R31). */
export const settleMovesStep: Step = {
  id: 'settle-moves',
  title: 'Hand back VMs that move',
  isDone: async (context) => (await movesUnderWay(context)).length === 0,
  async act(context) {
    const unsettled: string[] = [];
    const cancelled = AbortSignal.abort();
    for (const { resource, domain, target } of await movesUnderWay(context)) {
      const move = { resource, domain, source: context.node, target: target ?? context.node };
      context.handle.vm(resource, { state: 'moving' });
      const result = await moveVm({ ...context, cancelled }, move);
      if (result.kind === 'unsettled') unsettled.push(`${domain}: ${result.because}`);
      // It is another process by now, which where it runs does not tell.
      const again = startedAgain(result, move.target);
      if (again !== undefined) context.handle.vm(resource, { ...again, progress: null, endedAt: context.clock.now() });
    }
    if (unsettled.length > 0) {
      stepFailed(
        `Not in the cluster’s care yet: ${unsettled.join('; ')}.`,
        'The cluster takes each of them back by itself, at the latest when its move’s time is over. Then roll back again.',
      );
    }
  },
  async verify(context) {
    const answer = await readCluster(context);
    for (const vm of context.handle.get().vms) {
      // Nobody will move what waited: it runs on here. What failed keeps its reason.
      if (vm.state === 'waiting') context.handle.vm(vm.resource, { state: 'stays' });
      if (vm.state === 'moving' || vm.state === 'handing-back')
        context.handle.vm(vm.resource, { ...endOf(vm, context, answer), progress: null, endedAt: context.clock.now() });
    }
    return 'every VM is in the cluster’s care';
  },
};

/** The row of a VM that was lost on its way and that the cluster has started again; `undefined`: its process is the same. */
function startedAgain(result: MoveResult, target: string): Partial<OperationVm> | undefined {
  if (result.kind === 'moved' && result.restarted !== undefined)
    return { state: 'restarted', target: result.on ?? target, detail: result.restarted };
  if (result.kind === 'stayed' && result.restarted === true) return { state: 'stays', detail: result.because };
  return undefined;
}

/** What became of a VM that was on its way, or stopped for its restart: by where it is now. */
function endOf(
  { resource, effect }: OperationVm,
  { node }: OperationContext,
  answer: ClusterAnswer,
): Partial<OperationVm> {
  const now = resourceOf(answer, resource);
  const [on] = now?.nodes ?? [];
  const isStopping = now?.role === 'Stopping' || now?.pending === 'Stopping';
  if (on === node && effect === 'restart-elsewhere' && isStopping)
    return { state: 'stopped', detail: 'the cluster stops it for its restart' };
  if (on === undefined) return { state: 'stopped', detail: 'it does not run at this moment' };
  if (on === node) return { state: 'stays', detail: '' };
  return { state: effect === 'live-migrate' ? 'moved' : 'restarted', target: on, detail: '' };
}

async function movesUnderWay(context: OperationContext) {
  const answer = await readCluster(context);
  return context.record().vms.flatMap((vm) => {
    const isUnderWay = isOwnMark(context, markOf(answer, vm.resource));
    const domain = answer.vms.find(({ resource }) => resource === vm.resource)?.domain ?? vm.resource;
    return isUnderWay ? [{ ...vm, domain }] : [];
  });
}

/** Drops what keeps VMs off the node, once that touches none that runs, and what says that it is in maintenance. */
export const dropTracesStep: Step = {
  id: 'drop-traces',
  title: 'Let VMs come here again',
  isDone: () => Promise.resolve(false),
  async act(context) {
    if (await isHeld(context)) {
      const { node } = context;
      const words = { what: `the rule that keeps VMs off ${node}`, stays: 'That rule still stands' };
      await requireQuiet(context, [withoutHold(node)], words);
      await dropHold(context);
    }
    await dropMaintenance(context);
  },
  async verify(context) {
    if (await isHeld(context))
      stepFailed(
        `The rule that keeps VMs off ${context.node} is still there.`,
        'Continue, or roll back, as before: it is dropped again.',
      );
    return '';
  },
};

async function isHeld(context: OperationContext): Promise<boolean> {
  const { constraints } = await readConfigurationNow(context);
  return constraints.some(({ id }) => id === `rackside-hold-${context.node}`);
}

/** Drops each pin of the plan whose absence moves nothing, by the cluster's own simulation; the others stay, and are told. */
export const dropPinsStep: Step = {
  id: 'drop-pins',
  title: 'Drop pins that nothing depends on',
  isDone: () => Promise.resolve(false),
  async act(context) {
    for (const resource of await pinsOf(context)) {
      const simulated = await simulateNow(context, [withoutPin(resource)]);
      if (simulated.kind === 'unknown' || simulated.actions.some((action) => action.resource === resource)) continue;
      await context.write.delete('drop-pins', pinPath(resource));
    }
  },
  async verify(context) {
    const kept = await pinsOf(context);
    for (const resource of kept) {
      context.handle.vm(resource, { detail: 'its pin is kept: without it the cluster would move it by itself' });
    }
    return kept.length === 0 ? 'none is left' : `kept for ${kept.join(', ')}`;
  },
};

async function pinsOf(context: OperationContext): Promise<readonly string[]> {
  const { constraints } = await readConfigurationNow(context);
  const ids = new Set(constraints.map(({ id }) => id));
  return context
    .record()
    .vms.map(({ resource }) => resource)
    .filter((resource) => ids.has(`rackside-move-${resource}`));
}
