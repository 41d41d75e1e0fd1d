import type { ClusterAnswer, RecordedUndo } from '#shared/model/cluster.ts';
import type { ClusterConfiguration } from '#shared/model/configuration.ts';
import { confirmOff, fence } from '../../cluster/writes/fencing.ts';
import { destroyDomains } from '../../cluster/writes/services.ts';
import { pinName } from '../../cluster/writes/moves.ts';
import { pauseOrCancel, readCluster, readConfigurationNow, untilSo } from '../look.ts';
import { markOf } from '../move-marks.ts';
import { settleMarked } from '../move-vm.ts';
import { isLost } from '../reach.ts';
import { stepFailed } from '../run-steps.ts';
import { isByPerson, newestFencing } from '../../lifecycle/fencing.ts';
import { fencingsOverAt, isFencingOver } from '../../lifecycle/proven-off.ts';
import { isFencedSince, isFencedWithin } from '../source-death.ts';
import type { OperationContext, Step } from '../step.ts';
import { settledWithinMs } from './elsewhere.ts';
import { tickedVms } from './forced-standby.ts';
import { domainsNow, foreignResourcesOn, vmsOn } from './on-node.ts';

/**
 * Moves that are under way on the node, or were when it died, are brought to their end first: a VM that nobody manages is started twice by what
 * follows, or by nobody.
 */
export const settleForeignMovesStep: Step = {
  id: 'settle-moves',
  title: 'End moves that are under way',
  isDone: async (context) => markedVms(context, await readCluster(context)).length === 0,
  async act(context) {
    const answer = await readCluster(context);
    const { constraints } = await readConfigurationNow(context);
    const { node } = context;
    for (const { resource, mark } of markedVms(context, answer)) {
      const domain = answer.vms.find((vm) => vm.resource === resource)?.domain ?? resource;
      const pinned = constraints.find(({ id }) => id === pinName(resource))?.nodes[0];
      const move = { resource, domain, source: node, target: pinned ?? node };
      const result = await settleMarked({ ...context, cancelled: AbortSignal.abort() }, move, mark);
      if (result.kind !== 'moved') continue;
      const target = result.on ?? move.target;
      // Marked, and never begun: it is here still, and is ended like the others.
      if (target === node) continue;
      // It is where it was to go, or where the cluster has started it again: nothing is left to do with it.
      const state = result.restarted === undefined ? 'moved' : 'restarted';
      context.handle.vm(resource, { state, target, detail: result.restarted ?? '', endedAt: context.clock.now() });
      await context.saveRecord(({ vms }) => ({
        vms: vms.map((vm) => (vm.resource === resource ? { ...vm, target, isDone: true } : vm)),
      }));
    }
  },
  async verify(context) {
    const left = markedVms(context, await readCluster(context)).map(({ resource }) => resource);
    if (left.length > 0) stepFailed(`${left.join(', ')} still move.`, 'Continue when they are at rest.');
    return 'no move is under way';
  },
};

/** VMs that a move has in hand: of those that the cluster has on the node, and of the plan's, which a node that died has no more. */
function markedVms({ node, record }: OperationContext, answer: ClusterAnswer) {
  const names = new Set([...vmsOn(answer, node), ...record().vms.map(({ resource }) => resource)]);
  return [...names].flatMap((resource) => {
    const mark = markOf(answer, resource);
    return mark === undefined ? [] : [{ resource, mark }];
  });
}

/**
 * The VMs on the node are not to be migrated, or the standby would migrate them: what allowed it is noted in the record before it is
 * changed, so that whoever goes on puts it back (recipe: docs/operations.md).
 */
export const forbidMigrationStep: Step = {
  id: 'forbid-migration',
  title: 'No migration from here',
  isDone: () => Promise.resolve(false),
  async act(context) {
    const { record, saveRecord, node, write } = context;
    const configuration = await readConfigurationNow(context);
    // What came after it was confirmed has no ticked line: the standby may migrate it (R9).
    const ticked = tickedVms(context);
    const here = toForbid(configuration, await readCluster(context), node, record().undo);
    const undo = here.filter(({ resource }) => ticked.has(resource));
    if (undo.length > 0) await saveRecord((old) => ({ undo: [...old.undo, ...undo] }));
    for (const { resource } of record().undo.filter(isThere(configuration)))
      await write.option('forbid-migration', { resource, name: 'allow-migrate', value: 'false' });
  },
  verify: async ({ record }) => `${record().undo.length} changed, put back at the end`,
};

