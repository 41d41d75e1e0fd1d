import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { operationId, type OperationId } from '#shared/model/ids.ts';
import { noChoices } from '#shared/model/maintenance.ts';
import type { ProblemCode } from '#shared/problems.ts';
import { waitFor, type Lab } from './lab-api.ts';
import { processesOf, startMidMove } from './mid-move.ts';
import { careOf, isOver, tracesOf, untilOperation } from './node-operations.ts';
import { Refused, rowOf, snapshotOf } from './rackside.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// The network falls in two: c1 alone with the laptop, the majority on the other side. What c1 says of others is believed by nobody.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('on the side of the minority', { timeout: 900_000 }, () => {
  const used = useLab([{ name: 'goes', memoryMiB: 32, node: 'c3', memory: 'filled' }], heal);
  const laptop = useLaptop(used);
  const majority = ['c2', 'c3'];

  /** Whose packets a node drops: between the sides, and between the majority and the laptop. */
  const dropped = (lab: Lab): readonly (readonly [node: string, address: string])[] => [
    ...majority.map((name) => ['c1', lab.node(name).address] as const),
    ...majority.map((name) => [name, lab.laptopAddress] as const),
  ];
  async function route(lab: Lab, verb: 'add' | 'del'): Promise<void> {
    for (const [node, address] of dropped(lab)) await lab.node(node).exec(`ip route ${verb} blackhole ${address}/32`);
  }
  async function heal(lab: Lab): Promise<void> {
    await route(lab, 'del');
  }

  /** c1 stays on, because nothing can fence it. */
  async function fallApart(): Promise<void> {
    const { app, region, lab } = laptop;
    await lab.fault('c1', 'nofence');
    await route(lab, 'add');
    await waitFor(
      'the region is offline, because c1 has no quorum',
      async () => {
        const { connection } = (await snapshotOf(app, region)).region;
        if (connection.kind === 'offline' && connection.problem.code === 'no-quorum') return true;
        throw new Error(JSON.stringify(connection));
      },
      240_000,
    );
  }
  async function comeTogether(): Promise<void> {
    await heal(used.lab);
    await used.lab.fault('c1', 'allowfence');
  }

  /** The configuration that stands in the minority's CIB: whatever was written there is seen. */
  const minoritysConfiguration = (): Promise<string> => used.lab.node('c1').mustExec('cibadmin -Q -l -o configuration');

  async function codeOf(call: Promise<unknown>): Promise<ProblemCode | 'done'> {
    try {
      await call;
      return 'done';
    } catch (error) {
      if (error instanceof Refused) return error.problem.code;
      throw error;
    }
  }

  /** How every wish is refused, while nothing can be known. */
  async function refusals(id: OperationId): Promise<Readonly<Record<string, ProblemCode | 'done'>>> {
    const { app, region: regionId } = laptop;
    const nodeId = (await rowOf(app, regionId, 'c2')).id;
    const [limits, reason] = [{ maxOutOfService: 2, maxMovesAtOnce: null }, 'x'];
    const start = { regionId, nodeId, operationId: operationId(randomUUID()), choices: noChoices, digest: 'x', reason };
    const calls: Readonly<Record<string, Promise<unknown>>> = {
      prepare: app.call('maintenance.prepare', { regionId, nodeId, choices: noChoices }),
      start: app.call('maintenance.start', start),
      arm: app.call('force.arm', { regionId, nodeId }),
      limits: app.call('regions.setLimits', { regionId, ...limits }),
      continue: app.call('operations.continue', { regionId, operationId: id }),
      'roll back': app.call('operations.rollBack', { regionId, operationId: id }),
    };
    const codes = Object.entries(calls).map(async ([name, call]) => [name, await codeOf(call)] as const);
    return Object.fromEntries(await Promise.all(codes));
  }

  const notNow: ReadonlySet<string> = new Set(['not-available', 'no-quorum', 'no-control-node-answers']);

  const unknown = async (): Promise<readonly boolean[]> =>
    (await snapshotOf(laptop.app, laptop.region)).nodes.map(({ status }) => status.unknownSince !== null);

  /** By the majority's word: on c2 alone, and managed. */
  async function arrived(): Promise<void> {
    await waitFor(
      'the VM is on c2, in the majority’s care',
      async () => {
        const line = await used.lab.node('c2').mustExec(`crm_mon --output-as=xml | grep -F -A1 '<resource id="goes"'`);
        if (line.includes('role="Started"') && line.includes('managed="true"') && line.includes('name="c2"'))
          return true;
        throw new Error(line);
      },
      240_000,
    );
  }

  test('R1, R2, R31: every status is marked as not known, a maintenance under way waits and writes nothing, its VM is handed back over there; together again it goes on to its end', async () => {
    const { app, region, lab } = laptop;
    const { id } = await startMidMove(laptop, 'c3', 'goes', 2, { targets: { goes: 'c2' } });
    await fallApart();
    const [before, shown] = [await minoritysConfiguration(), await unknown()];
    expect(shown).toEqual(shown.map(() => true));
    await arrived();
    await sleep(15_000);
    const waiting = await app.call('operations.get', { regionId: region, operationId: id });
    expect(waiting.state.kind, JSON.stringify(waiting)).toBe('running');
    expect(waiting.steps.map(({ detail }) => detail).join()).toMatch(/waits/u);
    expect(await minoritysConfiguration()).toBe(before);

    await comeTogether();
    const over = await untilOperation(app, region, id, isOver, 400_000);
    expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await processesOf(lab, 'goes')).toEqual(['c2 live']);
    expect(await careOf(lab, 'goes')).toEqual({ on: ['c2'], isManaged: true });
    expect(await tracesOf(lab)).toEqual(['rackside-move-goes']);
    await untilShown(laptop, 'c3', 'in-maintenance');
  });

  test('R2: nothing is begun, continued, rolled back or written, and what was left alone is gone on with once they are together again', async () => {
    const { app, region, lab } = laptop;
    const { id } = await startMidMove(laptop, 'c3', 'goes', 2, { targets: { goes: 'c2' } });
    await app.call('operations.handOver', { regionId: region, operationId: id });
    await fallApart();
    const before = await minoritysConfiguration();
    const refused = await refusals(id);
    expect(
      Object.values(refused).filter((code) => !notNow.has(code)),
      JSON.stringify(refused),
    ).toEqual([]);
    const left = await app.call('operations.get', { regionId: region, operationId: id });
    expect(left.state.kind).toBe('unattended');
    expect(await minoritysConfiguration()).toBe(before);
    await arrived();

    await comeTogether();
    await untilShown(laptop, 'c1', 'active', 240_000);
    await app.call('operations.rollBack', { regionId: region, operationId: id });
    const over = await untilOperation(app, region, id, isOver, 300_000);
    expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
    expect((await processesOf(lab, 'goes')).length).toBe(1);
    await untilShown(laptop, 'c3', 'active');
  });
});
