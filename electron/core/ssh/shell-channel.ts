import { ProblemError } from '#shared/problems.ts';
import { closeShell, CommandTime, openInTime, runIn } from './commands.ts';
import { Gate } from './gate.ts';
import type { OpenedShell, SshSession } from './ssh-session.ts';
import type { CommandResult, RemoteCommand, RunOptions, ShellChannel } from './transport.ts';

/**
 * The long-lived shell of `openShell`: one command after the other, first come first served. Behind it is one shell, and a second one through
 * sudo when the login is not root and a command needs root. A shell that was closed is opened again for the next command.
 */
export class LongShell implements ShellChannel {
  readonly #session: SshSession;
  readonly #turn = new Gate(1);
  readonly #onClose: () => void;
  #plain: OpenedShell | undefined;
  #root: OpenedShell | undefined;
  #isClosed = false;

  constructor(session: SshSession, first: OpenedShell, onClose: () => void) {
    this.#session = session;
    this.#plain = first;
    this.#onClose = onClose;
  }

  async run(command: RemoteCommand, options: RunOptions): Promise<CommandResult> {
    const time = new CommandTime(this.#session, options);
    try {
      const leave = await this.#turn.enter(time.signal);
      try {
        if (this.#isClosed) throw new ProblemError(this.#session.lostProblem('its shell was closed'));
        const opened = await this.#shellFor(command.privilege, time);
        return await runIn(this.#session, opened, command, options.maxOutputBytes, time);
      } finally {
        leave();
      }
    } finally {
      time.end();
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const why = this.#session.lostProblem('its shell was closed');
    for (const opened of [this.#plain, this.#root]) if (opened !== undefined) closeShell(this.#session, opened, why);
    this.#onClose();
  }

  async #shellFor(privilege: RemoteCommand['privilege'], time: CommandTime): Promise<OpenedShell> {
    const isSudo = privilege === 'root' && this.#session.uid !== 0;
    const kept = isSudo ? this.#root : this.#plain;
    if (kept?.shell.canRun === true) return kept;
    const opened = await openInTime(this.#session, privilege, time);
    if (isSudo) this.#root = opened;
    else this.#plain = opened;
    return opened;
  }
}
