import { ProblemError } from '#shared/problems.ts';
import { FramedShell } from './framed-shell.ts';
import { type KnownSecret, knownSecret, onlyHere, scopeToAsk } from './known-secret.ts';
import type { Trial } from './secret-trials.ts';
import type { OpenedShell, SshSession } from './ssh-session.ts';
import { awaitRootShell, sudoCommand, sudoHeld, sudoProblem, type SudoWay } from './sudo.ts';

/** Opens root shells through sudo on one connection, and remembers which way works there, so that later ones go it at once. */
export class RootShells {
  readonly #session: SshSession;
  #needsPassword = false;
  #wrongPassword: string | undefined;

  constructor(session: SshSession) {
    this.#session = session;
  }

  /** A root shell, by `sudo -n` where that is enough, else with the password. Rejects with one of the four sudo problems. */
  async open(signal?: AbortSignal): Promise<OpenedShell> {
    if (!this.#needsPassword) {
      try {
        return await this.#openBy({ kind: 'passwordless' }, signal);
      } catch (error) {
        if (!(error instanceof ProblemError) || error.problem.code !== 'sudo-password-needed') throw error;
        this.#needsPassword = true;
      }
    }
    const password = await this.#password();
    if (password === undefined) throw new ProblemError(sudoProblem('a password is required', false, this.#login()));
    // A refused password is not offered again: PAM counts the attempts and locks the account.
    if (password.value === this.#wrongPassword) throw new ProblemError(sudoProblem('', true, this.#login()));
    const turn = await this.#takeTurn(password, signal);
    try {
      const opened = await this.#openBy({ kind: 'password', password: password.value }, signal);
      turn.accepted();
      return opened;
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'sudo-password-wrong') {
        this.#wrongPassword = password.value;
        turn.refused();
      }
      throw error;
    } finally {
      turn.ended();
    }
  }

  /** Other machines of the scope may have refused the same password: then it is not given here. */
  async #takeTurn({ value, scope }: KnownSecret, signal: AbortSignal | undefined): Promise<Trial> {
    const { target, machine, ports } = this.#session;
    const of = { kind: 'sudo-password', scope, user: target.user } as const;
    const turn = await ports.trials.begin(of, value, machine, signal);
    if (turn.kind === 'held') throw new ProblemError(sudoHeld(turn.machine, this.#login()));
    return turn;
  }

  async #openBy(way: SudoWay, signal: AbortSignal | undefined): Promise<OpenedShell> {
    const command = sudoCommand(way);
    const channel = await this.#session.openChannel(command.commandLine, signal);
    await awaitRootShell(channel, command, way, this.#login());
    const shell = new FramedShell(channel, this.#session.machine, () => this.#session.endedBy);
    const identity = await shell.hello();
    if (identity.uid !== 0) {
      const problem = sudoProblem(`sudo gave uid ${identity.uid}`, false, this.#login());
      shell.close(problem);
      throw new ProblemError(problem);
    }
    return { shell, processGroup: identity.processGroup, isRoot: true };
  }

  /** sudo's own password where one is kept, else the login's: that is the one sudo asks for unless it was configured otherwise. */
  async #password(): Promise<KnownSecret | undefined> {
    const { target, ports } = this.#session;
    return (
      (await knownSecret(ports.secrets, target, 'sudo-password')) ??
      (await knownSecret(ports.secrets, target, 'password'))
    );
  }

  #login() {
    const { target, machine, ports } = this.#session;
    const scope = scopeToAsk(ports.trials, target, 'sudo-password');
    return { scope, only: onlyHere(target, scope, machine), user: target.user, host: target.host, machine };
  }
}
