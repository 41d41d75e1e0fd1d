import { assertNever } from '#shared/assert.ts';
import { fail } from '#shared/problems.ts';
import { guardedDelete, guardedMerge, guardOf, type Guard } from '../cluster/writes/guarded.ts';
import type { Changes } from '../cluster/writes/configuration.ts';
import { setResourceOption } from '../cluster/writes/resource-meta.ts';
import type { ShownCommand } from '../cluster/writes/shown-command.ts';
import type { WriteOutcome } from '../cluster/writes/write-outcome.ts';
import type { Sender } from './journal.ts';
import type { Lease } from './lease.ts';
import { untilAnswered } from './reach.ts';
import type { OperationClock } from './time.ts';

/**
 * The one way in which an operation changes the cluster's configuration: proven lease, then one transaction that carries quorum and lease as
 * its own conditions, then a look that they still hold. Every change is by ids, so that a write whose answer was lost is made again.
 */
export interface GuardedWriter {
  merge(step: string, changes: Changes, conditions?: WriteConditions): Promise<void>;
  /** Deletes what stands at `path` below `configuration`; nothing there is as good. */
  delete(step: string, path: string, conditions?: WriteConditions): Promise<void>;
  /** Sets an option of a resource, or takes it away (`null`), as `setResourceOption` does. */
  option(step: string, setting: Omit<Parameters<typeof setResourceOption>[0], 'guard'>): Promise<void>;
  /** The guard itself, for what writes on its own (a move's unit). */
  guard(): Guard;
}

export interface WriteConditions {
  /** XPath below `configuration` that must not be there. @throws ProblemError `changed-meanwhile` where it is. */
  readonly unless?: string;
  /** XPath below `configuration` that must be there. @throws ProblemError `changed-meanwhile` where it is not. */
  readonly requires?: string;
}

export function createGuardedWriter(options: {
  readonly lease: Lease;
  readonly send: Sender;
  readonly clock: OperationClock;
  readonly signal: AbortSignal;
  readonly noteOwnWrite: () => void;
  /** Told while the cluster does not answer; `null` once it does. */
  readonly onWaiting: (because: string | null) => void;
}): GuardedWriter {
  const { lease, send, clock, signal, noteOwnWrite, onWaiting } = options;
  const guard = guardOf(lease.held);

  async function write(step: string, command: ShownCommand<WriteOutcome>): Promise<void> {
    await untilAnswered(
      async () => {
        await lease.proven(signal);
        const outcome = await send.toControl(step, command, signal);
        noteOwnWrite();
        judge(outcome);
      },
      { clock, signal, onWaiting },
    );
  }

  return {
    merge: (step, changes, conditions = {}) => write(step, guardedMerge({ guard, changes, ...conditions })),
    delete: (step, path, conditions = {}) => write(step, guardedDelete({ guard, path, ...conditions })),
    option: (step, setting) => write(step, setResourceOption({ guard, ...setting })),
    guard: () => guard,
  };
}

/** @throws ProblemError where it was not written; one that `isLost` where nobody knows, so that it is made again. */
function judge(outcome: WriteOutcome): void {
  switch (outcome.kind) {
    case 'written':
      return;
    case 'refused':
      if (outcome.because === 'no-quorum')
        fail({
          code: 'no-quorum',
          message: 'The cluster has no quorum, so nothing was written.',
          advice: 'It is tried again by itself once more than half of the votes are back.',
        });
      fail({
        code: 'lease-lost',
        message: 'The lock on the node is not this laptop’s any more, so nothing was written.',
        advice: 'Look at the operation’s page: it says who goes on with it.',
      });
    case 'exists':
    case 'changed':
      fail({
        code: 'changed-meanwhile',
        message: 'Somebody else changed the same thing in the cluster at this moment, so nothing was written.',
        advice: 'Read again what stands there, and decide anew.',
      });
    case 'not-proven':
      // The same write again is the same change: it is made until it is proven, or the guard says no.
      fail({
        code: 'connection-lost',
        message: `A write is not proven: ${outcome.because}.`,
        advice: 'It is looked at again.',
      });
    case 'error':
      fail({
        code: 'write-refused',
        message: `The cluster refused a change (status ${outcome.exitStatus}): ${outcome.because.trim() || 'without a word'}.`,
        advice: 'Nothing of it was written. The transcript has the command and its output.',
      });
    default:
      assertNever(outcome);
  }
}
