import type { CallInput, CallName, CallOutput } from '#shared/contract/contract.ts';

/** Somebody who may ask: one window, or one socket of a browser tab. */
export interface Peer {
  /** Unique while the program runs; names the peer in limits and when it goes. */
  readonly id: string;
  /** What its shell found out: the right frame of our own page, or a socket with the cookie and the secret. */
  readonly isAuthenticated: boolean;
}

/** What a handler gets beside its input. `signal` is aborted when the caller cancels or is gone. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly peer: Peer;
}

/** One handler for every call of the contract: translation only. A `ProblemError` is an answer, any other error a bug. */
export type Handlers = {
  readonly [Name in CallName]: (
    input: CallInput<Name>,
    context: CallContext,
  ) => CallOutput<Name> | Promise<CallOutput<Name>>;
};
