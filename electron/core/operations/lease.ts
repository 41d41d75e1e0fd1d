import { momentToken } from '#shared/model/moment.ts';
import { fail, problemOf, type Problem } from '#shared/problems.ts';
import type { HeldLease } from '../cluster/writes/guarded.ts';
import {
  leaseValue,
  newLeaseToken,
  parseLeaseValue,
  readLease,
  releaseLease,
  swapLease,
  takeLease,
  type LeaseInfo,
  type LeaseOutcome,
} from '../cluster/writes/leases.ts';
import type { ShownCommand } from '../cluster/writes/shown-command.ts';
import type { LeaseWatch } from './lease-watch.ts';
import { isLost, longestWaitMs, waitedInVain } from './reach.ts';
import { pause, type OperationClock } from './time.ts';

/** A node's lease is given up to a challenger after this long without a renewal. */
export const nodeTermMs = 60_000;
/** The admission is held only while limits are judged and the first write is made. */
export const admissionTermMs = 40_000;
const renewEveryMs = 10_000;
const retryMs = 1500;

export const nodeLeaseName = (node: string): string => `rackside-lease-${node}`;
export const admissionLeaseName = 'rackside-slot-admission';

/** A lease that this process holds (R20). */
export interface Lease {
  readonly held: HeldLease;
  /**
   * Resolves once it is proven that the lease is ours now: at once while half of its term has not passed since the last proof, else after
   * a renewal, while the network is away, for half an hour at most. @throws ProblemError `lease-lost` when somebody else has it.
   */
  proven(signal: AbortSignal): Promise<void>;
  /** Gives it up; never throws: what cannot be released runs out. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly name: string;
  readonly info: Omit<LeaseInfo, 'since'>;
  readonly clock: OperationClock;
  readonly watch: LeaseWatch;
  /** Tokens of processes of this laptop that are gone: nobody else runs on the data folder, so theirs may be taken over at once. */
  readonly ownTokens: ReadonlySet<string>;
  /** Sends to the control node that answers, with a row in the journal: taking and releasing. */
  readonly send: (command: ShownCommand<LeaseOutcome>, signal?: AbortSignal) => Promise<LeaseOutcome>;
  /** Sends without one: renewals come every ten seconds, and would hide what the operation does. */
  readonly sendQuietly: (command: ShownCommand<LeaseOutcome>, signal: AbortSignal) => Promise<LeaseOutcome>;
  /** Told when somebody else turns out to have it. */
  readonly onLost?: (problem: Problem) => void;
}

/**
 * Takes the lease by compare-and-set: free, run out (seen unchanged for its whole term), or left by an earlier process of this laptop.
 * @throws ProblemError `node-locked` with who holds it, `no-quorum`, and what the way there throws.
 */
export async function acquireLease(options: LeaseOptions): Promise<Lease> {
  const { name, clock, watch, ownTokens, send } = options;
  const token = newLeaseToken();
  const info: LeaseInfo = { ...options.info, since: clock.now() };
  const first = leaseValue(token, 0, info);
  const askedAt = clock.monotonic();
  let outcome = await send(takeLease(name, first));
  if (outcome.kind === 'not-proven') outcome = await send(readLease(name));
  const standing = valueIn(outcome);
  if (standing !== first && standing !== null) {
    const isOurs = ownTokens.has(parseLeaseValue(standing)?.token ?? '');
    const isOver = watch.seen(name)?.value === standing && watch.hasRunOut(name);
    if (isOurs || isOver) outcome = await send(swapLease(name, standing, first));
  }
  if (valueIn(outcome) === first && outcome.kind !== 'no-quorum') return hold(options, token, info, first, askedAt);
  return fail(whyNot(options, outcome));
}

/** What was read to stand in the cluster; `null`: nothing, or it is not known. */
function valueIn(outcome: LeaseOutcome): string | null {
  return outcome.kind === 'not-proven' ? null : outcome.value;
}