/** The cluster has its resource still: a write to one that somebody deleted meanwhile is refused, each time again. */
const isThere =
  ({ vms }: Pick<ClusterConfiguration, 'vms'>) =>
  ({ resource }: Pick<RecordedUndo, 'resource'>): boolean =>
    vms.some((vm) => vm.resource === resource);

/** What allows the VMs there to migrate, as it is before it is changed; what is noted already is not noted again. */
export function toForbid(
  { vms }: Pick<ClusterConfiguration, 'vms'>,
  answer: ClusterAnswer,
  node: string,
  noted: readonly RecordedUndo[],
): readonly RecordedUndo[] {
  const here = new Set(vmsOn(answer, node));
  return vms
    .filter(({ resource, allowMigrate }) => here.has(resource) && allowMigrate !== 'false')
    .filter(({ resource }) => noted.every((one) => one.resource !== resource))
    .map(({ resource, allowMigrate }) => ({ kind: 'allow-migrate', resource, value: allowMigrate }));
}

/** Puts back what `forbidMigrationStep` changed. */
export const restoreMigrationStep: Step = {
  id: 'restore-migration',
  title: 'Allow migration again',
  isDone: async ({ record }) => record().undo.length === 0,
  async act(context) {
    const { record, saveRecord, write } = context;
    const { undo } = record();
    // A VM whose resource is gone has nothing left to put back.
    const left = undo.filter(isThere(await readConfigurationNow(context)));
    for (const { kind, resource, value } of left)
      await write.option('restore-migration', { resource, name: kind, value });
    const now = new Map((await readConfigurationNow(context)).vms.map((vm) => [vm.resource, vm.allowMigrate]));
    const wrong = undo.filter(({ resource, value }) => now.has(resource) && now.get(resource) !== value);
    if (wrong.length > 0)
      stepFailed(
        `${wrong.map(({ resource }) => resource).join(', ')} may not migrate yet.`,
        'Continue: it is put back.',
      );
    // Only what was read to be back is forgotten.
    await saveRecord(() => ({ undo: [] }));
  },
  verify: async ({ record }) => (record().undo.length === 0 ? 'as it was before' : ''),
};

/** How long the cluster may take to begin its stops once the standby is written; then the VMs are ended all the same. */
const stopsBeginWithinMs = 30_000;

/**
 * Ends the VMs there whose lines were ticked, and no other (R9), each once the cluster stops it: so its stop succeeds at once, and nothing is
 * counted as failed. One that was ended before is found dead by its monitor, which counts as a failure of this node. What came meanwhile is
 * left to the cluster; where it stays, it is named.
 */
export const endVmsStep: Step = {
  id: 'end-vms',
  title: 'End the VMs here',
  async isDone(context) {
    const domains = await domainsNow(context);
    return domains.kind === 'read' && domains.names.length === 0;
  },
  async act(context) {
    const { clock, node, send, signal } = context;
    const begun = clock.monotonic();
    for (;;) {
      const answer = await readCluster(context);
      const running = await domainsToEnd(context, answer);
      const isLate = clock.monotonic() - begun >= stopsBeginWithinMs;
      const ready = running.filter(({ resource }) => isLate || !isKept(answer, resource, node));
      if (ready.length > 0) {
        const names = ready.map(({ domain }) => domain);
        await send.toNode('end-vms', node, destroyDomains(names), signal);
      }
      if (ready.length === running.length) return;
      context.say('waits: the cluster begins to stop them');
      await pauseOrCancel(context, 500);
    }
  },
  async verify(context) {
    const { node } = context;
    const answer = await untilSo(context, (seen) => foreignResourcesOn(seen, node).length === 0, {
      forMs: settledWithinMs,
    });
    if (answer === undefined) {
      const left = foreignResourcesOn(await readCluster(context), node);
      stepFailed(`The cluster still has ${left.join(', ')} on ${node}.`, 'Look at the cluster’s log, then continue.');
    }
    const domains = await domainsNow(context);
    if (domains.kind === 'read' && domains.names.length > 0)
      stepFailed(
        `libvirt on ${node} still runs ${domains.names.join(', ')}. Only what was confirmed is ended: what came meanwhile was not.`,
        'End it by hand and continue; or force again: then it has a line of its own.',
      );
    return 'ended here';
  },
};

