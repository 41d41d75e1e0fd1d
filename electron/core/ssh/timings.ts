/** Every duration the pool waits for, in milliseconds; tests shorten them, the program uses the defaults. */
export interface SshTimings {
  /** TCP connect (or the jump host's forward) until the peer's first byte. */
  readonly connectMs: number;
  /** From the first byte to a proven login, without the time a person takes to answer. */
  readonly handshakeMs: number;
  /** Longest wait of one `acquire`, queueing included, where the caller names none. */
  readonly acquireMs: number;
  /** How often a silent session is asked for a sign of life. */
  readonly keepaliveIntervalMs: number;
  /** A session that gave no byte for this long is dead. With one interval of rounding it stays below R21's 45 s. */
  readonly keepaliveDeadMs: number;
  /** After a wake nothing is called dead sooner than this (R22: at least 15 s). */
  readonly wakePatienceMs: number;
  /** How long a closed channel may take to be confirmed before the whole connection is given up. */
  readonly channelCloseMs: number;
  /** How long a peer may take to answer our farewell before its socket is closed all the same. */
  readonly farewellMs: number;
  /** How long a keyboard-interactive question stays answerable; below sshd's LoginGraceTime of 120 s. */
  readonly conversationMs: number;
  /** How long a connection without a holder is kept after a person answered its questions. */
  readonly lingerMs: number;
  /** A peer that said nothing for this long gives its handshake slot back, so that dead nodes delay no living one. */
  readonly silentSlotMs: number;
  /** Longest hold of a handshake slot: a node whose login hangs delays no other. */
  readonly slowSlotMs: number;
}

export const defaultTimings: SshTimings = {
  connectMs: 10_000,
  handshakeMs: 20_000,
  acquireMs: 45_000,
  keepaliveIntervalMs: 10_000,
  keepaliveDeadMs: 30_000,
  wakePatienceMs: 20_000,
  channelCloseMs: 5_000,
  farewellMs: 2_000,
  conversationMs: 90_000,
  lingerMs: 60_000,
  silentSlotMs: 1_000,
  slowSlotMs: 5_000,
};

/** Time as the pool sees it; simulated in unit tests. */
export interface SshClock {
  /** Monotonic milliseconds; may stand still while the machine sleeps. */
  now(): number;
  /** Wall-clock UTC milliseconds. */
  wall(): number;
  /** Calls once after `ms`; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: SshClock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
