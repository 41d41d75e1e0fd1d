import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { type Problem, ProblemError, type ShownHostKey } from '#shared/problems.ts';
import { algorithmsFor } from './algorithms.ts';
import { Authentication, type AuthenticationPorts } from './authentication.ts';
import { type HostKeyKnowledge, judgeHostKey, knownTypes } from './host-key-check.ts';
import { reachProblem } from './reach-problems.ts';
import type { SshClock, SshTimings } from './timings.ts';
import { machineName } from './target-names.ts';
import type { SshTarget } from './transport.ts';

/** A login that was proven in both directions. `heardBytes` counts what the peer ever sent: its sign of life. */
export interface OpenedClient {
  readonly client: Client;
  readonly hostKey: ShownHostKey;
  heardBytes(): number;
  /** Closes the socket without a word. ssh2's own `destroy` does nothing once `end` was called. */
  readonly cut: () => void;
}

export interface HandshakeRequest {
  readonly target: SshTarget;
  readonly via: { readonly target: SshTarget; readonly client: Client } | undefined;
  readonly knowledge: HostKeyKnowledge;
  readonly authentication: Omit<AuthenticationPorts, 'giveUp'>;
  readonly timings: SshTimings;
  readonly clock: SshClock;
  readonly signal: AbortSignal;
  /** The peer does not (or no longer) deserve a handshake slot: it is silent, slow, or waits for a person. */
  readonly onSlotUnneeded: () => void;
}

/** Opens a socket (or a forward through the jump host), proves the host key, logs in. Every failure is a `ProblemError`. */
export async function shakeHands(request: HandshakeRequest): Promise<OpenedClient> {
  const { target, via } = request;
  const silent = request.clock.after(request.timings.silentSlotMs, request.onSlotUnneeded);
  const slow = request.clock.after(request.timings.slowSlotMs, request.onSlotUnneeded);
  try {
    const socket =
      via === undefined
        ? connect({ host: target.host, port: target.port, noDelay: true })
        : await forward(request, via.client).catch((error: unknown) => {
            if (error instanceof ProblemError) throw error;
            throw new ProblemError(reachProblem(error, { target, via: via.target, firstWords: '' }), { cause: error });
          });
    return await speak(request, socket, silent);
  } finally {
    silent();
    slow();
  }
}

/** A TCP connection that the jump host makes for us. It waits as long for a silent address as we would ourselves. */
function forward(request: HandshakeRequest, jump: Client): Promise<Duplex> {
  const { target, clock, timings, signal } = request;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new ProblemError(cancelledProblem(target)));
    const stopTimer = clock.after(timings.connectMs, () => reject(new Error('Connect timed out')));
    signal.addEventListener('abort', onAbort, { once: true });
    const done = () => {
      stopTimer();
      signal.removeEventListener('abort', onAbort);
    };
    try {
      jump.forwardOut('127.0.0.1', 0, target.host, target.port, (error, channel) => {
        done();
        if (error !== undefined && error !== null) reject(error);
        else if (signal.aborted) channel.close();
        else resolve(channel);
      });
    } catch (error) {
      // ssh2 throws when the jump host was lost a moment ago.
      done();
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function cancelledProblem(target: SshTarget): Problem {
  return {
    code: 'cancelled',
    message: `Connecting to ${machineName(target)} was cancelled.`,
    advice: 'Connect again when it is needed.',
  };
}

function speak(request: HandshakeRequest, socket: Duplex, onFirstByte: () => void): Promise<OpenedClient> {
  const { target, via, timings, clock, authentication: ports } = request;
  const client = new ports.ssh2.Client();
  let heard = 0;
  let firstWords = '';
  let hostKey: ShownHostKey | undefined;
  let hostKeyProblem: Problem | undefined;

  return new Promise((resolve, reject) => {
    let isSettled = false;
    let isReady = false;
    const settle = (finish: () => void) => {
      if (isSettled) return;
      isSettled = true;
      stopTimer();
      request.signal.removeEventListener('abort', onAbort);
      finish();
      authentication.ended(isReady);
    };
    const refuse = (problem: Problem, cause?: unknown) =>
      settle(() => {
        client.destroy();
        socket.destroy();
        reject(new ProblemError(problem, cause === undefined ? undefined : { cause }));
      });
    const context = () => ({ target, via: via?.target, firstWords });
    const startTimer = (ms: number, what: string) =>
      clock.after(ms, () => refuse(reachProblem(new Error(`${what} timed out`), context())));
    let stopTimer = startTimer(timings.connectMs, 'Connect');
    const onAbort = () => refuse(cancelledProblem(target));
    request.signal.addEventListener('abort', onAbort, { once: true });

    const authentication: Authentication = new Authentication(target, {
      ...ports,
      giveUp: () => refuse(authentication.failure()),
      onQuestion: (question) => {
        // A person is slower than any deadline of a machine: the pool keeps the time while the question is open.
        stopTimer();
        request.onSlotUnneeded();
        ports.onQuestion({
          ...question,
          answer: (answers) => {
            if (isSettled) return;
            stopTimer = startTimer(timings.handshakeMs, 'Login');
            question.answer(answers);
          },
        });
      },
    });

    client.on('ready', () =>
      settle(() => {
        if (hostKey === undefined) reject(new Error('ssh2 was ready without a verified host key'));
        else {
          isReady = true;
          resolve({ client, hostKey, heardBytes: () => heard, cut: () => socket.destroy() });
        }
      }),
    );
    // The other side ended it: with a reason of SSH's own (a number), or with a reset.
    const hungUp = ({ code, message }: Error & { code?: unknown }): Problem | undefined => {
      if (typeof code === 'number') return authentication.hungUp(message);
      return code === 'ECONNRESET' ? authentication.hungUp() : undefined;
    };
    client.on('error', (error: Error & { level?: string }) => {
      // ssh2 reports an agent that fails and then goes on to the next method by itself.
      if (error.level === 'agent') return;
      if (hostKeyProblem !== undefined) refuse(hostKeyProblem);
      else if (error.level === 'client-authentication') refuse(authentication.failure());
      else if (/too many authentication failures/i.test(error.message)) refuse(authentication.triesUsedUp(), error);
      else refuse(hungUp(error) ?? reachProblem(error, context()), error);
    });
    client.on('close', () =>
      refuse(hostKeyProblem ?? authentication.hungUp() ?? reachProblem(new Error('the peer closed it'), context())),
    );
    client.on('change password', () => {
      authentication.passwordExpired();
      refuse(authentication.failure());
    });
    client.connect({
      sock: socket,
      username: target.user,
      readyTimeout: 0,
      keepaliveInterval: 0,
      algorithms: algorithmsFor(knownTypes(request.knowledge)),
      authHandler: authentication.handler,
      hostVerifier: (blob: Buffer) => {
        const verdict = judgeHostKey(request.knowledge, blob);
        if (verdict.kind === 'trusted') hostKey = verdict.hostKey;
        else hostKeyProblem = verdict.problem;
        return verdict.kind === 'trusted';
      },
    });
    // ssh2 paused the socket before this listener is added, so it takes nothing away; it only counts.
    socket.on('data', (chunk: Buffer) => {
      if (heard === 0) {
        onFirstByte();
        stopTimer();
        if (!isSettled) stopTimer = startTimer(timings.handshakeMs, 'Login');
      }
      heard += chunk.length;
      if (firstWords.length < 256) firstWords += chunk.toString('latin1', 0, 256 - firstWords.length);
    });
  });
}
