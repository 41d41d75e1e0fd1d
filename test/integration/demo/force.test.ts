import { memberId } from '#shared/model/ids.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { CallInput } from '../../../shared/contract/contract.ts';
import type { OperationId } from '../../../shared/model/ids.ts';
import type { ArmedForce } from '../../../shared/model/maintenance.ts';
import { problemOf } from '../../../shared/problems.ts';
import { openDemo, type OpenedDemo } from './demo-region.ts';
import { domainsOn, eventually, isOver, newOperation, untilOperation, untilStatus } from './driving.ts';

const quick = { nodes: 24, speed: 20 };

/** Arms until there is something to force, and it stays the same: a region that was just opened is not yet known whole. */
const armed = ({ running, id: regionId }: OpenedDemo, node: string): Promise<ArmedForce> =>
  eventually('it can be forced', async () => {
    const arm = () => running.call('force.arm', { regionId, nodeId: memberId(node) });
    const linesOf = ({ refused, overrides }: ArmedForce) => refused ?? overrides.map(({ id }) => id).join();
    const before = linesOf(await arm());
    await sleep(3000);
    const answer = await arm();
    if (answer.refused !== null || linesOf(answer) !== before) throw new Error(`${before}; then ${linesOf(answer)}`);
    return answer;
  });

/** What a person sends who ticked and typed everything. */
function confirmed({ id: regionId }: OpenedDemo, shown: ArmedForce): CallInput<'force.start'> {
  const asked = shown.overrides.filter(({ isTold }) => !isTold);
  const statements = asked.flatMap(({ id, statement }) => (statement === null ? [] : [[id, statement] as const]));
  return {
    regionId,
    nodeId: shown.nodeId,
    operationId: newOperation(),
    token: shown.token,
    typedName: shown.nodeName,
    ticked: asked.filter(({ statement }) => statement === null).map(({ id }) => id),
    statements: Object.fromEntries(statements),
    reason: 'it burns',
  };
}

/** Starts it once the safety timer is over. */
async function start(opened: OpenedDemo, shown: ArmedForce): Promise<OperationId> {
  const input = confirmed(opened, shown);
  await sleep(shown.timerMs + 500);
  await opened.running.call('force.start', input);
  return input.operationId;
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

/** The `nth` member with VMs that hold a device of it: what holds a maintenance up whatever happens. */
function withDevices({ demo: { world } }: OpenedDemo, nth = 0): { readonly name: string; readonly vm: string } {
  const found = world.members().flatMap(({ name, domains }) => {
    const vm = [...domains.keys()].find((each) => world.vms.get(each)?.gpuSlot);
    return vm === undefined ? [] : [{ name, vm }];
  })[nth];
  if (found === undefined) throw new Error('too few nodes with a GPU');
  return found;
}

test.concurrent('R10: without the timer, a tick, the name or what was shown nothing is forced, whoever calls; a token starts one operation', async (context) => {
  const opened = await openDemo(context, quick);
  const { running, id: regionId } = opened;
  const { name } = withDevices(opened);
  const other = withDevices(opened, 1);
  for (const node of [name, other.name]) await untilStatus(opened, node, 'active');
  const answerTo = (input: CallInput<'force.start'>): Promise<string> =>
    running.call('force.start', input).then(
      () => 'begun',
      (error: unknown) => problemOf(error)?.code ?? 'a bug',
    );
  const [shown, ofOther] = await Promise.all([armed(opened, name), armed(opened, other.name)]);
  const input = confirmed(opened, shown);
  expect(input.ticked.length).toBeGreaterThan(1);
  const before = confirmed(opened, ofOther);
  expect(await answerTo(input)).toBe('timer-running');
  // Meanwhile there is less to override on the other node.
  const shutDown = newOperation();
  const { nodeId } = before;
  await running.call('vms.shutDown', {
    regionId,
    nodeId,
    operationId: shutDown,
    resource: other.vm,
    typedName: other.vm,
  });
  await Promise.all([untilOperation(opened, shutDown, isOver), sleep(shown.timerMs + 500)]);
  expect(await answerTo(before)).toBe('plan-changed');
  expect(await answerTo({ ...input, token: '0'.repeat(32) })).toBe('token-used');
  expect(await answerTo({ ...input, typedName: `${shown.nodeName}x` })).toBe('name-mismatch');
  expect(await answerTo({ ...input, ticked: input.ticked.slice(1) })).toBe('statement-missing');
  expect(await answerTo(input)).toBe('begun');
  expect(await answerTo({ ...input, operationId: newOperation() })).toBe('token-used');
  await untilOperation(opened, input.operationId, isOver, 180_000);
}, 300_000);

test.concurrent('force restarts the VMs of a node that answers elsewhere, and those that can run nowhere else stay down', async (context) => {
  const opened = await openDemo(context, quick);
  const { world } = opened.demo;
  const { name } = withDevices(opened);
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

test.concurrent('force fences a node that does not answer, and its VMs run elsewhere', async (context) => {
  const opened = await openDemo(context, quick);
  await untilStatus(opened, 'demo-w11', 'active');
  const before = domainsOn(opened, 'demo-w11');
  // The cluster's own fencing does not get through at first, so that there is something to force.
  opened.demo.fault({ kind: 'fencing-fails', node: 'demo-w11' });
  expect(opened.demo.fault({ kind: 'node-freezes', node: 'demo-w11' })).toBeNull();
  await untilStatus(opened, 'demo-w11', 'failed');
  const node = opened.demo.world.nodes.get('demo-w11');
  if (node === undefined) throw new Error('it is there');
  // The device answers again when the operator's own fencing comes, and not before: the cluster, which tries on, would have the node back.
  const { world } = opened.demo;
  const untilForced = world.onChange(() => {
    const isOperators = world.fencing.some(
      ({ target, status, client }) =>
        target === node.name && status === 'pending' && !client.startsWith('pacemaker-controld'),
    );
    if (isOperators) node.canBeFenced = true;
  });
  context.onTestFinished(() => {
    untilForced();
  });
  expect(await force(opened, 'demo-w11')).toBe('unreachable');
  await eventually('all run again', async () =>
    runningSomewhere(opened, before).length === before.length ? true : undefined,
  );
  // What it ran has started elsewhere by itself, without a pin, and some of it would go back by itself.
  opened.demo.fault({ kind: 'heal' });
  await untilStatus(opened, 'demo-w11', 'in-maintenance');
  const on = { regionId: opened.id, nodeId: memberId('demo-w11') };
  const operationId = newOperation();
  await eventually(
    'the activation is begun',
    async () => {
      const { digest, heldUpBy, isReady } = await opened.running.call('activate.prepare', on);
      if (!isReady) throw new Error(heldUpBy);
      const choices = { bringsVmsHome: false, acknowledgesFenceLoop: false };
      return opened.running.call('activate.start', { ...on, ...choices, digest, operationId });
    },
    120_000,
  );
  const back = await untilOperation(opened, operationId, isOver, 180_000);
  expect(back.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  await untilStatus(opened, 'demo-w11', 'active');
  expect(domainsOn(opened, 'demo-w11').filter((vm) => before.includes(vm))).toEqual([]);
}, 500_000);
