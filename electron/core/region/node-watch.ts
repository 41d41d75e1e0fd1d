import type { FastSample } from '#shared/model/hardware.ts';
import { fail, problemOf, type Problem } from '#shared/problems.ts';
import type { Parsed } from '../probes/probe.ts';
import { fastProbe } from '../probes/fast.ts';
import { runProbe } from '../probes/run-probe.ts';
import { slowProbeIds, slowProbes, type SlowProbeId } from '../probes/slow-probes.ts';
import type { ShellChannel, SshConnection, SshPool, SshTarget } from '../ssh/transport.ts';
import { retryDelayMs } from '../ssh/backoff.ts';
import type { Clock } from './clock.ts';
import { isRouteProblem, needsAPerson } from './questions.ts';
import { createWaiting, type Waiting } from './waiting.ts';

/**
 * What one node's watch tells the region. Each call is a fact; nothing is asked back. `onReached` and `onSlow` may throw a
 * `ProblemError` where the fact shows that this is not the node (R12): that ends the connection like any other problem.
 */
export interface NodeWatchSink {
  onReached(connection: SshConnection): void;
  onFast(sample: Parsed<FastSample>, roundTripMs: number): void;
  onSlow(id: SlowProbeId, value: Parsed<unknown>): void;
  /** Awaited before the next try, so that what it finds out never overtakes a later success. */
  onUnreachable(problem: Problem): Promise<void>;
}

/** What a status depends on: read with the cluster's pace, because "nothing runs here" must be fresh to be said (R1). */
export const vitalProbeIds = ['services', 'domains'] as const satisfies readonly SlowProbeId[];

/** What the health gate of a node that comes back asks for beside those: a link that comes up a moment late must not cost five minutes. */
const gateProbeIds = ['links', 'pools'] as const satisfies readonly SlowProbeId[];

export interface NodeWatch {
  /** Tries again now, also after a problem that waits for a person. */
  retry(): void;
  /** The laptop woke: what waits for a time is tried now; what waits for a person goes on waiting (R22). */
  resume(): void;
  /** The cluster says that something changed here: reads what statuses depend on now. */
  hasten(): void;
  /**
   * Reads the slow facts now; resolves when each was read or could not be. What waits for a person is tried again only where it is a
   * person who asks, and not an operation that is being prepared (R22).
   */
  refresh(asker: 'person' | 'engine'): Promise<void>;
  close(): void;
}

/**
 * Watches one node over one connection with two long-lived shells: fast values at their pace, slow facts at theirs, so that
 * a slow `smartctl` delays no CPU figure and a hung node delays no other node.
 *
 * @param routes the ways to the node, best first; asked at each connect, because the cluster may name another address.
 */
