/**
 * What the rest of the program knows of SSH. The pool behind it speaks ssh2 today; OpenSSH's own client can be the second one.
 * Nothing here asks a person anything: a question ends the attempt with a `ProblemError` that carries the evidence.
 */

/** How one login may be proven. Secrets are asked from `SecretSource` at the moment they are needed, never kept here. */
export type LoginMethod =
  | { readonly kind: 'agent'; readonly socketPath?: string }
  | { readonly kind: 'private-key'; readonly keyFile: string }
  | { readonly kind: 'password' }
  | { readonly kind: 'keyboard-interactive' };

/** One machine and the way to it. Two equal targets share one connection. */
export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly methods: readonly LoginMethod[];
  /** Jump hosts, first hop first. Their forwards are not counted as sessions of the target. */
  readonly jumps: readonly SshTarget[];
  /** Whose secrets to ask for; lets a region and a single node differ. */
  readonly secretScope: string;
}

/** A POSIX `sh` script and its positional parameters ($1 …), which pass the one quoting function. */
export interface RemoteCommand {
  readonly script: string;
  readonly args?: readonly string[];
  /** `root`: run as it is where the login is root, else through sudo. */
  readonly privilege: 'none' | 'root';
}

export interface CommandResult {
  /** Exit status, 0 to 255, as the shell tells it: 128 + the signal's number when a signal ended it. */
  readonly exitStatus: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export interface RunOptions {
  /** Every remote command has a deadline (R21). */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** Most bytes of stdout; beyond it the command ends with `output-too-large`. Default 16 MiB. */
  readonly maxOutputBytes?: number;
}

/**
 * A long-lived `/bin/sh` on one channel that runs one script after the other (first come, first served).
 * A script that passes its deadline closes the channel: its state is not known any more, and a new one is opened for the next.
 */
export interface ShellChannel {
  run(command: RemoteCommand, options: RunOptions): Promise<CommandResult>;
  close(): void;
}

/** A counted hold on the one connection to a target; `release` it where it was acquired. */
export interface SshConnection {
  readonly target: SshTarget;
  /** The key the server proved: type and SHA256 fingerprint. */
  readonly hostKey: { readonly type: string; readonly fingerprint: string };
  /** One channel, one command, then the channel is closed. */
  run(command: RemoteCommand, options: RunOptions): Promise<CommandResult>;
  openShell(): Promise<ShellChannel>;
  /** A command whose lines are told as they come (a log that is followed), until closed or lost. */
  follow(
    command: RemoteCommand,
    onLine: (line: string) => void,
    onEnd: (error?: Error) => void,
  ): Promise<{ close(): void }>;
  /** Fires once when the connection is gone, whoever ended it. */
  onClosed(listener: (error?: Error) => void): () => void;
  release(): void;
}

/**
 * One pool for the program: one connection a target, at most 6 channels on it, at most 8 handshakes at once with one machine, and 8 in all
 * but for those that are silent for 1 s or take longer than 5 s (R23).
 */
export interface SshPool {
  acquire(
    target: SshTarget,
    options: { readonly signal?: AbortSignal; readonly deadlineMs?: number },
  ): Promise<SshConnection>;
  /**
   * Answers the questions of an `answers-needed` problem, in the order of its prompts. Resolves when the login is proven (the connection is
   * kept a minute for the next `acquire`); rejects with the next question's `answers-needed`, or with why the login failed.
   */
  answer(conversationId: string, answers: readonly string[]): Promise<void>;
  /** Before sleep: nothing new is begun. */
  suspend(): void;
  /** After sleep: every session is probed, with patience (R22), and the dead ones are closed. */
  resume(): void;
  /** Counts for tests, benches and the log. */
  stats(): { readonly connections: number; readonly channels: number; readonly handshakes: number };
  close(): void;
}

/** Where secrets come from; a port, given by the composition root. `undefined`: not known, so it must be asked. */
export interface SecretSource {
  get(request: {
    readonly kind: 'password' | 'passphrase' | 'sudo-password';
    readonly scope: string;
    readonly user: string;
    readonly host: string;
    readonly keyFile?: string;
  }): Promise<string | undefined>;
  /** Tells whose secret a person has just supplied, so that one that was refused may be tried again. */
  onSupplied?(
    listener: (of: { readonly kind: string; readonly scope: string; readonly user: string }) => void,
  ): () => void;
}

/** The keys this laptop trusts, of our own store; a port. The user's `known_hosts` is read beside it, never written. */
export interface KnownHostStore {
  /** Keys kept for a name (`host` or `[host]:port`). */
  find(host: string): readonly { readonly type: string; readonly keyBase64: string; readonly addedAt: number }[];
}
