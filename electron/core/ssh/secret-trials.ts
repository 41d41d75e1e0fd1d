import { createHmac, randomBytes } from 'node:crypto';
import type { SshClock } from './timings.ts';

/** Whose secret, and for what: one login secret serves a whole scope. */
export interface TrialOf {
  readonly kind: 'password' | 'sudo-password';
  readonly scope: string;
  readonly user: string;
}

/** One machine's attempt with a secret. Exactly one of these is told in the end; more are harmless. */
export interface Trial {
  readonly kind: 'go';
  accepted(): void;
  refused(): void;
  /** It ended without a verdict. */
  ended(): void;
  /** The machine hung up instead of judging it. That is no refusal yet: an account that has expired, and a machine that goes down, do so. */
  hungUp(): void;
}

/** The secret was refused by `machine` before, and nobody has supplied it anew: it is not tried. */
export interface HeldTrial {
  readonly kind: 'held';
  readonly machine: string;
}

/** A machine that takes longer than this to judge (PAM takes two seconds to say no) lets one other try beside it. */
const patienceMs = 15_000;

/** A machine that hung up so often at a secret, and never accepted it, has refused it. */
const mostHangUps = 3;

interface Entry {
  readonly digest: string;
  /** Machines that have accepted it. */
  readonly acceptedAt: Set<string>;
  refusedBy: string | undefined;
  /** Machines that have refused it themselves: whatever others say of it, they are not given it a second time. */
  readonly refusedAt: Set<string>;
  readonly hangUps: Map<string, number>;
  readonly underWay: Set<Trial>;
  readonly waiting: Set<() => void>;
}

/**
 * Keeps a wrong secret from being tried on every machine of a region (R22): accounts may live in one directory, and lock after a few refusals.
 * A secret that no machine has accepted since the start is tried on one machine at a time; after a refusal it is held for its scope and
 * user until it is supplied anew. One that was accepted somewhere is held only for the machines that have refused it: they have another
 * password of their own. One that is refused where it was accepted has been changed: it is held for all again.
 */
export class SecretTrials {
  readonly #clock: SshClock;
  /** Values are compared by it, so that none has to be kept here. */
  readonly #key = randomBytes(32);
  readonly #entries = new Map<string, Entry>();

  constructor(clock: SshClock) {
    this.#clock = clock;
  }

  /** Waits for this machine's turn with the secret. `signal`: nobody waits for the turn any more; it is given back by `ended`. */
  async begin(of: TrialOf, value: string, machine: string, signal?: AbortSignal): Promise<Trial | HeldTrial> {
    for (;;) {
      signal?.throwIfAborted();
      // Looked up anew each time: it may have been supplied anew meanwhile.
      const entry = this.#entryOf(of, value);
      if (entry.refusedAt.has(machine)) return { kind: 'held', machine };
      if (entry.refusedBy !== undefined) return { kind: 'held', machine: entry.refusedBy };
      if (isProven(entry) || entry.underWay.size === 0) return trialOf(entry, machine);
      const isNews = await this.#news(entry, signal);
      // At most two at once, however many machines hang with it.
      if (!isNews && entry.refusedBy === undefined && entry.underWay.size === 1) return trialOf(entry, machine);
    }
  }

  /** Whether the secret of the scope, as it is now, has been accepted by a machine. */
  isProven(of: TrialOf): boolean {
    return isProven(this.#entries.get(keyOf(of)));
  }

  /** A person has said what the secret is, even if in the same words: it may be tried again. */
  supplied({ kind, scope, user }: { readonly kind: string; readonly scope: string; readonly user: string }): void {
    if (kind !== 'password' && kind !== 'sudo-password') return;
    this.#forget({ kind, scope, user });
    // sudo asks for the login's password where no other is kept for it.
    if (kind === 'password') this.#forget({ kind: 'sudo-password', scope, user });
  }

  #forget(of: TrialOf): void {
    const key = keyOf(of);
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    if (entry) wakeAll(entry);
  }

  #entryOf(of: TrialOf, value: string): Entry {
    const digest = createHmac('sha256', this.#key).update(value).digest('base64');
    const existing = this.#entries.get(keyOf(of));
    if (existing?.digest === digest) return existing;
    const entry: Entry = {
      digest,
      acceptedAt: new Set(),
      refusedBy: undefined,
      refusedAt: new Set(),
      hangUps: new Map(),
      underWay: new Set(),
      waiting: new Set(),
    };
    this.#entries.set(keyOf(of), entry);
    if (existing) wakeAll(existing);
    return entry;
  }

  /** Whether something came of the attempt under way before the patience was over. */
  #news(entry: Entry, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        stopTimer();
        entry.waiting.delete(wake);
        signal?.removeEventListener('abort', onAbort);
        finish();
      };
      const wake = (): void => settle(() => resolve(true));
      const onAbort = (): void =>
        settle(() => reject(signal?.reason instanceof Error ? signal.reason : new Error('Aborted while waiting')));
      const stopTimer = this.#clock.after(patienceMs, () => settle(() => resolve(false)));
      entry.waiting.add(wake);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}

function trialOf(entry: Entry, machine: string): Trial {
  const end = (verdict: () => void): void => {
    if (!entry.underWay.delete(trial)) return;
    verdict();
    wakeAll(entry);
  };
  const refuse = (): void => {
    entry.refusedAt.add(machine);
    if (!isProven(entry)) entry.refusedBy ??= machine;
  };
  const trial: Trial = {
    kind: 'go',
    accepted: () =>
      end(() => {
        entry.acceptedAt.add(machine);
        entry.refusedBy = undefined;
      }),
    refused: () =>
      end(() => {
        // Who accepted it before has no password of its own: it was changed, likely for all of them.
        if (entry.acceptedAt.has(machine)) entry.acceptedAt.clear();
        refuse();
      }),
    ended: () => end(() => {}),
    hungUp: () =>
      end(() => {
        // Who accepted it before goes down, or comes up: that says nothing of the secret.
        if (entry.acceptedAt.has(machine)) return;
        const times = (entry.hangUps.get(machine) ?? 0) + 1;
        entry.hangUps.set(machine, times);
        if (times >= mostHangUps) refuse();
      }),
  };
  entry.underWay.add(trial);
  return trial;
}

const isProven = (entry: Entry | undefined): boolean => entry !== undefined && entry.acceptedAt.size > 0;

function wakeAll(entry: Entry): void {
  for (const wake of entry.waiting) wake();
}

function keyOf({ kind, scope, user }: TrialOf): string {
  return JSON.stringify([kind, scope, user]);
}
