import type { Client, ClientChannel } from 'ssh2';
import { ProblemError } from '#shared/problems.ts';
import { Gate } from './gate.ts';

/** Most session channels on one connection: below a stock sshd's MaxSessions 10 (R23), with room for a technician's own. */
export const mostChannels = 6;

/**
 * Opens session channels, at most six at a time, first come first served. A server that allows fewer is believed: the limit is lowered
 * to what it let us have, and the request waits its turn instead of failing.
 */
export class SessionChannels {
  readonly #client: Client;
  readonly #machine: string;
  readonly #gate = new Gate(mostChannels);

  constructor(client: Client, machine: string) {
    this.#client = client;
    this.#machine = machine;
  }

  /** Channels that are open or being opened. */
  get count(): number {
    return this.#gate.holders;
  }

  /** Opens a channel that runs `commandLine`. Rejects with `too-many-sessions` where the server allows none at all. */
  async open(commandLine: string, signal?: AbortSignal): Promise<ClientChannel> {
    for (;;) {
      const leave = await this.#gate.enter(signal);
      try {
        const channel = await this.#exec(commandLine);
        // 'close' always comes: from the server, or from ssh2 when the connection is lost.
        channel.once('close', leave);
        return channel;
      } catch (error) {
        leave();
        if (!isRefusedChannel(error)) throw error;
        const others = this.#gate.holders;
        if (others === 0)
          throw new ProblemError(
            {
              code: 'too-many-sessions',
              message: `${this.#machine} opens no session for this login (${error.message}).`,
              advice: 'Look at MaxSessions, ForceCommand and the account’s limits on that machine.',
            },
            { cause: error },
          );
        this.#gate.lowerTo(others);
      }
    }
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
