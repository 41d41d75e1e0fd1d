import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { PlannedCommand } from '#shared/model/operation.ts';
import type { Changes } from '../../../../electron/core/cluster/writes/configuration.ts';
import { guardedDelete, guardedMerge, guardOf } from '../../../../electron/core/cluster/writes/guarded.ts';
import { setResourceOption } from '../../../../electron/core/cluster/writes/resource-meta.ts';
import type { Definition } from '../../../../electron/core/operations/definitions.ts';
import type { GuardedWriter, WriteConditions } from '../../../../electron/core/operations/guarded-write.ts';
import { nodeLeaseName } from '../../../../electron/core/operations/lease.ts';
import { toCome } from '../../../../electron/core/operations/prepare/planned-by.ts';
import { vmsOn } from '../../../../electron/core/operations/steps/on-node.ts';
import { inTime, type StepWorld } from './step-world.ts';
import { at } from './two-vms.ts';

/** Runs the steps of an operation against a cluster that does what it is told. @returns every command in its order, as it is shown. */
export async function sentBy(world: StepWorld, { steps }: Definition): Promise<readonly string[]> {
  const { node } = world.context;
  const sent: string[] = [];
  const guard = guardOf({ leaseName: nodeLeaseName(node), token: toCome.token });
  const told = async ({ shown }: { readonly shown: string }) => {
    sent.push(comparable(shown));
    obey(world, shown);
    return shown.startsWith('systemd-run')
      ? { kind: 'started' }
      : { kind: 'ran', exitStatus: 0, stdout: '', stderr: '' };
  };
  const write = {
    merge: (_step: string, changes: Changes, conditions: WriteConditions = {}) =>
      told(guardedMerge({ guard, changes, ...conditions })),
    delete: (_step: string, path: string) => told(guardedDelete({ guard, path })),
    option: (_step: string, setting: Parameters<GuardedWriter['option']>[1]) =>
      told(setResourceOption({ guard, ...setting })),
  };
  const send = {
    toControl: (_step: string, command: { readonly shown: string }) => told(command),
    toNode: (_step: string, _on: string, command: { readonly shown: string }) => told(command),
  };
  const context = { ...world.context, write, send } as unknown as StepWorld['context'];
  for (const step of steps(world.record)) {
    const run = async () => {
      if (!(await step.isDone(context))) await step.act(context);
      await step.verify(context);
    };
    await inTime(world, run());
  }
  return sent;
}

/** The cluster's part: VMs arrive, or stop and start elsewhere; what was written stands. */
function obey(world: StepWorld, shown: string): void {
  const { node } = world.context;
  const change = (next: Partial<ClusterAnswer>) => (world.answer = { ...world.answer, ...next });
  const [, moved, target] = /^systemd-run.* (vm\d) vm\d lab-\w+ (lab-\w+) /u.exec(shown) ?? [];
  const [, pinned, to] = /<rsc_location id="rackside-move-(vm\d)"[^>]* node="([^"]*)"/u.exec(shown) ?? [];
  if (moved !== undefined && target !== undefined) world.answer = at(world.answer, moved, [target]);
  if (pinned !== undefined && to !== undefined) world.answer = at(world.answer, pinned, [to]);
  // The unit of a move writes its pin, as a restart does.
  for (const resource of [moved, pinned].filter((one) => one !== undefined)) {
    dropPin(world, resource);
    world.cib = world.cib.replace(
      '</constraints>',
      `<rsc_location id="rackside-move-${resource}" rsc="${resource}" node="x" score="INFINITY"/></constraints>`,
    );
  }
  const held = `<rsc_location id="rackside-hold-${node}" rsc="x" node="${node}" score="-INFINITY"/>`;
  if (shown.includes('<rsc_location id="rackside-hold-') && !world.cib.includes(held))
    world.cib = world.cib.replace('</constraints>', `${held}</constraints>`);
  if (shown.startsWith('cibadmin --delete') && shown.includes('rackside-hold-'))
    world.cib = world.cib.replace(held, '');
  const [, dropped] = /^cibadmin --delete.*rackside-move-(vm\d)/u.exec(shown) ?? [];
  if (dropped !== undefined) dropPin(world, dropped);
  const { members, resources, records, nodes } = world.answer;
  if (shown.startsWith('cibadmin --delete') && shown.includes('"standby"'))
    change({
      members: members.map((one) => (one.name === node ? { ...one, standby: 'off' } : one)),
      nodes: nodes.map((one) => (one.name === node ? { ...one, isStandby: false } : one)),
    });
  if (shown.includes('name="standby" value="on"')) {
    change({
      members: members.map((one) => (one.name === node ? { ...one, standby: 'forever' } : one)),
      nodes: nodes.map((one) => (one.name === node ? { ...one, isStandby: true } : one)),
      resources: resources.map((one) => (one.nodes.includes(node) ? { ...one, role: 'Stopping' } : one)),
    });
  }
  if (shown.startsWith('virsh destroy') || shown.startsWith('stonith_admin --fence')) {
    world.domains = world.domains === null ? null : [];
    for (const vm of vmsOn(world.answer, node)) world.answer = at(world.answer, vm, ['lab-c1']);
    change({
      resources: world.answer.resources.map((one) => (one.nodes.includes(node) ? { ...one, nodes: [] } : one)),
    });
  }
  if (shown.startsWith('stonith_admin --fence')) {
    const completedAt = world.time.clock.now();
    const event = { action: 'off', target: node, status: 'success', delegate: 'lab-c1', client: 'x', exitReason: '' };
    change({ fencing: [{ ...event, completedAt } as ClusterAnswer['fencing'][number]] });
  }
  if (shown.includes('name="rackside-maintenance"') && shown.includes('--modify')) {
    const isStopped = records.nodes[node]?.maintenance !== undefined;
    const record = { by: 'anna', reason: '', at: 1, isStopped, movedVms: [] };
    change({
      records: { ...records, nodes: { ...records.nodes, [node]: { maintenance: record } as never } },
    });
  }
  const isConnectionClosed = shown.includes('target-role');
  if (shown.includes('systemctl stop') || shown.startsWith('stonith_admin --fence') || isConnectionClosed) {
    change({
      nodes: nodes.map((one) => (one.name === node ? { ...one, isOnline: false } : one)),
      resources: world.answer.resources.map((one) => (one.id === node ? { ...one, nodes: [], role: 'Stopped' } : one)),
    });
  }
}

function dropPin(world: StepWorld, resource: string): void {
  world.cib = world.cib.replace(new RegExp(`<rsc_location id="rackside-move-${resource}"[^>]*>`, 'u'), '');
}

/** What is made only when the operation begins stands as its placeholder. */
const comparable = (shown: string): string =>
  shown
    .replaceAll(/1{12}\.[0-9a-f]{6}/gu, toCome.move)
    .replaceAll(/(name="rackside-maintenance" value=)"[^"]*"/gu, `$1"${toCome.record}"`)
    .replaceAll(/\b\d{10}\b/gu, 'UNTIL');
export const commandsOf = (planned: readonly PlannedCommand[]) => planned.map(({ command }) => comparable(command));

export const exited = 'LoadState=loaded\nActiveState=active\nSubState=exited\n';
