import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { fail, problemOf, ProblemError, type Problem } from '#shared/problems.ts';
import { whyNotBelieved } from '#shared/lifecycle/believe.ts';
import { readCluster } from '../cluster/pacemaker/read/read-cluster.ts';
import { hastensPoll, watchLogCommand } from '../cluster/pacemaker/read/watch-log.ts';
import type { ShellChannel, SshConnection, SshPool, SshTarget } from '../ssh/transport.ts';
import { retryDelayMs } from '../ssh/backoff.ts';
import { debounced, type Clock } from './clock.ts';
import { createHandover } from './handover.ts';
import { needsAPerson } from './questions.ts';
import { otherCluster } from './same-cluster.ts';
import { createWaiting } from './waiting.ts';

/** The control node that answers for the region now. */
export interface ControlNode {
  readonly target: SshTarget;
  readonly connection: SshConnection;
  readonly shell: ShellChannel;
}

export interface ClusterWatchSink {
  /** The last answer that was believed: what cluster this region is. */
  known(): ClusterAnswer | undefined;
  onConnecting(target: SshTarget): void;
  /** Once for each control node that is adopted, before its first answer. */
  onAdopted(control: ControlNode): Promise<void>;
  /** The control node is not followed any more: its connection is given back. */
  onReleased(): void;
  /** A quorate partition's answer. `askedAt`: UTC ms of the question, which is how old the answer is at most. */
  onAnswer(answer: ClusterAnswer, askedAt: number): void;
  /** An answer that cannot be believed about others: it only says why. */
  onDoubted(answer: ClusterAnswer): void;
  /** No quorate partition answers; tried again at `nextTryAt` (UTC ms), never by itself when `null`. */
  onFailure(problem: Problem, nextTryAt: number | null): void;
}