export function watchNode(options: {
  readonly pool: SshPool;
  readonly clock: Clock;
  readonly routes: () => readonly SshTarget[];
  readonly fastIntervalMs: () => number;
  readonly slowIntervalMs: () => number;
  readonly vitalIntervalMs: () => number;
  /** Its health gate is not passed yet: what the gate asks for is read at the pace of what a status depends on. */
  readonly isComingBack: () => boolean;
  readonly sink: NodeWatchSink;
  /** A start within the interval, so that a thousand nodes are not read in the same instant. */
  readonly phaseMs: number;
}): NodeWatch {
  const { pool, clock, sink } = options;
  const closing = new AbortController();
  const idle = createWaiting(clock);
  let current: { readonly fast: Waiting; readonly slow: Waiting } | undefined;
  const refreshes: (() => void)[] = [];
  let isWaitingForPerson = false;
  let isTelling = false;

  async function connect(): Promise<SshConnection> {
    const routes = options.routes();
    let first: Problem | undefined;
    for (const target of routes) {
      try {
        return await pool.acquire(target, { signal: closing.signal });
      } catch (error) {
        const problem = problemOf(error);
        if (problem === undefined || !isRouteProblem(problem)) throw error;
        first ??= problem;
      }
    }
    return fail(first ?? withoutAddress);
  }

  async function readFast(
    shell: ShellChannel,
    waiting: Waiting,
    isOver: AbortSignal,
    identified: Promise<void>,
    onFirst: () => void,
  ): Promise<never> {
    await identified;
    for (;;) {
      isOver.throwIfAborted();
      const begun = clock.now();
      const sample = await runProbe(shell, fastProbe, { signal: isOver });
      isOver.throwIfAborted();
      onFirst();
      sink.onFast(sample, clock.now() - begun);
      await waiting.sleep(Math.max(0, options.fastIntervalMs() - (clock.now() - begun)));
    }
  }

  /** Reads one slow fact. A tool that hangs makes its own value unknown, not the node unreachable. */
  async function readOne(shell: ShellChannel, id: SlowProbeId, isOver: AbortSignal): Promise<void> {
    const value = await runProbe<unknown>(shell, slowProbes[id], { signal: isOver }).catch((error: unknown) => {
      const problem = problemOf(error);
      // The shell was closed with the tool, and is opened anew by whoever uses it next.
      if (problem?.code !== 'command-timed-out') throw error;
      return { kind: 'unknown', because: problem.message } as const;
    });
    isOver.throwIfAborted();
    sink.onSlow(id, value);
  }

  async function readSlow(
    shell: ShellChannel,
    waiting: Waiting,
    isOver: AbortSignal,
    onIdentified: () => void,
  ): Promise<never> {
    let allReadAt = Number.NEGATIVE_INFINITY;
    for (;;) {
      // They stay in the list until they are answered: a connection that is lost in between answers them too.
      const asked = refreshes.length;
      const isAll = asked > 0 || clock.now() - allReadAt >= options.slowIntervalMs();
      if (isAll) allReadAt = clock.now();
      const vital = options.isComingBack() ? [...vitalProbeIds, ...gateProbeIds] : vitalProbeIds;
      for (const id of isAll ? slowProbeIds : vital) {
        await readOne(shell, id, isOver);
        onIdentified();
      }
      for (const done of refreshes.splice(0, asked)) done();
      if (refreshes.length === 0) await waiting.sleep(options.vitalIntervalMs());
      isOver.throwIfAborted();
    }
  }

  /** Connects and reads until something fails; throws what ended it. */
  async function observe(onFirst: () => void): Promise<never> {
    const connection = await connect();
    const over = new AbortController();
    const isOver = AbortSignal.any([over.signal, closing.signal]);
    // Who it is comes first (R12): the first slow fact is the system's, and nothing of another machine is told before it.
    const { promise: identified, resolve: onIdentified } = Promise.withResolvers<void>();
    const [fast, slow] = [createWaiting(clock), createWaiting(clock)];
    const opened: ShellChannel[] = [];
    const open = async () => {
      const shell = await connection.openShell();
      opened.push(shell);
      return shell;
    };
    try {
      closing.signal.throwIfAborted();
      sink.onReached(connection);
      current = { fast, slow };
      const fastShell = await open();
      const slowShell = await open();
      return await Promise.race([
        readFast(fastShell, fast, isOver, identified, onFirst),
        readSlow(slowShell, slow, isOver, onIdentified),
      ]);
    } finally {
      // The loop that did not fail must end too: it would go on with the next connection's questions.
      current = undefined;
      over.abort();
      for (const shell of opened) shell.close();
      onIdentified();
      fast.wakeNext();
      slow.wakeNext();
      connection.release();
    }
  }

  async function run(): Promise<void> {
    let attempt = 0;
    await idle.sleep(options.phaseMs);
    while (!closing.signal.aborted) {
      try {
        await observe(() => {
          attempt = 0;
        });
      } catch (error) {
        if (closing.signal.aborted) return;
        const problem = problemOf(error);
        if (problem === undefined) throw error;
        isTelling = true;
        await sink.onUnreachable(problem);
        isTelling = false;
        for (const done of refreshes.splice(0)) done();
        isWaitingForPerson = needsAPerson(problem);
        await idle.sleep(isWaitingForPerson ? null : retryDelayMs(attempt + 1, Math.random()));
        isWaitingForPerson = false;
        attempt += 1;
      }
    }
  }

  void run();
  return {
    retry() {
      // Asked while the last failure is still being looked into: then there is no sleep to end yet, but there will be one.
      if (isTelling) idle.wakeNext();
      else idle.wake();
    },
    resume() {
      current?.fast.wake();
      if (!isWaitingForPerson) idle.wake();
    },
    hasten() {
      // Also while it reads: what it has read of this round may be from before the change.
      current?.slow.wakeNext();
    },
    refresh(asker) {
      if (closing.signal.aborted) return Promise.resolve();
      const { promise: done, resolve } = Promise.withResolvers<void>();
      refreshes.push(resolve);
      if (isWaitingForPerson && asker === 'engine') {
        for (const end of refreshes.splice(0)) end();
        return done;
      }
      current?.slow.wake();
      current?.fast.wake();
      idle.wake();
      return done;
    },
    close() {
      closing.abort();
      idle.wake();
      current?.fast.wake();
      current?.slow.wake();
      for (const done of refreshes.splice(0)) done();
    },
  };
}

const withoutAddress: Problem = {
  code: 'address-not-found',
  message: 'Neither the cluster nor a record names an address of this node.',
  advice: 'Set ring0_addr in corosync.conf, or the address of the remote resource.',
};
