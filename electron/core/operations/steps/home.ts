import type { ClusterAnswer, RecordedVm } from '#shared/model/cluster.ts';
import { pinPath } from '../../cluster/writes/moves.ts';
import { forEachVm, together } from '../each-vm.ts';
import { readCluster, readWhereIs } from '../look.ts';
import { isOnlyOn, isOwnMark, markOf, resourceOf } from '../move-marks.ts';
import { cancelledMove, type MoveResult } from '../move-result.ts';
import { moveVm } from '../move-vm.ts';
import { CancelledByPerson, stepFailed } from '../run-steps.ts';
import { simulateNow, withoutPin } from '../simulate.ts';
import type { OperationContext, Step } from '../step.ts';
import { refreshTarget, rowOf, whyNotThere } from '../targets.ts';

/** Brings the VMs home that the maintenance moved away, each by a move of our own; its pin is dropped when it is there. */
export const homeStep: Step = {
  id: 'home',
  title: 'Bring the VMs home',
  isDone: (context) => Promise.resolve(pendingOf(context).length === 0),
  async act(context) {
    const failures = await forEachVm(context, pendingOf(context), (vm) => bringHome(context, vm));
    if (context.cancelled.aborted) throw new CancelledByPerson();
    if (failures.length > 0)
      stepFailed(
        together(failures),
        'The node is Active. Continue: they are tried again; or roll back: they stay where they run.',
      );
  },
  verify(context) {
    const home = context.handle.get().vms.filter(({ state }) => state === 'moved' || state === 'restarted').length;
    return Promise.resolve(home === 0 ? 'none had to be moved' : `${home} at home`);
  },
};

/** VMs that are to come home, and are not there yet. */
function pendingOf({ record, node }: OperationContext): readonly RecordedVm[] {
  return record().vms.filter(({ effect, isDone, target }) => effect === 'live-migrate' && !isDone && target === node);
}

/** @returns why it stayed, as a sentence; `undefined` when it is at home, or ended. */
async function bringHome(context: OperationContext, { resource }: RecordedVm): Promise<string | undefined> {
  const { handle, clock, node } = context;
  const answer = await readWhereIs(context, resource, node);
  const domain = answer.vms.find((vm) => vm.resource === resource)?.domain ?? resource;
  const isUnderWay = isOurs(context, answer, resource);
  const source = sourceOf(answer, resource, node);
  const stays = (because: string, where = 'where it was'): string => {
    handle.vm(resource, { state: 'failed', detail: because, progress: null, endedAt: clock.now() });
    return `${domain} did not come home and runs ${where}: ${because}.`;
  };
  if (!isUnderWay) {
    const now = resourceOf(answer, resource);
    if (now === undefined || now.nodes.length === 0) {
      await done(context, resource, { state: 'stopped', detail: 'it does not run any more' });
      return undefined;
    }
    if (isOnlyOn(now, node)) {
      await arrived(context, resource);
      return undefined;
    }
    await refreshTarget(context, node);
    const against = source === undefined ? 'it is on several nodes' : whyNotHome(context, answer, resource, source);
    if (against !== undefined) return stays(against);
  }
  handle.vm(resource, {
    state: 'moving',
    target: node,
    startedAt: clock.now(),
    endedAt: null,
    detail: '',
    progress: null,
  });
  const result = await moveVm(context, { resource, domain, source: source ?? node, target: node });
  if (result.kind === 'moved') {
    if (!isHome(result, node)) return stays(result.restarted ?? '', `on ${result.on ?? ''}`);
    await arrived(context, resource, result.restarted);
    return undefined;
  }
  if (result.kind === 'stayed' && context.cancelled.aborted) {
    // What was cancelled has not failed: it stays, as was asked for.
    handle.vm(resource, { state: 'stays', detail: cancelledMove, progress: null, endedAt: clock.now() });
    return undefined;
  }
  if (result.kind === 'stayed')
    return stays(result.because, result.restarted === true ? 'again where it was' : undefined);
  handle.vm(resource, { state: 'failed', detail: result.because, progress: null, endedAt: clock.now() });
  return `${domain} did not come home and is not in the cluster’s care now: ${result.because}.`;
}

