import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { OperationId } from '../../../shared/model/ids.ts';
import type { ArmedForce } from '../../../shared/model/maintenance.ts';
import { openDemo, type OpenedDemo } from './demo-region.ts';
import { domainsOn, eventually, isOver, memberId, newOperation, untilOperation, untilStatus } from './driving.ts';

const quick = { nodes: 24, speed: 20 };

/** Arms until there is something to force. */
const armed = ({ running, id: regionId }: OpenedDemo, node: string): Promise<ArmedForce> =>
  eventually('it can be forced', async () => {
    const answer = await running.call('force.arm', { regionId, nodeId: memberId(node) });
    if (answer.refused !== null) throw new Error(answer.refused);
    return answer;
  });

/** Starts it once the safety timer is over, as a person who ticked and typed everything. */
async function start({ running, id: regionId }: OpenedDemo, shown: ArmedForce): Promise<OperationId> {
  const asked = shown.overrides.filter(({ isTold }) => !isTold);
  const statements = asked.flatMap(({ id, statement }) => (statement === null ? [] : [[id, statement] as const]));
  const operationId = newOperation();
  await sleep(shown.timerMs + 500);
  await running.call('force.start', {
    regionId,
    nodeId: shown.nodeId,
    operationId,
    token: shown.token,
    typedName: shown.nodeName,
    ticked: asked.filter(({ statement }) => statement === null).map(({ id }) => id),
    statements: Object.fromEntries(statements),
    reason: 'it burns',
  });
  return operationId;
}

/** Forces it; armed again where what there is to override has changed meanwhile. */
async function force(opened: OpenedDemo, node: string): Promise<ArmedForce['sequence']> {
  const { sequence, operationId } = await eventually(
    'it is begun',
    async () => {
      const shown = await armed(opened, node);
      return { sequence: shown.sequence, operationId: await start(opened, shown) };
    },
    150_000,
  );
  const over = await untilOperation(opened, operationId, isOver, 180_000);
  expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  return sequence;
}

const runningSomewhere = ({ demo }: OpenedDemo, vms: readonly string[]): readonly string[] =>
  vms.filter((vm) => [...demo.world.nodes.values()].some(({ domains }) => domains.get(vm)?.state === 'running'));

test('force restarts the VMs of a node that answers elsewhere, and those that can run nowhere else stay down', async (context) => {
  const opened = await openDemo(context, quick);
  const { world } = opened.demo;
  // What holds a maintenance up whatever happens: VMs with a GPU of the machine.
  const node = world.members().find(({ domains }) => [...domains.keys()].some((vm) => world.vms.get(vm)?.gpuSlot));
  if (node === undefined) throw new Error('no node with a GPU');
  const { name } = node;
  await untilStatus(opened, name, 'active');
  const before = domainsOn(opened, name);
  const bound = before.filter((vm) => world.vms.get(vm)?.gpuSlot);
  expect(await force(opened, name)).toBe('reachable');
  await untilStatus(opened, name, 'in-maintenance');
  expect(domainsOn(opened, name)).toEqual([]);
  const free = before.filter((vm) => !bound.includes(vm));
  await eventually('all run again', async () =>
    runningSomewhere(opened, free).length === free.length ? true : undefined,
  );
  expect(runningSomewhere(opened, bound)).toEqual([]);
}, 400_000);

test('force fences a node that does not answer, and its VMs run elsewhere', async (context) => {
  const opened = await openDemo(context, quick);
  await untilStatus(opened, 'demo-w11', 'active');
  const before = domainsOn(opened, 'demo-w11');
  // The cluster's own fencing does not get through at first, so that there is something to force.
  opened.demo.fault({ kind: 'fencing-fails', node: 'demo-w11' });
  expect(opened.demo.fault({ kind: 'node-freezes', node: 'demo-w11' })).toBeNull();
  await untilStatus(opened, 'demo-w11', 'failed');
  const node = opened.demo.world.nodes.get('demo-w11');
  if (node === undefined) throw new Error('it is there');
  // The device answers again by the time the operator's own fencing comes.
  const untilForced = opened.demo.world.onChange(() => {
    if (opened.demo.world.isStandby(node)) node.canBeFenced = true;
  });
  context.onTestFinished(() => {
    untilForced();
  });
  expect(await force(opened, 'demo-w11')).toBe('unreachable');
  await eventually('all run again', async () =>
    runningSomewhere(opened, before).length === before.length ? true : undefined,
  );
}, 400_000);
