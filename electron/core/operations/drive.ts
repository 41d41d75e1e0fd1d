import type { OperationRecord } from '#shared/model/cluster.ts';
import type { Operation, OperationDirection } from '#shared/model/operation.ts';
import { fail, problemOf, type Problem } from '#shared/problems.ts';
import { regionMarkPath, type Changes } from '../cluster/writes/configuration.ts';
import { ofRegion, operationRecord } from '../cluster/writes/records.ts';
import type { Inventory } from '../db/inventory.ts';
import type { RegionAccess } from '../region/region-access.ts';
import type { Definition, Outcome } from './definitions.ts';
import { createGuardedWriter } from './guarded-write.ts';
import type { Sender } from './journal.ts';
import type { Lease } from './lease.ts';
import { createHandle } from './operation-state.ts';
import { CancelledByPerson, runSteps } from './run-steps.ts';
import type { OperationContext, Step } from './step.ts';
import { pause, type OperationClock } from './time.ts';
import { fillVms, withSteps } from './view.ts';

/** This process stops driving: the app closes, or a person handed the operation over. What was begun stays recorded. */
export class StopsDriving extends Error {}

/** One operation that this process drives. */
export interface Driven {
  /** Where it goes by now: one that was cancelled leads back. */
  readonly direction: OperationDirection;
  operation(): Operation;
  /**
   * What is under way is brought to a safe end, then everything is undone that can be.
   * @throws ProblemError `not-available` once every step is done: then there is nothing to break off.
   */
  cancel(): void;
  /** Ends here without undoing anything; resolves when nothing more is sent. */
  stop(): Promise<void>;
  /** Resolves when it is over here, however it went. */
  readonly over: Promise<void>;
}

export interface DriveOptions {
  readonly operation: Operation;
  readonly record: OperationRecord;
  readonly definition: Definition;
  /** `undo`: the steps that lead back are run, not those that lead on. */
  readonly direction: OperationDirection;
  readonly region: RegionAccess;
  readonly inventory: Inventory;
  readonly lease: Lease;
  readonly send: Sender;
  readonly clock: OperationClock;
  readonly onChange: (operation: Operation) => void;
  readonly logError: (error: unknown) => void;
}

/** Longest that a failed operation tries to record why. */
const recordedWithinMs = 120_000;

export const operationRecordName = (node: string): string => `rackside-op-${node}`;

/** The record's changes for the cluster. */
export const recordChanges = (record: OperationRecord): Changes => ofRegion(operationRecord(record));

