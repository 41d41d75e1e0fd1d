import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { ProblemError } from '#shared/problems.ts';
import { Gate } from './gate.ts';

/** Most session channels on one connection: below a stock sshd's MaxSessions 10 (R23), with room for a technician's own. */
export const mostChannels = 6;

/** How long a server may take to forget a session whose channel has closed, ms. */
const closingMs = 50;

/** With no more channels than these, none can be kept for what only saves time. */
const fewChannels = 2;

/**
 * Opens session channels, at most six at a time, first come first served. A server that allows fewer is believed: the limit is lowered
 * to what it let us have, and the request waits its turn instead of failing. Shells that are kept open between their commands give way: a
 * login that needs sudo keeps two where root keeps one, and what a person asks for must not wait for a shell that does nothing.
 */
export class SessionChannels {
  readonly #client: Client;
  readonly #machine: string;
  readonly #gate = new Gate(mostChannels);
  #open = 0;
  #mostOpen = 0;
  /** What closes the shells that rest, the one that has rested longest first. */
  readonly #resting = new Set<() => void>();
  readonly #sparing = new Set<() => void>();

  constructor(client: Client, machine: string) {
    this.#client = client;
    this.#machine = machine;
  }

  /** Channels that are open or being opened. */
  get count(): number {
    return this.#gate.holders;
  }

  /** A channel that does nothing until it is taken into use again: `giveWay` closes it where another is needed. @returns takes it into use. */
  rest(giveWay: () => void): () => void {
    this.#resting.add(giveWay);
    if (this.#gate.isWaitedFor) this.#makeRoom();
    return () => this.#resting.delete(giveWay);
  }

  /** A channel that is busy with what can be done without: it gives way where the server allows next to none. @returns forgets it. */
  spare(giveWay: () => void): () => void {
    this.#sparing.add(giveWay);
    return () => this.#sparing.delete(giveWay);
  }

  /** Opens a channel that runs `commandLine`. Rejects with `too-many-sessions` where the server allows none at all. */
  async open(commandLine: string, signal?: AbortSignal): Promise<ClientChannel> {
    for (;;) {
      if (this.#gate.isFull) this.#makeRoom();
      const leave = await this.#gate.enter(signal);
      try {
        const channel = await this.#exec(commandLine);
        this.#open += 1;
        this.#mostOpen = Math.max(this.#mostOpen, this.#open);
        // 'close' always comes: from the server, or from ssh2 when the connection is lost.
        channel.once('close', () => {
          this.#open -= 1;
          leave();
        });
        return channel;
      } catch (error) {
        leave();
        if (!isRefusedChannel(error)) throw error;
        const others = this.#gate.holders;
        if (others === 0 && this.#mostOpen === 0)
          throw new ProblemError(
            {
              code: 'too-many-sessions',
              message: `${this.#machine} opens no session for this login (${error.message}).`,
              advice: 'Look at MaxSessions, ForceCommand and the account’s limits on that machine.',
            },
            { cause: error },
          );
        // What it once had open at a time it has again: then only the session of a channel that has just closed is not over yet.
        this.#gate.lowerTo(Math.max(others, this.#mostOpen));
        if (others < this.#mostOpen) await sleep(closingMs, undefined, signal === undefined ? {} : { signal });
      }
    }
  }

  #makeRoom(): void {
    const [resting] = this.#resting;
    const [spared] = this.#gate.capacity <= fewChannels ? this.#sparing : [];
    const giveWay = resting ?? spared;
    if (giveWay === undefined) return;
    this.#resting.delete(giveWay);
    this.#sparing.delete(giveWay);
    giveWay();
  }

  #exec(commandLine: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.#client.exec(commandLine, (error, channel) => {
        if (error === undefined || error === null) resolve(channel);
        else reject(error);
      });
    });
  }
}

function isRefusedChannel(error: unknown): error is Error {
  return error instanceof Error && /channel open failure/i.test(error.message) && !/no response/i.test(error.message);
}