/** Judged again at the moment of the move (R4): room here, and nobody else who has the VM or its node in hand. */
function whyNotHome(
  context: OperationContext,
  answer: ClusterAnswer,
  resource: string,
  source: string,
): string | undefined {
  const other = rowOf(context.region.rows(), source);
  if (other !== undefined && other.operation !== null) return `an operation is under way on ${source}`;
  return whyNotThere(context, answer, resource, context.node);
}

const isOurs = (context: OperationContext, answer: ClusterAnswer, resource: string): boolean =>
  isOwnMark(context, markOf(answer, resource));

/** Where the VM comes from: the one node that it is on beside its home. Home itself: it has arrived there, and is handed back there. */
function sourceOf(answer: ClusterAnswer, resource: string, home: string): string | undefined {
  const others = (resourceOf(answer, resource)?.nodes ?? []).filter((name) => name !== home);
  return others.length > 1 ? undefined : others[0];
}

/** Whether it is at home: one that was lost on its way is where the cluster has started it again. */
const isHome = ({ on }: Extract<MoveResult, { readonly kind: 'moved' }>, home: string): boolean =>
  on === undefined || on === home;

/** At home its pin is needed no more, unless the cluster would take it away again without it. */
async function arrived(context: OperationContext, resource: string, restarted?: string): Promise<void> {
  const simulated = await simulateNow(context, [withoutPin(resource)]);
  // A pin that is not there cannot be simulated away, and need not be.
  const isQuiet = simulated.kind === 'simulated' && !simulated.actions.some((action) => action.resource === resource);
  if (isQuiet) await context.write.delete('home', pinPath(resource));
  await done(context, resource, { state: restarted === undefined ? 'moved' : 'restarted', detail: restarted ?? '' });
}

async function done(
  context: OperationContext,
  resource: string,
  change: { readonly state: 'moved' | 'restarted' | 'stopped'; readonly detail: string },
): Promise<void> {
  const { handle, clock, saveRecord } = context;
  handle.vm(resource, { ...change, progress: null, endedAt: clock.now() });
  await saveRecord(({ vms }) => ({
    vms: vms.map((vm) => (vm.resource === resource ? { ...vm, isDone: true } : vm)),
  }));
}

/** VMs whose way home had lost them and that the cluster has started again, which where they run does not tell; with the reason. */
const startedAgain = new WeakMap<OperationContext['handle'], ReadonlyMap<string, string>>();

/** Brings moves home that are under way to their end: each VM is back in the cluster's care (R31). No other is begun. */
export const settleHomeStep: Step = {
  id: 'settle-home',
  title: 'Hand back VMs that move',
  async isDone(context) {
    const answer = await readCluster(context);
    return !pendingOf(context).some(({ resource }) => isOurs(context, answer, resource));
  },
  async act(context) {
    const unsettled: string[] = [];
    const again = new Map<string, string>();
    startedAgain.set(context.handle, again);
    const answer = await readCluster(context);
    const cancelled = AbortSignal.abort();
    for (const { resource } of pendingOf(context).filter((vm) => isOurs(context, answer, vm.resource))) {
      const domain = answer.vms.find((vm) => vm.resource === resource)?.domain ?? resource;
      const source = sourceOf(answer, resource, context.node) ?? context.node;
      const result = await moveVm({ ...context, cancelled }, { resource, domain, source, target: context.node });
      if (result.kind === 'moved' && isHome(result, context.node)) await arrived(context, resource, result.restarted);
      else if (result.kind === 'moved') again.set(resource, result.restarted ?? '');
      if (result.kind === 'stayed' && result.restarted === true) again.set(resource, result.because);
      if (result.kind === 'unsettled') unsettled.push(`${domain}: ${result.because}`);
    }
    if (unsettled.length > 0)
      stepFailed(
        `Not in the cluster’s care yet: ${unsettled.join('; ')}.`,
        'The cluster takes each of them back by itself, at the latest when its move’s time is over. Then roll back again.',
      );
  },
  async verify(context) {
    const answer = await readCluster(context);
    for (const { resource } of pendingOf(context)) {
      const at = resourceOf(answer, resource)?.nodes[0];
      const words = [at === undefined ? '' : `stays on ${at}`, startedAgain.get(context.handle)?.get(resource) ?? ''];
      const detail = words.filter((part) => part !== '').join('; ');
      context.handle.vm(resource, { state: 'stays', progress: null, detail });
    }
    return 'every VM is in the cluster’s care';
  },
};
