import type { Client } from 'ssh2';
import { type Problem, ProblemError, problemOf } from '#shared/problems.ts';
import { FramedShell } from './framed-shell.ts';
import type { OpenedClient } from './handshake.ts';
import { Keepalive } from './keepalive.ts';
import { RootShells } from './root-shells.ts';
import type { SecretTrials } from './secret-trials.ts';
import { SessionChannels } from './session-channels.ts';
import { machineName } from './target-names.ts';
import type { SshClock, SshTimings } from './timings.ts';
import type { SecretSource, SshTarget } from './transport.ts';

export interface SessionPorts {
  readonly secrets: SecretSource;
  readonly trials: SecretTrials;
  readonly timings: SshTimings;
  readonly clock: SshClock;
}

/** A shell that was opened, with what it said of itself. */
export interface OpenedShell {
  readonly shell: FramedShell;
  /** What its commands run in; 0 where unknown. */
  readonly processGroup: number;
  readonly isRoot: boolean;
}

/** One live connection: its channels, its sign of life, its end. The pool counts who holds it. */
export class SshSession {
  readonly target: SshTarget;
  readonly machine: string;
  readonly hostKey: OpenedClient['hostKey'];
  readonly client: Client;
  readonly channels: SessionChannels;
  readonly ports: SessionPorts;
  readonly keepalive: Keepalive;
  readonly #opened: OpenedClient;
  readonly #rootShells: RootShells;
  readonly #listeners = new Set<(error?: Error) => void>();
  #uid: number | undefined;
  #ending: { readonly error: Error | undefined } | undefined;
  #deathProblem: Problem | undefined;

  constructor(target: SshTarget, opened: OpenedClient, ports: SessionPorts) {
    this.target = target;
    this.machine = machineName(target);
    this.hostKey = opened.hostKey;
    this.client = opened.client;
    this.#opened = opened;
    this.ports = ports;
    this.channels = new SessionChannels(opened.client, this.machine);
    this.#rootShells = new RootShells(this);
    this.keepalive = new Keepalive({
      clock: ports.clock,
      timings: ports.timings,
      heardBytes: () => opened.heardBytes(),
      ping: () => this.#ping(),
      onDead: () => this.abandon(this.#silentProblem()),
    });
    opened.client.on('error', (error) => {
      this.#deathProblem ??= this.lostProblem(error.message);
    });
    opened.client.on('close', () => this.#finish(this.#deathProblem ?? this.lostProblem('the other side closed it')));
  }

  get isOpen(): boolean {
    return this.#ending === undefined;
  }

  /** Why it ended, once it did and not by our own wish. */
  get endedBy(): Problem | undefined {
    return problemOf(this.#ending?.error);
  }

  onClosed(listener: (error?: Error) => void): () => void {
    if (this.#ending !== undefined) {
      const { error } = this.#ending;
      queueMicrotask(() => listener(error));
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the connection because nobody needs it. */
  close(): void {
    this.#finish(undefined);
    sayGoodbye(this.#opened, this.ports);
  }

  /** Ends the connection because it is of no use any more: no polite farewell, the peer may not be there to hear it. */
  abandon(problem: Problem): void {
    this.#finish(problem);
    this.#opened.cut();
  }

  /** Opens a shell with the asked rights. `signal` ends the wait for a free channel. */
  async openShell(privilege: 'none' | 'root', signal?: AbortSignal): Promise<OpenedShell> {
    if (privilege === 'none') return this.#openPlainShell(signal);
    if (this.#uid === undefined) {
      const first = await this.#openPlainShell(signal);
      if (this.#uid === 0) return first;
      first.shell.close(this.lostProblem('not needed'));
    }
    return this.#uid === 0 ? this.#openPlainShell(signal) : this.#rootShells.open(signal);
  }

  /** Numeric user id of the login; known after the first shell. */
  get uid(): number | undefined {
    return this.#uid;
  }

  lostProblem(why: string): Problem {
    return {
      code: 'connection-lost',
      message: `The connection to ${this.machine} was lost (${why}).`,
      advice: 'It is tried again. What was running there may have taken effect: its state has to be read.',
    };
  }

  async #openPlainShell(signal: AbortSignal | undefined): Promise<OpenedShell> {
    // Only these words are read by the login shell, whichever it is; its own start files are paid for once a channel, not once a command.
    const channel = await this.openChannel('exec /bin/sh', signal);
    const shell = new FramedShell(channel, this.machine, () => this.endedBy);
    const identity = await shell.hello();
    this.#uid = identity.uid;
    return { shell, processGroup: identity.processGroup, isRoot: identity.uid === 0 };
  }

  /** A channel that runs a command line; trouble with the connection becomes `connection-lost`. */
  async openChannel(commandLine: string, signal?: AbortSignal): ReturnType<SessionChannels['open']> {
    if (this.#ending !== undefined) throw this.#ending.error ?? new ProblemError(this.lostProblem('it was closed'));
    try {
      return await this.channels.open(commandLine, signal);
    } catch (error) {
      if (error instanceof ProblemError || signal?.aborted === true) throw error;
      if (this.endedBy !== undefined) throw new ProblemError(this.endedBy, { cause: error });
      throw new ProblemError(this.lostProblem(error instanceof Error ? error.message : String(error)), {
        cause: error,
      });
    }
  }

  #ping(): void {
    try {
      // A global request that changes nothing and that every server must answer, be it with "no" (RFC 4254, section 4).
      this.client.unforwardIn('127.0.0.1', 1, () => undefined);
    } catch {
      // The connection was lost a moment ago; 'close' tells.
    }
  }

  #silentProblem(): Problem {
    return this.lostProblem('it gave no sign of life');
  }

  #finish(problem: Problem | undefined): void {
    if (this.#ending !== undefined) return;
    const error = problem === undefined ? undefined : new ProblemError(problem);
    this.#ending = { error };
    this.keepalive.stop();
    for (const listener of this.#listeners) listener(error);
    this.#listeners.clear();
  }
}

/**
 * Ends a client politely, and for certain: a peer behind a dead network never answers the farewell, and its socket would keep
 * the program from ending for as long as the kernel repeats itself (a quarter of an hour).
 */
export function sayGoodbye(
  { client, cut }: OpenedClient,
  { clock, timings }: Pick<SessionPorts, 'clock' | 'timings'>,
): void {
  const cancel = clock.after(timings.farewellMs, cut);
  client.once('close', cancel);
  client.end();
}
