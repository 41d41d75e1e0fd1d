import { type Problem, ProblemError, problemOf } from '#shared/problems.ts';
import type { LoginQuestion } from './authentication.ts';
import { Gate } from './gate.ts';
import { type OpenedClient, shakeHands } from './handshake.ts';
import { HeldConnection } from './held-connection.ts';
import { KnownHosts } from './known-hosts-files.ts';
import { PoolEntry } from './pool-entry.ts';
import { PrivateKeys } from './private-keys.ts';
import { jumpProblem } from './reach-problems.ts';
import { SecretTrials } from './secret-trials.ts';
import { loadSsh2 } from './ssh2-library.ts';
import type { SshSession } from './ssh-session.ts';
import { hopsTo, knownHostName, machineName, targetKey } from './target-names.ts';
import { defaultTimings, type SshClock, type SshTimings, systemClock } from './timings.ts';
import type { KnownHostStore, SecretSource, SshConnection, SshPool, SshTarget } from './transport.ts';

/**
 * Most handshakes at once (R23), with one machine and of the pool: a stock sshd begins to drop logins at ten that are not through
 * (MaxStartups 10:30:100).
 */
const mostHandshakes = 8;

export interface SshPoolOptions {
  readonly secrets: SecretSource;
  readonly knownHosts: KnownHostStore;
  /** The user's and the system's files, absolute paths; they are read, never written. A missing one is an empty one. */
  readonly knownHostsFiles: readonly string[];
  /** The agent's socket for methods that name none, usually SSH_AUTH_SOCK. */
  readonly agentSocket?: string;
  readonly timings?: Partial<SshTimings>;
  readonly clock?: SshClock;
  /** Told one line for each attempt's outcome; never a secret. */
  readonly log?: (line: string) => void;
}

/** The program's pool over ssh2. */
export function createSshPool(options: SshPoolOptions): SshPool {
  return new Pool(options);
}

class Pool implements SshPool {
  readonly #options: SshPoolOptions;
  readonly #timings: SshTimings;
  readonly #clock: SshClock;
  readonly #knownHosts: KnownHosts;
  readonly #privateKeys = new PrivateKeys();
  readonly #handshakes = new Gate(mostHandshakes);
  readonly #atMachine = new Map<string, Gate>();
  readonly #entries = new Map<string, PoolEntry>();
  readonly #trials: SecretTrials;
  readonly #stopListening: () => void;
  readonly #closing = new AbortController();
  #awake: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;

  constructor(options: SshPoolOptions) {
    this.#options = options;
    this.#timings = { ...defaultTimings, ...options.timings };
    this.#clock = options.clock ?? systemClock;
    this.#knownHosts = new KnownHosts(options.knownHosts, options.knownHostsFiles);
    this.#trials = new SecretTrials(this.#clock);
    this.#stopListening = options.secrets.onSupplied?.((of) => this.#trials.supplied(of)) ?? (() => {});
  }

  async acquire(
    target: SshTarget,
    options: { readonly signal?: AbortSignal; readonly deadlineMs?: number },
  ): Promise<SshConnection> {
    const deadlineMs = options.deadlineMs ?? this.#timings.acquireMs;
    const time = new AbortController();
    const stopTimer = this.#clock.after(deadlineMs, () => time.abort(new ProblemError(notInTime(target, deadlineMs))));
    const onAbort = () => time.abort(new ProblemError(cancelled(target)));
    if (options.signal?.aborted === true) onAbort();
    options.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      time.signal.throwIfAborted();
      await untilAborted(this.#awake, time.signal);
      return await this.#hold(target, time.signal);
    } finally {
      stopTimer();
      options.signal?.removeEventListener('abort', onAbort);
    }
  }