function hold(options: LeaseOptions, token: string, info: LeaseInfo, first: string, provenAt: number): Lease {
  const { name, clock, send, sendQuietly } = options;
  const ending = new AbortController();
  let value = first;
  let counter = 0;
  /** When the last proof was asked for: the lease is ours from then on, by both clocks (a sleep stops the monotonic one). */
  let proof = { monotonic: provenAt, wall: clock.now() };
  let lost: Problem | undefined;
  let renewal: Promise<void> | undefined;

  const isFresh = (): boolean => {
    const age = Math.max(clock.monotonic() - proof.monotonic, clock.now() - proof.wall);
    return age < options.info.termMs / 2;
  };

  async function renewOnce(): Promise<void> {
    const next = leaseValue(token, counter + 1, info);
    const asked = { monotonic: clock.monotonic(), wall: clock.now() };
    let outcome = await sendQuietly(swapLease(name, value, next), ending.signal);
    // An answer that was lost: what stands now tells whether it happened.
    if (outcome.kind !== 'done') outcome = await sendQuietly(readLease(name), ending.signal);
    if (outcome.kind === 'not-proven' || outcome.kind === 'no-quorum') {
      return fail({
        code: 'no-quorum',
        message: 'The cluster cannot confirm the lock on the node now.',
        advice: 'It is tried again by itself.',
      });
    }
    if (outcome.value !== next && outcome.value !== value) {
      lost = lostTo(outcome.value);
      ending.abort();
      options.onLost?.(lost);
      return fail(lost);
    }
    value = outcome.value;
    counter = parseLeaseValue(value)?.counter ?? counter;
    proof = asked;
  }
  const renew = (): Promise<void> => {
    renewal ??= renewOnce().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };
  const keep = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await pause(clock, renewEveryMs, ending.signal);
      // What it fails of is asked again, here and by whoever needs the proof; a loss has told itself.
      await renew().catch(() => {});
    }
  };
  void keep().catch(() => {});

  return {
    held: { leaseName: name, token },
    async proven(signal) {
      const begun = clock.monotonic();
      for (;;) {
        signal.throwIfAborted();
        if (lost !== undefined) fail(lost);
        if (isFresh()) return;
        try {
          await renew();
        } catch (error) {
          if (!isLost(error)) throw error;
          if (clock.monotonic() - begun >= longestWaitMs)
            waitedInVain(`the lock on the node could not be confirmed: ${problemOf(error)?.message ?? 'no answer'}`);
          await pause(clock, retryMs, signal);
        }
      }
    },
    async release() {
      ending.abort();
      if (lost !== undefined) return;
      await send(releaseLease(name, token)).catch(() => {});
    },
  };
}

function lostTo(value: string | null): Problem {
  const info = value === null ? null : parseLeaseValue(value)?.info;
  const who =
    info === null || info === undefined ? 'nobody holds it now' : `${info.owner} holds it now (${info.purpose})`;
  return {
    code: 'lease-lost',
    message: `The lock on the node is not this laptop’s any more: ${who}.`,
    advice: 'Nothing more is written from here. Look at the operation’s page: it says who goes on with it.',
  };
}

function whyNot({ name, watch, info }: LeaseOptions, outcome: LeaseOutcome): Problem {
  if (outcome.kind === 'no-quorum') {
    return {
      code: 'no-quorum',
      message: 'The cluster has no quorum, so nothing can be locked or written.',
      advice: 'Bring back the control nodes that are missing.',
    };
  }
  const standing = outcome.kind === 'other' && outcome.value !== null ? outcome.value : undefined;
  if (standing === undefined) {
    return {
      code: 'outcome-unknown',
      message: `Whether the lock could be taken is not known: ${outcome.kind === 'not-proven' ? outcome.because : 'it is free again by now'}.`,
      advice: 'Nothing was changed. Try again.',
    };
  }
  const holder = parseLeaseValue(standing)?.info ?? null;
  const seen = watch.seen(name);
  const leftMs = (holder?.termMs ?? nodeTermMs) - (seen?.value === standing ? seen.unchangedMs : 0);
  const who = holder === null ? 'somebody else' : holder.owner;
  const since = holder === null ? '' : ` since ${momentToken(holder.since)}`;
  return {
    code: 'node-locked',
    message: `${who} holds the lock${since}: ${holder?.purpose ?? 'an operation of another version'}.`,
    advice:
      leftMs > 0
        ? `Wait for it, or ask them. If that laptop is gone, its lock can be taken over in ${Math.ceil(leftMs / 1000)} s (${info.purpose}).`
        : 'Try again: it can be taken over now.',
  };
}
