import { createHmac, randomBytes } from 'node:crypto';
import type { SshClock } from './timings.ts';

/** Whose secret, and for what: one login secret serves a whole scope. */
export interface TrialOf {
  readonly kind: 'password' | 'sudo-password';
  readonly scope: string;
  readonly user: string;
}

/** One machine's attempt with a secret. Exactly one of the three is told in the end; more are harmless. */
export interface Trial {
  readonly kind: 'go';
  accepted(): void;
  refused(): void;
  /** It ended without a verdict. */
  ended(): void;
}

/** The secret was refused by `machine` before, and nobody has supplied it anew: it is not tried. */
export interface HeldTrial {
  readonly kind: 'held';
  readonly machine: string;
}

/** A machine that takes longer than this to judge (PAM takes two seconds to say no) lets one other try beside it. */
const patienceMs = 15_000;

interface Entry {
  readonly digest: string;
  isProven: boolean;
  refusedBy: string | undefined;
  readonly underWay: Set<Trial>;
  readonly waiting: Set<() => void>;
}

/**
 * Keeps a wrong secret from being tried on every machine of a region (R22): accounts may live in one directory, and lock after a few refusals.
 * A secret that no machine has accepted since the start is tried on one machine at a time; after a refusal it is held for its scope and
 * user until it is supplied anew. One that was accepted somewhere is not held: a machine that refuses it has another password of its own.
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
      if (entry.refusedBy !== undefined) return { kind: 'held', machine: entry.refusedBy };
      if (entry.isProven || entry.underWay.size === 0) return trialOf(entry, machine);
      const isNews = await this.#news(entry, signal);
      // At most two at once, however many machines hang with it.
      if (!isNews && entry.refusedBy === undefined && entry.underWay.size === 1) return trialOf(entry, machine);
    }
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
      isProven: false,
      refusedBy: undefined,
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
  const trial: Trial = {
    kind: 'go',
    accepted: () =>
      end(() => {
        entry.isProven = true;
        entry.refusedBy = undefined;
      }),
    refused: () =>
      end(() => {
        if (!entry.isProven) entry.refusedBy ??= machine;
      }),
    ended: () => end(() => {}),
  };
  entry.underWay.add(trial);
  return trial;
}

function wakeAll(entry: Entry): void {
  for (const wake of entry.waiting) wake();
}

function keyOf({ kind, scope, user }: TrialOf): string {
  return JSON.stringify([kind, scope, user]);
}