  async answer(conversationId: string, answers: readonly string[]): Promise<void> {
    const entry = [...this.#entries.values()].find((candidate) => candidate.isAsking(conversationId));
    if (entry === undefined)
      throw new ProblemError({
        code: 'connection-timed-out',
        message: 'The machine does not wait for this answer any more.',
        advice: 'Connect again; it will ask once more.',
      });
    await entry.answer(answers, this.#closing.signal);
  }

  suspend(): void {
    if (this.#wake !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awake = promise;
    this.#wake = resolve;
    for (const session of this.#sessions()) session.keepalive.suspend();
  }

  resume(): void {
    this.#wake?.();
    this.#wake = undefined;
    for (const session of this.#sessions()) session.keepalive.resume();
  }

  stats(): { readonly connections: number; readonly channels: number; readonly handshakes: number } {
    const sessions = this.#sessions();
    return {
      connections: sessions.length,
      channels: sessions.reduce((sum, session) => sum + session.channels.count, 0),
      handshakes: this.#handshakes.holders,
    };
  }

  close(): void {
    this.#closing.abort(
      new ProblemError({
        code: 'cancelled',
        message: 'Rackside is closing its connections.',
        advice: 'Start it again.',
      }),
    );
    this.#stopListening();
    this.#wake?.();
    for (const entry of this.#entries.values()) entry.end();
  }

  async #hold(target: SshTarget, signal: AbortSignal): Promise<SshConnection> {
    this.#closing.signal.throwIfAborted();
    const entry = this.#entryFor(target);
    const session = await entry.hold(signal);
    return new HeldConnection(session, () => entry.unhold());
  }

  #entryFor(target: SshTarget): PoolEntry {
    const key = targetKey(target);
    const existing = this.#entries.get(key);
    if (existing !== undefined) return existing;
    const entry: PoolEntry = new PoolEntry(
      target,
      { secrets: this.#options.secrets, trials: this.#trials, timings: this.#timings, clock: this.#clock },
      (...args) => this.#connect(...args),
      () => {
        // By the time it goes, another attempt for the same target may stand under the key.
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    this.#entries.set(key, entry);
    return entry;
  }

  async #connect(
    target: SshTarget,
    signal: AbortSignal,
    onQuestion: (question: LoginQuestion) => void,
  ): Promise<OpenedClient> {
    // The entry is registered under its target before anything of the attempt runs.
    await Promise.resolve();
    const startedAt = this.#clock.now();
    const hops = hopsTo(target);
    const hop = hops.at(-1);
    const jump = hop === undefined ? undefined : await this.#holdJump(hop, hops.slice(0, -1), target, signal);
    try {
      const [ssh2, knowledge] = await Promise.all([loadSsh2(), this.#knownHosts.about(target)]);
      const opened = await this.#inTurn(target, signal, (onSlotUnneeded) =>
        shakeHands({
          target,
          via: jump === undefined ? undefined : { target: jump.session.target, client: jump.session.client },
          knowledge,
          authentication: {
            ssh2,
            secrets: this.#options.secrets,
            privateKeys: this.#privateKeys,
            trials: this.#trials,
            defaultAgentSocket: this.#options.agentSocket,
            onQuestion,
          },
          timings: this.#timings,
          clock: this.#clock,
          signal,
          onSlotUnneeded,
        }),
      );
      // The way stays as long as what goes through it.
      if (jump !== undefined) opened.client.on('close', () => jump.release());
      this.#log(
        `connected to ${target.user}@${machineName(target)} in ${Math.round(this.#clock.now() - startedAt)} ms`,
      );
      return opened;
    } catch (error) {
      jump?.release();
      this.#log(`not connected to ${target.user}@${machineName(target)}: ${problemOf(error)?.code ?? String(error)}`);
      throw error;
    }
  }

  /**
   * Waits for two places: one at the machine, which is kept to the end, because its sshd counts every login that is not through; and one
   * of the pool's, which a silent or slow machine gives back (`onSlotUnneeded`), because it must delay no other.
   */
  async #inTurn<T>(
    target: SshTarget,
    signal: AbortSignal,
    work: (onSlotUnneeded: () => void) => Promise<T>,
  ): Promise<T> {
    const machine = knownHostName(target.host, target.port);
    const atMachine = this.#atMachine.get(machine) ?? new Gate(mostHandshakes);
    this.#atMachine.set(machine, atMachine);
    const tidy = (): void => {
      if (atMachine.holders === 0) this.#atMachine.delete(machine);
    };
    const leaveMachine = await atMachine.enter(signal).finally(tidy);
    try {
      const leave = await this.#handshakes.enter(signal);
      return await work(leave).finally(leave);
    } finally {
      leaveMachine();
      tidy();
    }
  }

  async #holdJump(
    hop: SshTarget,
    before: readonly SshTarget[],
    target: SshTarget,
    signal: AbortSignal,
  ): Promise<{ readonly session: SshSession; release(): void }> {
    const entry = this.#entryFor({ ...hop, jumps: before });
    try {
      const session = await entry.hold(signal);
      return { session, release: () => entry.unhold() };
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      const position = `hop ${before.length + 1} of ${hopsTo(target).length}`;
      throw new ProblemError(jumpProblem(problem, hop, position, target), { cause: error });
    }
  }

  #sessions(): readonly SshSession[] {
    return [...this.#entries.values()].flatMap((entry) => (entry.session === undefined ? [] : [entry.session]));
  }

  #log(line: string): void {
    this.#options.log?.(line);
  }
}

function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}

function notInTime(target: SshTarget, deadlineMs: number): Problem {
  return {
    code: 'connection-timed-out',
    message: `${machineName(target)} could not be reached within ${Math.round(deadlineMs / 1000)} s.`,
    advice: 'Check that the machine is powered on, and the network and VPN of this laptop.',
  };
}

function cancelled(target: SshTarget): Problem {
  return {
    code: 'cancelled',
    message: `Connecting to ${machineName(target)} was cancelled.`,
    advice: 'Connect again when it is needed.',
  };
}
