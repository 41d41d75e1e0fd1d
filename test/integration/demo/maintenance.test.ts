import { memberId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { expect, test } from 'vitest';
import { rowOf } from '../../helpers/running-app.ts';
import { problemOf } from '../../../shared/problems.ts';
import { openDemo, type OpenedDemo } from './demo-region.ts';
import {
  domainsOn,
  eventually,
  isOver,
  moveManyAtOnce,
  newOperation,
  startMaintenance,
  untilOperation,
  untilStatus,
} from './driving.ts';

/** A region in which the first such worker has six VMs. */
const quick = { nodes: 30, seed: 26, speed: 20 };

/** Workers that run VMs, all of which may migrate live and come to an end with it. */
function quietWorkers({ demo: { world } }: OpenedDemo): readonly string[] {
  const quiet = world
    .members()
    .filter(
      ({ role, domains, membership, hardware }) =>
        role === 'worker' &&
        membership === 'online' &&
        hardware.memoryGib > 256 &&
        domains.size > 2 &&
        [...domains.keys()].every(
          (vm) => world.settings().vms.get(vm)?.allowMigrate && (world.vms.get(vm)?.dirtyMibPerSecond ?? 0) < 1_000,
        ),
    );
  return quiet.map(({ name }) => name);
}

function quietWorker(opened: OpenedDemo): string {
  const [name] = quietWorkers(opened);
  if (name === undefined) throw new Error('no such worker');
  return name;
}

test.concurrent('maintenance moves every VM live, puts the node in standby; activate brings them home', async (context) => {
  const opened = await openDemo(context, quick);
  const name = quietWorker(opened);
  await untilStatus(opened, name, 'active');
  await moveManyAtOnce(opened);
  const before = domainsOn(opened, name);
  const id = await startMaintenance(opened, name);
  const over = await untilOperation(opened, id, isOver, 180_000);
  expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(domainsOn(opened, name)).toEqual([]);
  expect(rowOf(await untilStatus(opened, name, 'in-maintenance'), name).status.reason).toContain('a fan');
  const all = [...opened.demo.world.nodes.values()].flatMap(({ domains }) => [...domains.values()]);
  expect(all.filter(({ vm }) => before.includes(vm)).map(({ state, reason }) => [state, reason])).toEqual(
    before.map(() => ['running', 'migrated']),
  );

  const on = { regionId: opened.id, nodeId: memberId(name) };
  const { digest } = await eventually('activation is ready', async () => {
    const answer = await opened.running.call('activate.prepare', on);
    expect(answer.home.map(({ resource }) => resource).toSorted()).toEqual(before);
    return answer.isReady ? answer : undefined;
  });
  const activation = newOperation();
  await opened.running.call('activate.start', {
    ...on,
    operationId: activation,
    digest,
    bringsVmsHome: true,
    acknowledgesFenceLoop: false,
  });
  const back = await untilOperation(opened, activation, isOver, 180_000);
  expect(back.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(domainsOn(opened, name)).toEqual(before);
  await untilStatus(opened, name, 'active');
}, 300_000);

test.concurrent('of two nodes that are activated together the second waits for the first, and both come back', async (context) => {
  const opened = await openDemo(context, quick);
  const names = quietWorkers(opened).slice(0, 2);
  expect(names).toHaveLength(2);
  await untilStatus(opened, names[1]!, 'active');
  await moveManyAtOnce(opened);
  for (const name of names) {
    const over = await untilOperation(opened, await startMaintenance(opened, name), isOver, 180_000);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  }
  const confirmed = await Promise.all(
    names.map((name) =>
      eventually(`the activation of ${name} is ready`, async () => {
        const on = { regionId: opened.id, nodeId: memberId(name) };
        const { isReady, digest } = await opened.running.call('activate.prepare', on);
        return isReady ? { nodeId: on.nodeId, digest } : undefined;
      }),
    ),
  );
  const choices = { bringsVmsHome: false, acknowledgesFenceLoop: false };
  const nodes = confirmed.map((node) => ({ ...node, ...choices, operationId: newOperation() }));
  const begun = await opened.running.call('activate.startMany', { regionId: opened.id, nodes });
  expect(begun.map(({ state }) => state.kind)).toEqual(['running', 'queued']);
  const [first, second] = await Promise.all(
    nodes.map(({ operationId }) => untilOperation(opened, operationId, isOver, 180_000)),
  );
  const succeeded = { kind: 'ended', outcome: 'succeeded' };
  expect([first?.state, second?.state]).toMatchObject([succeeded, succeeded]);
  expect(second!.startedAt).toBeGreaterThanOrEqual(first!.updatedAt);
  for (const name of names) await untilStatus(opened, name, 'active');
}, 300_000);

test.concurrent('R18: a node that was fenced three times within an hour is activated only once that is acknowledged, whoever calls', async (context) => {
  const opened = await openDemo(context, quick);
  const name = quietWorker(opened);
  await untilStatus(opened, name, 'active');
  await moveManyAtOnce(opened);
  await untilOperation(opened, await startMaintenance(opened, name), isOver, 180_000);
  const { world } = opened.demo;
  for (const minutes of [30, 20, 10])
    world.fencing.unshift({
      action: 'reboot',
      target: name,
      client: 'x',
      origin: world.dc()?.name ?? '',
      status: 'success',
      completedAt: world.clock.now() - minutes * 60_000,
    });
  world.changed(`(stonith) notice: three fencings of ${name}`);
  const on = { regionId: opened.id, nodeId: memberId(name) };
  // The new history makes it Unfencing for a moment, in which nothing is available.
  const isOfTheMoment = (code: string): boolean => code === 'not-available' || code === 'plan-changed';
  const start = (acknowledgesFenceLoop: boolean): Promise<string> =>
    eventually('activation is judged by the loop', async () => {
      const { isReady, heldUpBy, fenceLoop, digest } = await opened.running.call('activate.prepare', on);
      if (!isReady || fenceLoop === null) throw new Error(heldUpBy || 'no loop is seen');
      const asked = { ...on, operationId: newOperation(), digest, bringsVmsHome: false, acknowledgesFenceLoop };
      const code = await opened.running.call('activate.start', asked).then(
        () => 'begun',
        (error: unknown) => problemOf(error)?.code ?? 'a bug',
      );
      return isOfTheMoment(code) ? undefined : code;
    });
  expect(await start(false)).toBe('preflight-failed');
  expect(await start(true)).toBe('begun');
}, 300_000);

test.concurrent('R6: stopping the cluster services is cancelled: they run again, the node stays In maintenance', async (context) => {
  const opened = await openDemo(context, quick);
  const name = quietWorker(opened);
  await untilStatus(opened, name, 'active');
  await moveManyAtOnce(opened);
  await untilOperation(opened, await startMaintenance(opened, name), isOver, 180_000);
  await untilStatus(opened, name, 'in-maintenance');
  const on = { regionId: opened.id, nodeId: memberId(name) };
  const operationId = newOperation();
  await eventually('the stop is begun', async () => {
    const { digest } = await opened.running.call('services.prepareStop', on);
    return opened.running.call('services.stop', { ...on, digest, operationId });
  });
  const isStopping = ({ steps }: Operation): boolean =>
    steps.some(({ id, state }) => id === 'stop-services' && state === 'running');
  await untilOperation(opened, operationId, isStopping);
  await opened.running.call('operations.cancel', { regionId: opened.id, operationId });
  const over = await untilOperation(opened, operationId, isOver, 180_000);
  expect(over.state).toMatchObject({
    kind: 'ended',
    outcome: 'cancelled',
    left: ['The node stays In maintenance. Its cluster services run: cut its power and the cluster fences it.'],
  });
  const row = rowOf(await untilStatus(opened, name, 'in-maintenance'), name);
  expect(row.maintenance).toMatchObject({ reason: 'a fan', isStopped: false });
  expect(opened.demo.world.nodes.get(name)?.membership).toBe('online');
}, 300_000);

test.concurrent('a maintenance that is cancelled leaves the VM that was moving where it is, and the node Active', async (context) => {
  const opened = await openDemo(context, { ...quick, speed: 4 });
  const name = quietWorker(opened);
  await untilStatus(opened, name, 'active');
  const id = await startMaintenance(opened, name);
  await untilOperation(opened, id, ({ vms }) => vms.some(({ progress }) => progress !== null));
  await opened.running.call('operations.cancel', { regionId: opened.id, operationId: id });
  const over = await untilOperation(opened, id, isOver);
  expect(over.state).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
  await untilStatus(opened, name, 'active');
  expect(domainsOn(opened, name).length).toBeGreaterThan(0);
}, 180_000);
