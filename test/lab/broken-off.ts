import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { nodeId } from '#shared/model/ids.ts';
import type { OperationId } from '#shared/model/ids.ts';
import type { ArmedForce } from '#shared/model/maintenance.ts';
import type { Operation, OperationCommand } from '#shared/model/operation.ts';
import { forceConfirmed, startRemoval } from './confirm.ts';
import type { Lab } from './lab-api.ts';
import { waitFor } from './lab-api.ts';
import { processesOf } from './mid-move.ts';
import {
  careOf,
  domainsOn,
  isOver,
  slowDown,
  startActivate,
  startMaintenance,
  untilOperation,
} from './node-operations.ts';
import { rowOf, snapshotOf } from './rackside.ts';
import type { Laptop } from './use-lab.ts';
import { untilShown } from './use-lab.ts';

// Force, Activate and Remove as tests begin them, to break them off: what must be true at their end, whoever brings them there.

/** The VM of these tests: at home on c2, managed, and written to without end. */
export const kept = { name: 'kept', memoryMiB: 32, node: 'c2', memory: 'filled' } as const;

export interface BrokenOff {
  readonly command: OperationCommand;
  /** Brings about what it begins from, and starts it. */
  begin(by: Laptop): Promise<OperationId>;
  /** What holds from the moment at which it was broken off until somebody goes on with it. */
  expectLeft?(lab: Lab): Promise<void>;
  /** What is true of the nodes once it has succeeded, and what the table of this laptop says then. */
  expectDone(by: Laptop, ended: Operation): Promise<void>;
  /** What a test of it adds to the lab. */
  readonly tidy?: (lab: Lab) => Promise<void>;
}

/** Where it is broken off: in this step, as soon as it runs or once this is true. */
export interface Moment {
  readonly step: string;
  readonly action: BrokenOff;
  readonly isFar?: (operation: Operation) => boolean;
  /** Nodes that do not answer by then. */
  readonly silent?: readonly string[];
}

const ask = ({ controls: [control] }: Lab, command: string): Promise<string> =>
  control?.mustExec(command) ?? Promise.reject(new Error('the lab has no control node'));

export const fencingsOf = async (lab: Lab, node: string): Promise<number> =>
  (await lab.cluster('c1')).fenceEvents.filter(({ target }) => target === node).length;

const allowMigrate = async (lab: Lab, vm: string): Promise<string> =>
  (await ask(lab, `crm_resource -r ${vm} --meta -g allow-migrate`)).trim();

