import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { VmConfiguration } from '#shared/model/configuration.ts';
import { patienceOf, pauseOrCancel, readCluster, readConfigurationNow, untilSo } from '../look.ts';
import { stepFailed } from '../run-steps.ts';
import type { OperationContext, Step } from '../step.ts';
import { domainsNow } from './on-node.ts';

/** Longest stop of a guest that does not listen: the resource agent ends it by itself well before. */
const offWithinMs = 300_000;
const libvirtSaysWithinMs = 30_000;

/** The one VM that the operation is about. */
function vmOf({ record }: OperationContext): string {
  return record().vms[0]?.resource ?? stepFailed('The record names no VM.', 'Roll back.');
}

/** Asks the cluster to keep the VM stopped; what stood there before is in the record already. */
export const askStopStep: Step = {
  id: 'ask',
  title: 'Ask the cluster to stop it',
  async isDone(context) {
    return (await targetRoleOf(context)) === 'Stopped';
  },
  async act(context) {
    await context.write.option('ask', { resource: vmOf(context), name: 'target-role', value: 'Stopped' });
  },
  async verify(context) {
    if ((await targetRoleOf(context)) === 'Stopped') return 'it is not started again by itself';
    return stepFailed(`The cluster does not show that ${vmOf(context)} is to stop.`, 'Continue: it is written again.');
  },
};

/** It is off when the cluster and libvirt both say so, read anew (R2). */
export const offStep: Step = {
  id: 'off',
  title: 'Wait until it is off',
  isDone: () => Promise.resolve(false),
  act: () => Promise.resolve(),
  async verify(context) {
    const { handle, clock, saveRecord } = context;
    const resource = vmOf(context);
    handle.vm(resource, { state: 'moving', detail: 'its guest is shutting down', startedAt: clock.now() });
    await untilOff(context, resource);
    // By the cluster: whoever goes on with another laptop's operation knows the resource alone.
    const { vms: known } = await readCluster(context);
    const domain = [...known, ...handle.get().vms].find((vm) => vm.resource === resource)?.domain ?? resource;
    const left = await stillRuns(context, domain);
    if (left !== undefined) stepFailed(left, 'Look at the VM on the node, then continue.');
    handle.vm(resource, { state: 'stopped', detail: '', endedAt: clock.now() });
    await saveRecord(({ vms }) => ({ vms: vms.map((vm) => ({ ...vm, isDone: true })) }));
    return 'off, by the cluster and by libvirt';
  },
};

async function untilOff(context: OperationContext, resource: string): Promise<void> {
  const { clock } = context;
  const begun = clock.monotonic();
  for (;;) {
    const now = resourceIn(await readCluster(context), resource);
    if (now === undefined || (now.role === 'Stopped' && now.pending === undefined && now.nodes.length === 0)) return;
    if (now.isFailed || clock.monotonic() - begun >= offWithinMs)
      stepFailed(
        `${resource} is not off: the cluster shows it as ${now.role}${now.isFailed ? ', failed' : ''}.`,
        'Look at it on the node and at the cluster’s log, then continue; or roll back: it may run again.',
      );
    await pauseOrCancel(context, 1500);
  }
}

/** Why it is not believed to be off; `undefined`: libvirt does not run it. */
async function stillRuns(context: OperationContext, domain: string): Promise<string | undefined> {
  const { clock, node } = context;
  const { onWaiting } = patienceOf(context);
  const begun = clock.monotonic();
  for (;;) {
    const domains = await domainsNow(context);
    if (domains.kind === 'read' && !domains.names.includes(domain)) return undefined;
    const because =
      domains.kind === 'read' ? `libvirt runs ${domain} on ${node} still` : `libvirt on ${node}: ${domains.because}`;
    if (clock.monotonic() - begun >= libvirtSaysWithinMs) return `${because}.`;
    onWaiting(because);
    await pauseOrCancel(context, 1500);
  }
}

/** Puts back what stood there before; where that lets the cluster run it, it is started again. */
export const restoreRoleStep: Step = {
  id: 'restore-role',
  title: 'Let the cluster run it again',
  async isDone(context) {
    const { undo } = context.record();
    if (undo.length === 0) return true;
    const vm = await configuredVm(context);
    return vm === undefined || vm.targetRole === (undo[0]?.value ?? null);
  },
  async act({ record, write }) {
    for (const { kind, resource, value } of record().undo)
      await write.option('restore-role', { resource, name: kind, value });
  },
  async verify(context) {
    const { record, handle, clock } = context;
    const resource = vmOf(context);
    const wanted = record().undo[0]?.value ?? null;
    const vm = await configuredVm(context);
    if (vm === undefined) {
      handle.vm(resource, { state: 'stopped', target: null, detail: isGone, endedAt: clock.now() });
      return isGone;
    }
    if (vm.targetRole !== wanted)
      stepFailed(`The cluster does not show that ${resource} may run again.`, 'Roll back again: it is written again.');
    const mayRun = wanted !== 'Stopped';
    const runs = (answer: ClusterAnswer): boolean => {
      const now = resourceIn(answer, resource);
      return now?.role === 'Started' && now.pending === undefined;
    };
    const answer = mayRun ? await untilSo(context, runs, { forMs: offWithinMs }) : undefined;
    const target = answer === undefined ? null : (resourceIn(answer, resource)?.nodes[0] ?? null);
    handle.vm(resource, { state: target === null ? 'stopped' : 'stays', target, detail: '', endedAt: clock.now() });
    return target === null ? 'it does not run yet' : `it runs on ${target}`;
  },
};

/** Somebody has deleted its resource meanwhile. */
const isGone = 'it is not in the cluster any more';

const resourceIn = (answer: ClusterAnswer, resource: string) => answer.resources.find(({ id }) => id === resource);

/** The VM as the cluster is configured now; `undefined`: somebody has deleted it. */
async function configuredVm(context: OperationContext): Promise<VmConfiguration | undefined> {
  const resource = vmOf(context);
  const { vms } = await readConfigurationNow(context);
  return vms.find((one) => one.resource === resource);
}

async function targetRoleOf(context: OperationContext): Promise<string | null> {
  const vm = await configuredVm(context);
  return vm === undefined
    ? stepFailed(`${vmOf(context)} is not in the cluster any more.`, 'Nothing is left to do with it: roll back.')
    : vm.targetRole;
}
