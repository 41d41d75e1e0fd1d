import { runAlone } from './commands.ts';
import { followLines } from './follow.ts';
import { LongShell } from './shell-channel.ts';
import type { SshSession } from './ssh-session.ts';
import { CommandTime, openInTime } from './commands.ts';
import type { CommandResult, RemoteCommand, RunOptions, ShellChannel, SshConnection } from './transport.ts';

const openShellMs = 15_000;

/** One caller's hold on a session. What it opened is closed with it, and the session when it was the last. */
export class HeldConnection implements SshConnection {
  readonly #session: SshSession;
  readonly #onRelease: () => void;
  readonly #opened = new Set<{ close(): void }>();
  #isReleased = false;

  constructor(session: SshSession, onRelease: () => void) {
    this.#session = session;
    this.#onRelease = onRelease;
  }

  get target() {
    return this.#session.target;
  }

  get hostKey() {
    return this.#session.hostKey;
  }

  async run(command: RemoteCommand, options: RunOptions): Promise<CommandResult> {
    this.#assertHeld();
    return runAlone(this.#session, command, options);
  }

  async openShell(): Promise<ShellChannel> {
    this.#assertHeld();
    const time = new CommandTime(this.#session, { deadlineMs: openShellMs });
    const first = await openInTime(this.#session, 'none', time).finally(() => time.end());
    const shell: LongShell = new LongShell(this.#session, first, () => this.#opened.delete(shell));
    this.#opened.add(shell);
    return shell;
  }

  async follow(
    command: RemoteCommand,
    onLine: (line: string) => void,
    onEnd: (error?: Error) => void,
  ): Promise<{ close(): void }> {
    this.#assertHeld();
    const following = await followLines(this.#session, command, onLine, (error) => {
      this.#opened.delete(following);
      onEnd(error);
    });
    this.#opened.add(following);
    return following;
  }

  onClosed(listener: (error?: Error) => void): () => void {
    return this.#session.onClosed(listener);
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    for (const opened of this.#opened) opened.close();
    this.#onRelease();
  }

  #assertHeld(): void {
    if (this.#isReleased) throw new Error('A released SSH connection was used');
  }
}
