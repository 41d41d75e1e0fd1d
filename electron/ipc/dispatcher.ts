import { randomBytes } from 'node:crypto';
import type { CallEnvelope, CallInput, CallName, CallOutput } from '#shared/contract/contract.ts';
import { inputSchemas } from '#shared/contract/schemas.ts';
import type { Problem } from '#shared/problems.ts';
import { ProblemError, fail, problemOf } from '#shared/problems.ts';
import type { CallContext, Handlers, Peer } from './handlers/call.ts';
import { readRequest } from './request.ts';

export type { Peer };

/** A bug that a handler ran into. The id is in the answer too, so that a person can find the one by the other. */
export interface InternalError {
  readonly id: string;
  readonly call: CallName;
  readonly error: unknown;
}

export interface DispatcherOptions {
  /** Told of every error that is no `ProblemError`. Inputs are never passed: they may hold secrets. */
  readonly onInternalError: (internal: InternalError) => void;
  /** Most calls of one peer under way at once; the next is refused with `too-many-requests`. */
  readonly maxCallsPerPeer?: number;
}

export interface Dispatcher {
  /**
   * Answers one message of a peer, whatever it is; never throws and never rejects.
   * A `cancel` is answered with `null`; the call it names is answered with `cancelled`.
   */
  invoke(peer: Peer, message: unknown): Promise<CallEnvelope>;
  /** Aborts everything a peer that is gone was waiting for. */
  dropPeer(peer: Peer): void;
  /** Calls under way, of all peers. */
  callsUnderWay(): number;
}

const refuse = (problem: Problem): CallEnvelope => ({ ok: false, problem });

function isCallName(name: string): name is CallName {
  // Own properties only: `constructor` is no call.
  return Object.hasOwn(inputSchemas, name);
}

function parseInput<Name extends CallName>(name: Name, input: unknown): CallInput<Name> {
  const parsed = inputSchemas[name].safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  return fail({
    code: 'invalid-input',
    message: issues[0]?.message ?? 'What was entered is not valid.',
    advice: 'Correct what is marked and try again. Nothing was changed.',
    evidence: { kind: 'input', issues },
  });
}

const cancelled: Problem = {
  code: 'cancelled',
  message: 'The request was cancelled before it was answered.',
  advice: 'What it had begun may still end; look at the present state before you try again.',
};

/** Ends as the work does, or with the problem `cancelled` as soon as the signal says so, whether or not the work heeds it. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => {
      reject(new ProblemError(cancelled));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    void work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}

/**
 * The one door to the handlers. Order of checks: peer authenticated by its shell → message understood → known call → not too
 * many at once → input schema → handler → envelope.
 */
export function createDispatcher(handlers: Handlers, options: DispatcherOptions): Dispatcher {
  const maxCallsPerPeer = options.maxCallsPerPeer ?? 64;
  const underWay = new Map<string, Map<string, AbortController>>();

  // Async, so that what a handler throws at once is a rejection like any other.
  async function run<Name extends CallName>(
    name: Name,
    input: unknown,
    context: CallContext,
  ): Promise<CallOutput<Name>> {
    return handlers[name](parseInput(name, input), context);
  }

  function problemFor(name: CallName, error: unknown): Problem {
    const problem = problemOf(error);
    if (problem !== undefined) return problem;
    const id = randomBytes(6).toString('hex');
    options.onInternalError({ id, call: name, error });
    return {
      code: 'internal',
      message: `Rackside made a mistake of its own while it answered “${name}” (error ${id}).`,
      advice: `Try again. If it stays, report it with the lines of the log file that carry ${id}.`,
    };
  }

  return {
    async invoke(peer, message) {
      if (!peer.isAuthenticated) {
        return refuse({
          code: 'unauthenticated',
          message: 'This page has not proven that it belongs to this Rackside.',
          advice: 'Run `npm start` again; it prints a fresh address or brings the window forward.',
        });
      }
      const request = readRequest(message);
      if (request === undefined) {
        return refuse({
          code: 'invalid-input',
          message: 'The request was not understood: it is neither a call nor a cancellation.',
          advice: 'Reload the page, so that it and Rackside are of the same version.',
        });
      }
      const calls = underWay.get(peer.id) ?? new Map<string, AbortController>();
      if (request.kind === 'cancel') {
        calls.get(request.id)?.abort();
        return { ok: true, value: null };
      }
      if (!isCallName(request.name)) {
        return refuse({
          code: 'unknown-call',
          message: `Rackside knows no request named “${request.name}”.`,
          advice: 'Reload the page, so that it and Rackside are of the same version.',
        });
      }
      if (calls.has(request.id)) {
        return refuse({
          code: 'invalid-input',
          message: `A request with the id ${request.id} is still under way.`,
          advice: 'Wait for its answer, or cancel it.',
        });
      }
      if (calls.size >= maxCallsPerPeer) {
        return refuse({
          code: 'too-many-requests',
          message: `${String(maxCallsPerPeer)} requests of this window are under way, the most there may be at once.`,
          advice: 'Wait until some of them are answered, then try again.',
        });
      }
      const controller = new AbortController();
      underWay.set(peer.id, calls.set(request.id, controller));
      const work = run(request.name, request.input, { signal: controller.signal, peer });
      const release = (): void => {
        calls.delete(request.id);
        if (calls.size === 0) underWay.delete(peer.id);
      };
      // A place is free when the handler has ended, which may be after its caller was told `cancelled`.
      void work.then(release, release);
      try {
        return { ok: true, value: await untilAborted(work, controller.signal) };
      } catch (error) {
        return refuse(problemFor(request.name, error));
      }
    },
    dropPeer(peer) {
      for (const controller of underWay.get(peer.id)?.values() ?? []) controller.abort();
    },
    callsUnderWay: () => [...underWay.values()].reduce((sum, calls) => sum + calls.size, 0),
  };
}