/** What libvirt runs there of what the plan has a ticked line for: VMs of the cluster, and domains outside of it, which have no resource. */
async function domainsToEnd(context: OperationContext, { vms }: ClusterAnswer) {
  const domains = await domainsNow(context);
  if (domains.kind === 'unknown')
    stepFailed(
      `libvirt on ${context.node} does not say what runs there: ${domains.because}.`,
      'Continue when it answers, or force again: then the node is fenced.',
    );
  const ticked = tickedVms(context);
  const resourceOf = new Map(vms.map(({ resource, domain }) => [domain, resource]));
  return domains.names
    .map((domain) => ({ domain, resource: resourceOf.get(domain) ?? domain }))
    .filter(({ resource }) => ticked.has(resource));
}

/** The cluster has the VM there, and has not begun to stop it, though it will: its monitor would find it dead. */
function isKept({ resources }: ClusterAnswer, resource: string, node: string): boolean {
  return resources.some(
    ({ id, nodes, role, isManaged, isBlocked }) =>
      id === resource && nodes.includes(node) && isManaged && !isBlocked && role !== 'Stopping',
  );
}

/** Longest fencing, its retries included. */
const fencedWithinMs = 180_000;

/**
 * Fences a node that does not answer: nothing of it may run on while its VMs are started elsewhere. Off is believed by the fence history of a
 * fresh read alone (R11); where no device can do it, by what a person typed, after the node was found silent once more (R13).
 */
export const fenceStep: Step = {
  id: 'fence',
  title: 'Fence the node',
  isDone: async (context) => isOff(context),
  async act(context) {
    const { node, record, send, signal, say } = context;
    const domains = await domainsNow(context);
    if (domains.kind === 'read')
      stepFailed(
        `${node} answers again: libvirt runs ${domains.names.length === 0 ? 'nothing' : domains.names.join(', ')} there.`,
        'Nothing was fenced. Force again: its VMs are then ended there, without fencing it.',
      );
    say('asks the fencing devices');
    await send.toControl('fence', fence(node, 'off'), signal).catch((error: unknown) => {
      // How it went is read from the history, not from an answer that was lost.
      if (!isLost(error)) throw error;
    });
    if (await isOff(context)) return;
    if (!record().choices.isStatedOff) return;
    const again = await domainsNow(context);
    if (again.kind === 'read') stepFailed(`${node} answers again.`, 'It is not powered off: look at it.');
    await requireSilent(context);
    say('no device could fence it: a person typed that it is off');
    await send.toControl('fence', confirmOff(node), signal);
  },
  async verify(context) {
    const begun = context.clock.monotonic();
    while (context.clock.monotonic() - begun < fencedWithinMs) {
      if (await isOff(context)) {
        const { fencing } = await readCluster(context);
        const newest = newestFencing(fencing.filter(({ target }) => target === context.node));
        return newest !== undefined && isByPerson(newest.delegate)
          ? 'no device could fence it: off by what a person stated'
          : 'off, by the fence history';
      }
      await untilSo(context, () => false, { forMs: 2000 });
    }
    return stepFailed(
      `${context.node} could not be fenced, so nothing is known of what runs there.`,
      'Mend the fencing device and continue. Or power it off by hand, and force again with the statement that it is powered off.',
    );
  },
};

/** Neither this laptop nor the cluster hears of it: libvirt alone that hangs is no machine that is off (R13). */
async function requireSilent(context: OperationContext): Promise<void> {
  const { region, nodeId, node } = context;
  const { observation } = await region.readNode(nodeId);
  const seen = (await readCluster(context)).nodes.find(({ name }) => name === node);
  const isHeard = seen?.isOnline === true || seen?.isPending === true;
  if (observation.reachability.kind === 'reachable' || isHeard)
    stepFailed(
      `${node} is not off: ${isHeard ? 'the cluster sees it online' : 'it answers this laptop'}.`,
      'Nothing was confirmed. Look at the machine itself: power it off there, or mend its fencing device, then continue.',
    );
}

/**
 * Fenced, by the history that a quorate cluster tells, after this operation began: whatever ran there before runs no more, also where the
 * node is back by now, in its standby. One of before is proof too for some minutes, while the node stayed off and clean, as far as this laptop
 * saw.
 */
async function isOff(context: OperationContext): Promise<boolean> {
  const answer = await readCluster(context);
  const state = answer.nodes.find(({ name }) => name === context.node);
  if (state === undefined || state.isUnclean) return false;
  if (isFencedSince(context, answer)) return true;
  const isOver = isFencingOver(answer, context.node, fencingsOverAt(context.region.node(context.nodeId).memory));
  return !isOver && !state.isOnline && !state.isPending && isFencedWithin(context, answer, stayedOffMs);
}

const stayedOffMs = 600_000;
