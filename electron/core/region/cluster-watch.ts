import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { fail, problemOf, ProblemError, type Problem } from '#shared/problems.ts';
import { whyNotBelieved } from '#shared/lifecycle/believe.ts';
import { readCluster } from '../cluster/pacemaker/read/read-cluster.ts';
import { hastensPoll, watchLogCommand } from '../cluster/pacemaker/read/watch-log.ts';
import type { ShellChannel, SshConnection, SshPool, SshTarget } from '../ssh/transport.ts';
import { retryDelayMs } from '../ssh/backoff.ts';
import type { Clock } from './clock.ts';
import { needsAPerson } from './questions.ts';
import { createWaiting } from './waiting.ts';

/** The control node that answers for the region now. */
export interface ControlNode {
  readonly target: SshTarget;
  readonly connection: SshConnection;
  readonly shell: ShellChannel;
}

export interface ClusterWatchSink {
  onConnecting(target: SshTarget): void;
  /** Once for each control node that is adopted, before its first answer. */
  onAdopted(control: ControlNode): Promise<void>;
  /** A quorate partition's answer. */
  onAnswer(answer: ClusterAnswer): void;
  /** An answer that cannot be believed about others: it only says why. */
  onDoubted(answer: ClusterAnswer): void;
  /** No quorate partition answers; tried again at `nextTryAt` (UTC ms), never by itself when `null`. */
  onFailure(problem: Problem, nextTryAt: number | null): void;
}

export interface ClusterWatch {
  /** A person asks for another try now, whatever the last one waits for. */
  retry(): void;
  /** The laptop woke: what waits for a time is tried now; what waits for a person goes on waiting (R22). */
  resume(): void;
  close(): void;
}

/** crm_mon lags up to 8 s while corosync re-forms (recipe.md, 10): less than this would take a slow answer for none. */
const readDeadlineMs = 20_000;
/** A burst of log lines is one change. */
const debounceMs = 200;

/**
 * Watches the cluster through one control node at a time. The next target is tried when one is gone or answers without quorum:
 * only a quorate partition is believed.
 *
 * @param targets the control nodes to try, best first; asked again at each round, because the cluster tells of more.
 */
export function watchCluster(options: {
  readonly pool: SshPool;
  readonly clock: Clock;
  readonly targets: () => readonly SshTarget[];
  readonly intervalMs: () => number;
  readonly sink: ClusterWatchSink;
}): ClusterWatch {
  const { pool, clock, sink } = options;
  const closing = new AbortController();
  const idle = createWaiting(clock);
  const polling = createWaiting(clock);
  let attempt = 0;
  let isWaitingForPerson = false;

  /** Reads until the control node fails; throws what ended it. */
  async function follow(target: SshTarget): Promise<never> {
    sink.onConnecting(target);
    const connection = await pool.acquire(target, { signal: closing.signal });
    const opened: { close(): void }[] = [];
    try {
      const shell = await connection.openShell();
      opened.push(shell);
      const read = () => readBelieved(shell, clock, sink);
      const first = await read();
      await sink.onAdopted({ target, connection, shell });
      sink.onAnswer(first);
      attempt = 0;
      opened.push(await followLog(connection, () => clock.after(debounceMs, polling.wakeNext)));
      for (;;) {
        await polling.sleep(options.intervalMs());
        closing.signal.throwIfAborted();
        sink.onAnswer(await read());
      }
    } finally {
      for (const channel of opened) channel.close();
      connection.release();
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const problems: Problem[] = [];
      for (const target of options.targets()) {
        try {
          await follow(target);
        } catch (error) {
          if (closing.signal.aborted) return;
          const problem = problemOf(error);
          if (problem === undefined) throw error;
          problems.push(problem);
        }
      }
      const problem = worstOf(problems);
      const delayMs = problems.every(needsAPerson) ? null : retryDelayMs(attempt + 1, Math.random());
      attempt += 1;
      sink.onFailure(problem, delayMs === null ? null : clock.now() + delayMs);
      isWaitingForPerson = delayMs === null;
      await idle.sleep(delayMs);
      isWaitingForPerson = false;
    }
  }

  // Only a bug ends the loop by throwing; it surfaces as an unhandled rejection, which the shells log and show.
  void run();
  return {
    retry() {
      polling.wake();
      idle.wake();
    },
    resume() {
      polling.wake();
      if (!isWaitingForPerson) idle.wake();
    },
    close() {
      closing.abort();
      polling.wake();
      idle.wake();
    },
  };
}

async function readBelieved(shell: ShellChannel, clock: Clock, sink: ClusterWatchSink): Promise<ClusterAnswer> {
  const answer = await readCluster(shell, { deadlineMs: readDeadlineMs, now: clock.now });
  const because = whyNotBelieved(answer);
  if (because === undefined) return answer;
  sink.onDoubted(answer);
  return fail({
    code: 'no-quorum',
    message: `${answer.via} says: ${because}. What it says of other nodes is not believed.`,
    advice:
      'Look for control nodes that are off or cut off; the region is live again once more than half of the votes are back.',
  });
}

/** The log only hastens the poll: where it cannot be followed, the interval alone serves. */
async function followLog(connection: SshConnection, onChange: () => void): Promise<{ close(): void }> {
  try {
    return await connection.follow(
      watchLogCommand,
      (line) => {
        if (hastensPoll(line)) onChange();
      },
      () => {},
    );
  } catch (error) {
    if (error instanceof ProblemError) return { close: () => {} };
    throw error;
  }
}

/** What a person should hear of several failed tries: a question first, then an answer without quorum, then the first. */
function worstOf(problems: readonly Problem[]): Problem {
  return (
    problems.find(needsAPerson) ??
    problems.find((problem) => problem.code === 'no-quorum') ??
    problems[0] ?? {
      code: 'no-control-node-answers',
      message: 'The region has no control node to ask.',
      advice: 'Add the address of a control node in the region’s settings.',
    }
  );
}