export interface ClusterWatch {
  /** Resolves at once, but between two control nodes: then when the next is adopted, or none is, or after a bound. */
  adopted(): Promise<void>;
  /**
   * Reads now, through the control node that answers; the sink has the answer before this resolves. Waits for `adopted`.
   * @throws ProblemError `no-control-node-answers` where none answers at the moment, and whatever ended the read.
   */
  readNow(): Promise<ClusterAnswer>;
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
/** A control node that answered for so long was no flash in the pan: when it goes, the others are tried before a pause is made. */
const settledMs = 10_000;
/** One control node that is lost is no reason to refuse what another would answer a moment later. */
const handoverMs = 15_000;

const nameOf = ({ host, port }: SshTarget): string => `${host} ${port}`;

/**
 * Watches the cluster through one control node at a time. The next target is tried when one is gone or answers without quorum:
 * only a quorate partition is believed.
 *
 * @param targets the control nodes to try, best first; asked again at each round, because the cluster tells of more.
 * @param holdMs nothing is connected for this long at first, unless a person asks; the first target is told at once.
 */
export function watchCluster(options: {
  readonly pool: SshPool;
  readonly clock: Clock;
  readonly targets: () => readonly SshTarget[];
  readonly intervalMs: () => number;
  readonly holdMs: number;
  readonly sink: ClusterWatchSink;
}): ClusterWatch {
  const { pool, clock, sink } = options;
  const closing = new AbortController();
  const idle = createWaiting(clock);
  const polling = createWaiting(clock);
  const handover = createHandover(clock, handoverMs);
  const hasten = debounced(clock, debounceMs, polling.wakeNext);
  /** Control nodes that wait for a person, with their question: never tried again by themselves, whatever the others do (R22). */
  const asking = new Map<string, Problem>();
  let attempt = 0;
  /** Reads and tells through the control node that is followed; `undefined` while none answers. */
  let readAndTell: (() => Promise<ClusterAnswer>) | undefined;
  let { holdMs } = options;
  let isWaitingForPerson = false;
  /** Asked for while a round was under way: the next one follows it without a pause. */
  let isRetryAsked = false;

  /** Reads until the control node fails; throws what ended it. */
  async function follow(target: SshTarget, onLive: () => void): Promise<never> {
    sink.onConnecting(target);
    if (holdMs > 0) await idle.sleep(holdMs);
    holdMs = 0;
    const connection = await pool.acquire(target, { signal: closing.signal });
    const opened: { close(): void }[] = [];
    try {
      const shell = await connection.openShell();
      opened.push(shell);
      const read = () => readBelieved(shell, { host: target.host, now: clock.now, signal: closing.signal }, sink);
      const firstAskedAt = clock.now();
      const first = await read();
      await sink.onAdopted({ target, connection, shell });
      closing.signal.throwIfAborted();
      sink.onAnswer(first, firstAskedAt);
      onLive();
      attempt = 0;
      const tell = async (): Promise<ClusterAnswer> => {
        const askedAt = clock.now();
        const answer = await read();
        sink.onAnswer(answer, askedAt);
        return answer;
      };
      readAndTell = tell;
      handover.end();
      opened.push(await followLog(connection, hasten.call));
      for (;;) {
        await polling.sleep(options.intervalMs());
        closing.signal.throwIfAborted();
        await tell();
      }
    } finally {
      if (readAndTell !== undefined && !closing.signal.aborted) handover.begin();
      readAndTell = undefined;
      sink.onReleased();
      for (const channel of opened) channel.close();
      connection.release();
    }
  }

  /** Follows one control node to its end: the problem it ended with, and for how long it had answered. */
  async function attend(target: SshTarget): Promise<{ readonly problem: Problem; readonly liveMs: number }> {
    let liveSince: number | undefined;
    try {
      return await follow(target, () => {
        liveSince = clock.now();
        isRetryAsked = false;
      });
    } catch (error) {
      const problem = problemOf(error);
      if (closing.signal.aborted || problem === undefined) throw error;
      if (needsAPerson(problem)) asking.set(nameOf(target), problem);
      return { problem, liveMs: liveSince === undefined ? 0 : clock.now() - liveSince };
    }
  }

  /** Tries every control node until none is left; resolves with why not. */
  async function round(): Promise<readonly Problem[]> {
    let problems: Problem[] = [];
    const untried = [...options.targets()];
    const tried: SshTarget[] = [];
    for (let target = untried.shift(); target !== undefined; target = untried.shift()) {
      const held = asking.get(nameOf(target));
      const { problem, liveMs } = held === undefined ? await attend(target) : { problem: held, liveMs: 0 };
      if (liveMs >= settledMs) {
        // What the others said is from before this one answered: each has its turn anew.
        untried.push(...tried.splice(0));
        problems = [];
      }
      tried.push(target);
      problems.push(problem);
    }
    return problems;
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      isRetryAsked = false;
      const problems = await round();
      handover.end();
      if (isRetryAsked) {
        // Told all the same: whoever asks again and again must still hear why it does not work.
        sink.onFailure(worstOf(problems), clock.now());
        continue;
      }
      const delayMs = problems.every(needsAPerson) ? null : retryDelayMs(attempt + 1, Math.random());
      attempt += 1;
      sink.onFailure(worstOf(problems), delayMs === null ? null : clock.now() + delayMs);
      isWaitingForPerson = delayMs === null;
      await idle.sleep(delayMs);
      isWaitingForPerson = false;
    }
  }

  // Only a bug ends the loop by throwing; it surfaces as an unhandled rejection, which the shells log and show.
  void run().catch((error: unknown) => {
    if (!closing.signal.aborted) throw error;
  });
  return {
    adopted: () => handover.over(),
    // Async, so that what fails at once is a rejection like any other.
    async readNow() {
      await handover.over();
      if (readAndTell !== undefined) return readAndTell();
      return fail({
        code: 'no-control-node-answers',
        message: 'No control node of the region answers at the moment.',
        advice: 'Wait until the region is live again; what was begun is looked at then.',
      });
    },
    retry() {
      asking.clear();
      isRetryAsked = true;
      polling.wake();
      idle.wake();
    },
    resume() {
      polling.wake();
      if (!isWaitingForPerson) idle.wake();
    },
    close() {
      closing.abort();
      handover.end();
      hasten.cancel();
      polling.wake();
      idle.wake();
    },
  };
}

async function readBelieved(
  shell: ShellChannel,
  { host, now, signal }: { readonly host: string; readonly now: () => number; readonly signal: AbortSignal },
  sink: ClusterWatchSink,
): Promise<ClusterAnswer> {
  const answer = await readCluster(shell, { deadlineMs: readDeadlineMs, now, signal });
  // Whoever closed the region hears nothing more of it.
  signal.throwIfAborted();
  const other = otherCluster(sink.known(), answer, host);
  if (other !== undefined) return fail(other);
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
