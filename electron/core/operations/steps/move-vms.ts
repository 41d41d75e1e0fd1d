import type { ClusterAnswer, RecordedVm } from '#shared/model/cluster.ts';
import type { OperationVm } from '#shared/model/operation.ts';
import { pin, vmPath } from '../../cluster/writes/moves.ts';
import { forEachVm, together } from '../each-vm.ts';
import { readCluster, readWhereIs, untilSo } from '../look.ts';
import { isOnline, isOnlyOn, isOwnMark, markOf, resourceOf } from '../move-marks.ts';
import { cancelledMove, type MoveResult } from '../move-result.ts';
import { moveVm } from '../move-vm.ts';
import { CancelledByPerson, stepFailed } from '../run-steps.ts';
import { simulatePin } from '../simulate.ts';
import { deathOf } from '../source-death.ts';
import type { OperationContext, Step } from '../step.ts';
import { refreshTarget, whyNotThere } from '../targets.ts';
import { writeHold } from './hold.ts';
import { vmsOn } from './on-node.ts';

/** Longest stop of a VM that ignores the wish, and its start on the other node. */
const restartedWithinMs = 300_000;

/** Moves the VMs of the plan away, each by a move of our own, and restarts elsewhere those whose row was ticked (R9). */
export const moveVmsStep: Step = {
  id: 'move',
  title: 'Move the VMs',
  // What has left is noted by `act`, which looks twice: one look may fall into somebody's refresh, when a VM is nowhere.
  isDone: (context) => Promise.resolve(pendingOf(context).length === 0),
  async act(context) {
    const failures = await forEachVm(context, pendingOf(context), async (vm) => {
      const failure = await moveOne(context, vm);
      if (failure === undefined && !context.cancelled.aborted) await writeHold(context);
      return failure;
    });
    if (context.cancelled.aborted) throw new CancelledByPerson();
    if (failures.length > 0) {
      stepFailed(together(failures), 'Look at the reason, then continue: they are tried again; or roll back.');
    }
  },
  async verify(context) {
    const here = new Set(vmsOn(await readCluster(context), context.node));
    const left = pendingOf(context).filter(({ resource }) => here.has(resource));
    if (left.length > 0) {
      stepFailed(
        `${left.map(({ resource }) => resource).join(', ')} ${left.length === 1 ? 'is' : 'are'} on ${context.node} still, or again.`,
        'Continue: what is still there is moved.',
      );
    }
    const moved = context.handle.get().vms.filter(({ state }) => state === 'moved' || state === 'restarted').length;
    return moved === 0 ? 'nothing to move' : `${moved} moved`;
  },
};

/** What the plan moves or restarts, and has not yet. */
function pendingOf({ record }: OperationContext): readonly RecordedVm[] {
  return record().vms.filter(
    ({ effect, isDone }) => !isDone && (effect === 'live-migrate' || effect === 'restart-elsewhere'),
  );
}

/** Moves one VM. @returns why it stayed, as a sentence; `undefined` when it has left. */
async function moveOne(context: OperationContext, vm: RecordedVm): Promise<string | undefined> {
  const { handle, clock, node } = context;
  const { resource } = vm;
  const answer = await readWhereIs(context, resource, node);
  const now = resourceOf(answer, resource);
  const domain = answer.vms.find((one) => one.resource === resource)?.domain ?? resource;
  const isOurs = isOwnMark(context, markOf(answer, resource));
  const isHere = now?.nodes.includes(node) === true && isOnline(answer, node);
  const death = isOurs || isHere ? undefined : deathOf(context, answer);
  if (death !== undefined)
    return endedWithNode(
      context,
      vm,
      domain,
      now?.nodes.find((name) => name !== node),
      death,
    );
  if (!isOurs && (now === undefined || !now.nodes.includes(node))) {
    // It has left already: by an earlier run of this step, or it ended.
    const isElsewhere = now !== undefined && now.nodes.length > 0;
    const isRestart = vm.effect === 'restart-elsewhere';
    // Stopped here for its restart, it is not done with before it has started.
    if (isRestart && !isElsewhere && vm.target !== null)
      return told(context, vm, domain, vm.target, await startedOn(context, resource, vm.target));
    await done(context, vm, {
      state: !isElsewhere ? 'stopped' : isRestart ? 'restarted' : 'moved',
      detail: isElsewhere ? '' : 'it does not run any more',
      ...(isElsewhere ? { target: now.nodes[0] ?? vm.target } : {}),
    });
    return undefined;
  }
  // Last: a laptop may have slept while the cluster was asked.
  if (vm.target !== null) await refreshTarget(context, vm.target);
  const target = targetOf(context, answer, vm, isOurs);
  if (typeof target !== 'string') {
    handle.vm(resource, { state: 'failed', detail: target.because, endedAt: clock.now() });
    return `${domain} was not moved: ${target.because}.`;
  }
  handle.vm(resource, { state: 'moving', target, startedAt: clock.now(), endedAt: null, detail: '', progress: null });
  const result =
    vm.effect === 'live-migrate'
      ? await moveVm(context, { resource, domain, source: node, target })
      : await restartElsewhere(context, resource, target);
  if (result.kind === 'stayed' && result.restarted !== true) {
    // Its node may have died since it was looked at: then it runs no more where it was.
    const after = await readCluster(context);
    const died = isOnline(after, node) ? undefined : deathOf(context, after);
    const on = resourceOf(after, resource)?.nodes.find((name) => name !== node);
    if (died !== undefined) return endedWithNode(context, vm, domain, on, died);
  }
  return told(context, vm, domain, target, result);
}