/** A maintenance of the node that has come to its end. */
export async function maintain({ app, region }: Laptop, node: string, stopsServices = false): Promise<void> {
  const { id } = await startMaintenance(app, region, node, { stopsServices });
  const { state } = await untilOperation(app, region, id, isOver, 300_000);
  expect(state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
}

/** Force of c2: beside the one that moves, a VM that may not migrate, without which there is nothing to force. */
export const force: BrokenOff = {
  command: 'force-maintenance',
  async begin(by) {
    await by.lab.addVm({ name: 'bound', memoryMiB: 16, node: 'c2', mayMigrate: false });
    const armed = await untilArmed(by);
    await sleep(armed.timerMs + 500);
    return (await by.app.call('force.start', forceConfirmed(by.region, armed))).id;
  },
  async expectDone(by, { vms }) {
    const { lab } = by;
    expect(vms.map(({ resource, state }) => `${resource} ${state}`).toSorted()).toEqual([
      'bound restarted',
      'kept restarted',
    ]);
    expect([await allowMigrate(lab, 'kept'), await allowMigrate(lab, 'bound')]).toEqual(['true', 'false']);
    expect(await domainsOn(lab.node('c2'))).toEqual([]);
    for (const vm of ['kept', 'bound']) {
      const { on, isManaged } = await careOf(lab, vm);
      expect([on.length, on.includes('c2'), isManaged]).toEqual([1, false, true]);
      // Cold: ended here, started there.
      expect(await processesOf(lab, vm)).toEqual([expect.not.stringContaining('live')]);
    }
    await untilShown(by, 'c2', 'in-maintenance');
  },
  tidy: (lab) => lab.deleteVm('bound'),
};

/** As `force`, broken off while its VMs are kept from migrating: nobody else lets them meanwhile. */
export const forceThatForbids: BrokenOff = {
  ...force,
  expectLeft: async (lab) => expect(await allowMigrate(lab, 'kept')).toBe('false'),
};

/** Force of c2 that is dead, and whose fencing is refused until somebody goes on: it waits within `fence`. */
export const forceOfTheDead: BrokenOff = {
  command: 'force-maintenance',
  async begin(by) {
    const { lab, app, region } = by;
    await lab.addVm({ name: 'bound', memoryMiB: 16, node: 'c2', mayMigrate: false });
    await lab.fault('c2', 'nofence');
    await lab.fault('c2', 'dead');
    await waitFor(
      'c2 is Failed and unreachable, and its fencing has failed',
      async () => {
        const { status, reachability } = await rowOf(app, region, 'c2');
        const hasFailed = (await lab.cluster('c1')).fenceEvents.some((event) => event.status === 'failed');
        return hasFailed && status.status === 'failed' && reachability.kind === 'unreachable';
      },
      180_000,
    );
    const armed = await untilArmed(by);
    expect(armed.sequence).toBe('unreachable');
    await sleep(armed.timerMs + 500);
    return (await app.call('force.start', forceConfirmed(region, armed))).id;
  },
  async expectLeft(lab) {
    // Nothing of it is started elsewhere meanwhile. Then its fencing works again.
    expect((await careOf(lab, 'kept')).on.filter((node) => node !== 'c2')).toEqual([]);
    await lab.fault('c2', 'allowfence');
  },
  async expectDone(by, { vms }) {
    const { lab } = by;
    expect(vms.map(({ resource, state }) => `${resource} ${state}`).toSorted()).toEqual([
      'bound restarted',
      'kept restarted',
    ]);
    for (const vm of ['kept', 'bound']) {
      const { on, isManaged } = await careOf(lab, vm);
      expect([on.length, on.includes('c2'), isManaged]).toEqual([1, false, true]);
      expect(await processesOf(lab, vm)).toEqual([expect.not.stringContaining('live')]);
    }
    expect(
      (await lab.cluster('c1')).fenceEvents.some((event) => event.target === 'c2' && event.status === 'success'),
    ).toBe(true);
    await untilShown(by, 'c2', 'in-maintenance');
  },
  tidy: (lab) => lab.deleteVm('bound'),
};

/** The force dialog of a node, once it stays as it is: what was just added to the region is read within some seconds. */
export function untilArmed({ app, region }: Laptop, node = 'c2'): Promise<ArmedForce> {
  const arm = () => app.call('force.arm', { regionId: region, nodeId: nodeId(`member:${node}`) });
  const linesOf = ({ overrides, refused }: ArmedForce) => refused ?? overrides.map(({ id }) => id).join();
  return waitFor(
    'there is something to force, and it stays the same',
    async () => {
      const before = linesOf(await arm());
      await sleep(6000);
      const armed = await arm();
      if (armed.refused === null && linesOf(armed) === before) return armed;
      throw new Error(`${before}; then ${linesOf(armed)}`);
    },
    90_000,
  );
}

/** Activate of c2, with the VM brought home at 2 MiB/s. */
export const activation: BrokenOff = {
  command: 'activate',
  async begin(by) {
    await maintain(by, 'c2');
    return activate(by);
  },
  async expectDone(by) {
    const { lab } = by;
    expect(await processesOf(lab, 'kept')).toEqual(['c2 live']);
    expect(await careOf(lab, 'kept')).toEqual({ on: ['c2'], isManaged: true });
    expect(await ask(lab, 'cibadmin -Q -o configuration')).not.toMatch(/rackside-(?!limits)/u);
    await untilShown(by, 'c2', 'active');
  },
};

/** As `activation`, of a node whose cluster services its maintenance has stopped. */
export const activationFromStopped: BrokenOff = {
  ...activation,
  async begin(by) {
    await maintain(by, 'c2', true);
    return activate(by);
  },
};

async function activate({ lab, app, region }: Laptop): Promise<OperationId> {
  const [source = ''] = (await careOf(lab, 'kept')).on;
  await slowDown(lab.node(source), 'kept', 2);
  expect(await processesOf(lab, 'kept')).toEqual([`${source} live`]);
  return (await startActivate(app, region, 'c2', { bringsVmsHome: true })).id;
}

/** Removal of a node, whose services its maintenance may have stopped: it is out, and it was never fenced. */
export function removalOf(node: string, stopsServices = false): BrokenOff {
  let fencings = 0;
  return {
    command: 'remove',
    async begin(by) {
      await maintain(by, node, stopsServices);
      fencings = await fencingsOf(by.lab, node);
      return startRemoval(by.app, by.region, node);
    },
    async expectDone({ lab, app, region }, { state }) {
      expect(state.kind === 'ended' ? state.left.join() : '').toMatch(/off.*boot.*Wipe/u);
      expect((await lab.cluster('c1')).nodes.map(({ name }) => name)).not.toContain(node);
      expect(await fencingsOf(lab, node)).toBe(fencings);
      const { nodes } = await snapshotOf(app, region);
      expect(nodes.filter(({ name }) => name === node)).toMatchObject([{ status: { status: 'out' } }]);
      expect((await careOf(lab, 'kept')).on).toHaveLength(1);
    },
  };
}

/** How often this laptop has begun pcs, or any other unit, for the operation. */
export async function unitsBegunBy({ app, region }: Laptop, operationId: OperationId): Promise<number> {
  const sent = await app.call('operations.transcript', { regionId: region, operationId, after: 0 });
  return sent.filter(({ command }) => command.startsWith('systemd-run')).length;
}

export const pcsIsAtWork = ({ steps }: Operation): boolean =>
  steps.some(({ id, detail }) => id === 'leave' && detail === 'pcs is at work');

/**
 * Goes on with what was left alone, once this laptop says that it was and offers it, and waits for its end: all that it wrote for itself is
 * gone by then.
 */
export async function expectContinued(by: Laptop, operationId: OperationId, action: BrokenOff): Promise<void> {
  const { app, region, lab } = by;
  const call = { regionId: region, operationId };
  const found = await app.call('operations.get', call);
  expect(found).toMatchObject({ command: action.command, state: { kind: 'unattended' } });
  expect(found.actions).toContainEqual({ action: 'continue', refused: null });
  await action.expectLeft?.(lab);
  await app.call('operations.continue', call);
  const ended = await untilOperation(app, region, operationId, isOver, 300_000);
  expect(ended.state, JSON.stringify(ended.steps)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(await ask(lab, 'cibadmin -Q -o configuration')).not.toMatch(/rackside-(?:hold|op|lease|slot|unit|care)/u);
  await action.expectDone(by, ended);
}

/** Rolls back what was left alone. How it ended: all that it wrote for itself is gone by then. */
export async function rolledBack({ app, region, lab }: Laptop, operationId: OperationId): Promise<string> {
  const call = { regionId: region, operationId };
  await app.call('operations.rollBack', call);
  const { state, steps } = await untilOperation(app, region, operationId, isOver, 300_000);
  expect(state.kind, JSON.stringify(steps)).toBe('ended');
  expect(await ask(lab, 'cibadmin -Q -o configuration')).not.toMatch(/rackside-(?:hold|op|lease|slot|unit|care|out)/u);
  return state.kind === 'ended' ? state.outcome : '';
}

export async function expectKeptRunsOnce(lab: Lab): Promise<void> {
  const { on, isManaged } = await careOf(lab, 'kept');
  expect([on.length, isManaged]).toEqual([1, true]);
  expect(await processesOf(lab, 'kept')).toEqual([`${on[0] ?? ''} live`]);
}
