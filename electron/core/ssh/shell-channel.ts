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
  readonly #resting = new Map<OpenedShell, () => void>();

  constructor(session: SshSession, first: OpenedShell, onClose: () => void) {
    this.#session = session;
    this.#plain = first;
    this.#onClose = onClose;
    this.#rest(first);
  }

  async run(command: RemoteCommand, options: RunOptions): Promise<CommandResult> {
    const time = new CommandTime(this.#session, options);
    try {
      const leave = await this.#turn.enter(time.signal);
      try {
        if (this.#isClosed) throw new ProblemError(this.#session.lostProblem('its shell was closed'));
        const opened = await this.#shellFor(command.privilege, time);
        try {
          return await runIn(this.#session, opened, command, options.maxOutputBytes, time);
        } finally {
          this.#rest(opened);
        }
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
    for (const opened of [this.#plain, this.#root]) {
      if (opened === undefined) continue;
      this.#use(opened);
      closeShell(this.#session, opened, why);
    }
    this.#onClose();
  }

  /** Between two commands its channel is anybody's who needs one: it is opened again for the next. */
  #rest(opened: OpenedShell): void {
    if (this.#isClosed || !opened.shell.canRun) return;
    const giveWay = (): void => {
      this.#resting.delete(opened);
      closeShell(this.#session, opened, this.#session.lostProblem('its channel was needed'));
    };
    this.#resting.set(opened, this.#session.channels.rest(giveWay));
  }

  #use(opened: OpenedShell): void {
    this.#resting.get(opened)?.();
    this.#resting.delete(opened);
  }

  async #shellFor(privilege: RemoteCommand['privilege'], time: CommandTime): Promise<OpenedShell> {
    const isSudo = privilege === 'root' && this.#session.uid !== 0;
    const kept = isSudo ? this.#root : this.#plain;
    if (kept?.shell.canRun === true) {
      // Taken into use before anybody else has a turn, who could need its channel.
      this.#use(kept);
      return kept;
    }
    const opened = await openInTime(this.#session, privilege, time);
    if (isSudo) this.#root = opened;
    else this.#plain = opened;
    return opened;
  }
}
