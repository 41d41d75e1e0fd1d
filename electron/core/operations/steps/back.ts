import { pinPath } from '../../cluster/writes/moves.ts';
import { readCluster, readConfigurationNow } from '../look.ts';
import { isOwnMark, markOf } from '../move-marks.ts';
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
      const result = await moveVm({ ...context, cancelled }, move);
      if (result.kind === 'unsettled') unsettled.push(`${domain}: ${result.because}`);
    }
    if (unsettled.length > 0) {
      stepFailed(
        `Not in the cluster’s care yet: ${unsettled.join('; ')}.`,
        'The cluster takes each of them back by itself, at the latest when its move’s time is over. Then roll back again.',
      );
    }
  },
  verify(context) {
    // Nobody will move what waited: it runs on here. What failed keeps its reason.
    for (const { resource, state } of context.handle.get().vms)
      if (state === 'waiting') context.handle.vm(resource, { state: 'stays' });
    return Promise.resolve('every VM is in the cluster’s care');
  },
};

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
      stepFailed(`The rule that keeps VMs off ${context.node} is still there.`, 'Continue: it is dropped again.');
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
