/**
 * A counted gate with a queue, first come first served: at most `capacity` holders at a time.
 * `enter` answers with the function that leaves; leaving twice is harmless.
 */
export class Gate {
  #capacity: number;
  #holders = 0;
  readonly #waiting: { readonly admit: () => void }[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get holders(): number {
    return this.#holders;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Whoever enters now has to wait. */
  get isFull(): boolean {
    return this.#holders >= this.#capacity || this.#waiting.length > 0;
  }

  get isWaitedFor(): boolean {
    return this.#waiting.length > 0;
  }

  /** Lowers the limit, never below one: learnt from a server that refused what we thought was allowed. */
  lowerTo(capacity: number): void {
    this.#capacity = Math.max(1, Math.min(this.#capacity, capacity));
  }

  /** Waits for a place. Rejects with the signal's reason when it is aborted while waiting. */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.isFull) await this.#queue(signal);
    else this.#holders += 1;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#holders -= 1;
      this.#admitNext();
    };
  }

  #queue(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('Aborted while waiting'));
      };
      const entry = {
        admit: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      this.#waiting.push(entry);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #admitNext(): void {
    while (this.#holders < this.#capacity) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      // The place is taken here and not when the waiter wakes, or a third one could slip in between.
      this.#holders += 1;
      next.admit();
    }
  }
}
