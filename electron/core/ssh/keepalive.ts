import type { SshClock, SshTimings } from './timings.ts';

export interface KeepalivePorts {
  readonly clock: SshClock;
  readonly timings: Pick<SshTimings, 'keepaliveIntervalMs' | 'keepaliveDeadMs' | 'wakePatienceMs'>;
  /** Bytes the peer ever sent. */
  heardBytes(): number;
  /** Asks the peer for any answer. */
  ping(): void;
  /** The peer is dead; called once. */
  onDead(): void;
}

/**
 * Declares a silent peer dead. Any byte is a sign of life, so a busy session is never asked. ssh2's own keepalive is off: it cannot
 * be paused, and after a sleep it would count the seconds the laptop was away (R22).
 */
export class Keepalive {
  readonly #ports: KeepalivePorts;
  #heard = -1;
  #heardAt: number;
  #tickedAt: number;
  #patienceUntil = Number.NEGATIVE_INFINITY;
  #heardAtWake = -1;
  #cancelTick: (() => void) | undefined;

  constructor(ports: KeepalivePorts) {
    this.#ports = ports;
    this.#heardAt = ports.clock.now();
    this.#tickedAt = ports.clock.wall();
    this.#schedule();
  }

  /** Milliseconds for which nothing may be called dead because the laptop just woke; 0 once the peer spoke again. */
  patienceMs(): number {
    if (this.#ports.heardBytes() !== this.#heardAtWake) return 0;
    return Math.max(0, this.#patienceUntil - this.#ports.clock.now());
  }

  suspend(): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
  }

  /** After a sleep: asked at once, judged only when the patience is over. */
  resume(): void {
    const { clock, timings } = this.#ports;
    this.suspend();
    this.#heard = this.#heardAtWake = this.#ports.heardBytes();
    this.#heardAt = clock.now();
    this.#patienceUntil = clock.now() + timings.wakePatienceMs;
    this.#tickedAt = clock.wall();
    this.#ports.ping();
    this.#schedule(timings.wakePatienceMs);
  }

  stop(): void {
    this.suspend();
  }

  #schedule(ms = this.#ports.timings.keepaliveIntervalMs): void {
    this.#cancelTick = this.#ports.clock.after(ms, () => this.#tick());
  }

  #tick(): void {
    const { clock, timings } = this.#ports;
    const sleptMs = clock.wall() - this.#tickedAt;
    // Nobody told us of the sleep, but the wall clock ran far ahead of this timer.
    if (sleptMs > 3 * Math.max(timings.keepaliveIntervalMs, timings.wakePatienceMs)) {
      this.resume();
      return;
    }
    this.#tickedAt = clock.wall();
    const heard = this.#ports.heardBytes();
    if (heard !== this.#heard) {
      this.#heard = heard;
      this.#heardAt = clock.now();
    } else if (heard === this.#heardAtWake || clock.now() - this.#heardAt >= timings.keepaliveDeadMs) {
      this.suspend();
      this.#ports.onDead();
      return;
    } else this.#ports.ping();
    this.#schedule();
  }
}