/** A VM that ran on the node when that died. @returns why it is not done with, as a sentence; `undefined`: it runs elsewhere. */
async function endedWithNode(
  context: OperationContext,
  vm: RecordedVm,
  domain: string,
  on: string | undefined,
  death: string,
): Promise<string | undefined> {
  if (on !== undefined) {
    await done(context, vm, { state: 'restarted', detail: `${death}: the cluster started it again`, target: on });
    return undefined;
  }
  const because = `${death}: the cluster has not started it elsewhere yet`;
  context.handle.vm(vm.resource, { state: 'failed', detail: because, endedAt: context.clock.now() });
  return `${domain} was not moved: ${because}.`;
}

/** Notes how a VM's move ended. @returns why it stayed, as a sentence; `undefined` when it has left. */
async function told(
  context: OperationContext,
  vm: RecordedVm,
  domain: string,
  target: string,
  result: MoveResult,
): Promise<string | undefined> {
  const { handle, clock } = context;
  const { resource, effect } = vm;
  switch (result.kind) {
    case 'moved': {
      const isLive = effect === 'live-migrate' && result.restarted === undefined;
      const state = isLive ? 'moved' : 'restarted';
      await done(context, vm, { state, detail: result.restarted ?? '', target: result.on ?? target });
      return undefined;
    }
    case 'stayed':
    case 'unsettled': {
      // What was cancelled has not failed: it stays, as was asked for.
      const isWanted = result.kind === 'stayed' && context.cancelled.aborted;
      const state = isWanted ? 'stays' : 'failed';
      handle.vm(resource, {
        state,
        detail: isWanted ? cancelledMove : result.because,
        progress: null,
        endedAt: clock.now(),
      });
      if (result.kind === 'unsettled' && effect === 'restart-elsewhere')
        return `${domain} was stopped for its restart and does not run yet: ${result.because}.`;
      const where =
        result.kind === 'unsettled'
          ? 'is not in the cluster’s care now'
          : `${result.restarted === true ? 'was started again' : 'runs on'} where it was`;
      return `${domain} was not moved and ${where}: ${result.because}.`;
    }
  }
}

async function done(context: OperationContext, vm: RecordedVm, change: Partial<OperationVm>): Promise<void> {
  const { handle, clock, saveRecord } = context;
  handle.vm(vm.resource, { ...change, progress: null, endedAt: clock.now() });
  const target = change.target ?? vm.target;
  await saveRecord(({ vms }) => ({
    vms: vms.map((one) => (one.resource === vm.resource ? { ...one, target, isDone: true } : one)),
  }));
}

/** The planned target, judged again at the moment of the move (R4). */
function targetOf(
  context: OperationContext,
  answer: ClusterAnswer,
  { resource, target }: RecordedVm,
  isUnderWay: boolean,
): string | { readonly because: string } {
  if (target === null) return { because: 'the plan names no target' };
  const because = isUnderWay ? undefined : whyNotThere(context, answer, resource, target);
  return because === undefined ? target : { because };
}

/** Lets the cluster stop the VM here and start it on its target, after its own simulation showed that nothing else is touched. */
async function restartElsewhere(context: OperationContext, resource: string, target: string): Promise<MoveResult> {
  const pinned = await simulatePin(context, resource, target);
  if (pinned.kind === 'not-kept') return { kind: 'stayed', because: pinned.because };
  const vms = new Set((context.region.answer()?.vms ?? []).map((vm) => vm.resource));
  const others = pinned.actions.filter((action) => vms.has(action.resource) && action.resource !== resource);
  if (others.length > 0)
    return {
      kind: 'stayed',
      because: `its restart would touch ${[...new Set(others.map((one) => one.resource))].join(', ')} too`,
    };
  await context.write.merge('move', pin(resource, target), { requires: vmPath(resource) });
  return startedOn(context, resource, target);
}

/** Waits until the cluster has started it there. */
async function startedOn(context: OperationContext, resource: string, target: string): Promise<MoveResult> {
  const answer = await untilSo(
    context,
    (seen) => {
      const now = resourceOf(seen, resource);
      return now?.role === 'Started' && now.pending === undefined && isOnlyOn(now, target);
    },
    { forMs: restartedWithinMs, everyMs: 2000 },
  );
  return answer === undefined
    ? { kind: 'unsettled', because: `the cluster has not started it on ${target} within five minutes` }
    : { kind: 'moved' };
}