/** Drives an operation whose lease is held and whose record is written, until it ends, fails, or is stopped. */
export function drive(options: DriveOptions): Driven {
  const { definition, region, lease, clock, send } = options;
  const stopping = new AbortController();
  const cancelling = new AbortController();
  let { direction } = options;
  let record = options.record;
  const handle = createHandle(
    options.operation,
    { canUndo: definition.undo.length > 0, now: clock.now },
    options.onChange,
  );
  let current = '';
  let isEnding = false;
  fillVms(handle, record);

  const writer = createGuardedWriter({
    lease,
    send,
    clock,
    signal: stopping.signal,
    noteOwnWrite: () => region.noteOwnWrite(),
    onWaiting: (because) => {
      if (current !== '') handle.step(current, { detail: because === null ? '' : `waits: ${because}` });
    },
  });
  let saved: Promise<void> = Promise.resolve();
  // One after the other: of two VMs that end their moves together, neither may write over what the other has noted.
  const saveRecord: OperationContext['saveRecord'] = (change) => {
    const saving = saved.then(async () => {
      const next = { ...record, ...change(record), direction };
      await writer.merge(current, recordChanges(next));
      record = next;
    });
    saved = saving.catch(() => {});
    return saving;
  };
  /** What a step sends acts on machines: never after somebody else may hold the lock (R20). Looks go another way. */
  const provenSend: Sender = {
    async toControl(step, command, signal) {
      await lease.proven(stopping.signal);
      return send.toControl(step, command, signal);
    },
    async toNode(step, node, command, signal) {
      await lease.proven(stopping.signal);
      return send.toNode(step, node, command, signal);
    },
  };
  const contextOf = (step: Step, cancelled: AbortSignal): OperationContext => {
    current = step.id;
    return {
      id: handle.get().id,
      nodeId: handle.get().nodeId,
      node: record.node,
      region,
      inventory: options.inventory,
      handle,
      lease,
      write: writer,
      send: provenSend,
      clock,
      signal: stopping.signal,
      cancelled,
      record: () => record,
      saveRecord,
      say: (detail) => handle.step(step.id, { detail }),
    };
  };
  const never = new AbortController().signal;

  /** Takes the record out of the cluster: whoever verified the end, and nobody else, does that. */
  async function end(outcome: Outcome, left: readonly string[]): Promise<void> {
    isEnding = true;
    await writer.delete('end', regionMarkPath(operationRecordName(record.node)));
    await lease.release();
    // The table shows it first; the end is told after the snapshot that proves it.
    await region.readFresh().catch(() => {});
    await definition.settled(contextOf(endStep, never), outcome).catch(() => {});
    handle.update((old) => ({ ...old, state: { kind: 'ended', at: clock.now(), outcome, left } }));
  }

  async function undo(outcome: 'cancelled' | 'rolled-back'): Promise<void> {
    direction = 'undo';
    handle.update((old) => withSteps(old, definition.undo));
    await runSteps(definition.undo, 'undo', (step) => contextOf(step, never));
    const operation = handle.get();
    await end(definition.undone?.(operation, outcome) ?? outcome, definition.left(operation, outcome));
  }

  async function run(): Promise<void> {
    if (options.direction === 'undo') return undo('rolled-back');
    try {
      await runSteps(definition.steps(record), 'on', (step) => contextOf(step, cancelling.signal));
      // Cancelled in the last step: the wish counts as it does in every other one (R6).
      cancelling.signal.throwIfAborted();
    } catch (error) {
      if (!(error instanceof CancelledByPerson)) throw error;
      return undo('cancelled');
    }
    const { outcome, left } = definition.outcome(handle.get());
    return end(outcome, left);
  }

  async function failed(problem: Problem): Promise<void> {
    const isLost = problem.code === 'lease-lost';
    handle.update((old) => ({
      ...old,
      state: isLost ? { kind: 'elsewhere', owner: 'another laptop' } : { kind: 'failed', at: clock.now(), problem },
    }));
    // Only our own token is ever deleted: where it is another's by now, this does nothing.
    if (isLost) return lease.release();
    // Whoever looks at the node sees that it stands still, and why; the lease is free for whoever goes on.
    const noted = saveRecord(() => ({ failure: problem.message })).catch(() => {});
    await Promise.race([noted, pause(clock, recordedWithinMs, stopping.signal).catch(() => {})]);
    // A cluster that does not answer even now: the record tells of it without the reason.
    stopping.abort(new StopsDriving());
    await lease.release();
    await region.readFresh().catch(() => {});
  }

  const over = run()
    .catch(async (error: unknown) => {
      if (stopping.signal.aborted) {
        await lease.release();
        handle.update((old) => ({ ...old, state: { kind: 'unattended', since: clock.now() } }));
        return;
      }
      const problem = problemOf(error);
      if (problem === undefined) options.logError(error);
      await failed(problem ?? ownMistake);
    })
    .catch((error: unknown) => options.logError(error));

  return {
    get direction() {
      return direction;
    },
    operation: () => handle.get(),
    cancel() {
      // One that leads back already does what a cancel wishes.
      if (handle.get().state.kind !== 'running') return;
      if (isEnding) fail(comesToItsEnd);
      handle.update((old) => ({ ...old, state: { kind: 'cancelling', since: clock.now() } }));
      cancelling.abort(new CancelledByPerson());
    },
    async stop() {
      stopping.abort(new StopsDriving());
      await over;
    },
    over,
  };
}

const endStep: Step = {
  id: 'end',
  title: 'End',
  isDone: () => Promise.resolve(true),
  act: () => Promise.resolve(),
  verify: () => Promise.resolve(''),
};

/** Every step is done, and its record goes: a wish of that moment would be lost. */
const comesToItsEnd: Problem = {
  code: 'not-available',
  message: 'Every step of it is done, and it comes to its end at this moment: there is nothing left to cancel.',
  advice: 'Wait a moment, then look at the node: what was done can be undone by its own action.',
};

const ownMistake: Problem = {
  code: 'internal',
  message: 'Rackside made a mistake of its own and stopped.',
  advice: 'Nothing further is done. Look at what is true now, then continue or roll back; report it with the log file.',
};
