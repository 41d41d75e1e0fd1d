import { setImmediate } from 'node:timers/promises';
import { memberId, operationId } from '#shared/model/ids.ts';
import { noOperationChoices } from '#shared/model/cluster.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { Request } from '../../../../electron/core/operations/begin.ts';
import type { Definition } from '../../../../electron/core/operations/definitions.ts';
import type { RegionOperations } from '../../../../electron/core/operations/operations-of-region.ts';
import { createRegionOperations } from '../../../../electron/core/operations/region-operations.ts';
import type { OperationContext, Step } from '../../../../electron/core/operations/step.ts';
import { pause, type OperationClock } from '../../../../electron/core/operations/time.ts';
import type { Inventory } from '../../../../electron/core/db/inventory.ts';
import type { JournalEntry } from '../../../../electron/core/db/journal.ts';
import type { StoredOperation } from '../../../../electron/core/db/operations.ts';
import type { RegionAccess } from '../../../../electron/core/region/region-access.ts';
import { simulatedClock } from '../../../helpers/simulated-clock.ts';
import type { ClusterDouble } from './cluster-double.ts';

/** Time of a test: nothing passes until it is told to, and what was started meanwhile runs first. */
export interface TestTime {
  readonly clock: OperationClock;
  /** Lets time pass in small steps, with everything that becomes possible in between. */
  readonly pass: (ms: number) => Promise<void>;
  /** The laptop sleeps: wall time goes on, the monotonic clock stands still. */
  readonly sleep: (ms: number) => void;
}

export function testTime(startAt = 1_795_000_000_000): TestTime {
  const simulated = simulatedClock(0);
  let asleep = 0;
  return {
    clock: {
      now: () => startAt + asleep + simulated.now(),
      monotonic: () => simulated.now(),
      after: (ms, callback) => simulated.after(ms, callback),
    },
    async pass(ms) {
      await settled();
      for (let left = ms; left > 0; left -= 500) {
        simulated.advance(Math.min(500, left));
        await settled();
      }
    },
    sleep: (ms) => void (asleep += ms),
  };
}

/** Lets all promises that can go on go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await setImmediate();
}

/**
 * Commands that are on their way, and arrive in the order that `picks` says (fast-check shrinks it): any interleaving of several laptops.
 * Time passes only where nothing is on its way.
 */
export function crossroads(time: TestTime, picks: Iterator<number, unknown>) {
  const waiting: (() => void)[] = [];
  return {
    async arrive<T>(fate: T): Promise<T> {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      await promise;
      return fate;
    },
    async until<T>(work: Promise<T>): Promise<T> {
      let isOver = false;
      const watched = work.finally(() => (isOver = true));
      watched.catch(() => {});
      for (let turn = 0; turn < 5000; turn += 1) {
        await settled();
        if (isOver) return watched;
        const [next] = waiting.splice(Number(picks.next().value) % Math.max(1, waiting.length), 1);
        if (next === undefined) await time.pass(500);
        else next();
      }
      throw new Error('It does not end.');
    },
  };
}

/** What a laptop keeps on its disk; it outlives the process. */
export function disk(): Inventory {
  const operations = new Map<string, StoredOperation>();
  const rows: JournalEntry[] = [];
  return {
    operations: {
      save: (operation: StoredOperation) => void operations.set(operation.id, operation),
      list: () => [...operations.values()].toReversed().map((one) => ({ ...one, isIntact: true })),
      unfinished: () => [],
    },
    journal: {
      begin(command: Pick<JournalEntry, 'operationId' | 'step' | 'host' | 'command' | 'startedAt'>) {
        const open = { sequence: rows.length, endedAt: null, exitStatus: null, stdout: '', stderr: '', isIntact: true };
        return rows.push({ ...command, ...open }) - 1;
      },
      end: (sequence: number, result: object) => void (rows[sequence] = { ...rows[sequence]!, ...result }),
      list: (id: string) => rows.filter(({ operationId: own }) => own === id),
    },
  } as unknown as Inventory;
}

/** A step that does what the test says, and counts. */
export function testStep(
  id: string,
  act: (context: OperationContext) => Promise<void> = async () => {},
): Step & { readonly acted: string[] } {
  const acted: string[] = [];
  return {
    id,
    title: `Step ${id}`,
    acted,
    isDone: async () => false,
    async act(context) {
      acted.push(context.node);
      await act(context);
    },
    verify: async () => '',
  };
}

export function testDefinition(steps: readonly Step[], undo: readonly Step[] = [testStep('undo')]): Definition {
  return {
    command: 'maintenance',
    purpose: (node) => `maintenance of ${node}`,
    steps: () => steps,
    undo,
    outcome: () => ({ outcome: 'succeeded', left: [] }),
    left: () => [],
    settled: async () => {},
  };
}

export interface Laptop {
  readonly name: string;
  readonly region: RegionAccess;
  readonly operations: RegionOperations;
  readonly inventory: Inventory;
  readonly notified: string[];
  readonly mistakes: unknown[];
}

/** One process of Rackside on one laptop. The same `inventory` again is the same laptop after a restart. */
export function laptop(
  cluster: ClusterDouble,
  time: TestTime,
  name: string,
  definition: Definition,
  inventory = disk(),
): Laptop {
  const region = cluster.access(name, time.clock.now);
  const notified: string[] = [];
  const mistakes: unknown[] = [];
  const operations = createRegionOperations({
    region,
    inventory,
    clock: time.clock,
    owner: `anna on ${name}`,
    definitions: { maintenance: definition },
    redact: (text) => text,
    logError: (error) => void mistakes.push(error),
    onChanged: () => {},
    onTranscript: () => {},
    notify: (title, body) => void notified.push(`${title}: ${body}`),
  });
  return { name, region, operations, inventory, notified, mistakes };
}

/** What a confirmed dialog asks. */
export function request(id: string, node: string): Request {
  return {
    operationId: operationId(id),
    nodeId: memberId(node),
    command: 'maintenance',
    decided: undefined,
    reason: 'disk',
    purpose: `maintenance of ${node}`,
    judge: async () => ({ choices: noOperationChoices, vms: [], undo: [], shown: [] }),
  };
}

/** Lets time pass until nothing is driven any more. */
export async function untilOver(time: TestTime, one: Laptop, id: string, forMs = 120_000): Promise<Operation> {
  for (let passed = 0; passed < forMs; passed += 1000) {
    if (one.operations.running().length === 0) break;
    await time.pass(1000);
  }
  return one.operations.get(operationId(id));
}

/** A step that lasts until the test lets it end. */
export function gate(name: string) {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const step = testStep(name, async (context) => {
    await Promise.race([opened, pause(context.clock, 3_600_000, context.signal)]);
  });
  return { step, open: () => open() };
}
