import { type Problem, ProblemError } from '#shared/problems.ts';
import type { OpenedShell, SshSession } from './ssh-session.ts';
import type { CommandResult, RemoteCommand, RunOptions } from './transport.ts';

const defaultMaxOutputBytes = 16 * 1024 * 1024;

/**
 * One command's time: a deadline and the caller's signal become one abort, whose reason is the problem to be told. After a wake the deadline
 * waits until the session's patience is over, or everything in flight during a sleep would be called dead in its first second (R22).
 */
export class CommandTime {
  readonly #abort = new AbortController();
  readonly #session: SshSession;
  readonly #options: RunOptions;
  readonly #onCallerAbort = () => this.#abort.abort(new ProblemError(cancelled(this.#session.machine)));
  #cancelTimer: () => void;

  constructor(session: SshSession, options: RunOptions) {
    this.#session = session;
    this.#options = options;
    this.#cancelTimer = session.ports.clock.after(options.deadlineMs, () => this.#expire());
    if (options.signal?.aborted === true) this.#onCallerAbort();
    else options.signal?.addEventListener('abort', this.#onCallerAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The problem to tell, once time is over. */
  get problem(): Problem | undefined {
    return this.signal.aborted && this.signal.reason instanceof ProblemError ? this.signal.reason.problem : undefined;
  }

  /** The problem to tell where time was over before a shell was open: then nothing was sent. */
  get openingProblem(): Problem | undefined {
    const { problem } = this;
    const { machine } = this.#session;
    if (problem?.code === 'cancelled')
      return { code: 'cancelled', message: `A command for ${machine} was cancelled before it was sent.`, advice: '' };
    if (problem?.code !== 'command-timed-out') return problem;
    return {
      code: 'command-timed-out',
      message: `${machine} opened no shell within ${seconds(this.#options.deadlineMs)}; nothing was sent to it.`,
      advice: 'The machine may be overloaded, or a login script of it hangs. It is tried again.',
    };
  }

  end(): void {
    this.#cancelTimer();
    this.#options.signal?.removeEventListener('abort', this.#onCallerAbort);
  }

  #expire(): void {
    const patienceMs = this.#session.keepalive.patienceMs();
    if (patienceMs > 0) this.#cancelTimer = this.#session.ports.clock.after(patienceMs, () => this.#expire());
    else this.#abort.abort(new ProblemError(timedOut(this.#session.machine, this.#options.deadlineMs)));
  }
}

/** Runs one script in a shell that is open; when the time is over the shell is closed, and the connection too if that does not help. */
export async function runIn(
  session: SshSession,
  opened: OpenedShell,
  command: RemoteCommand,
  maxOutputBytes: number | undefined,
  time: CommandTime,
): Promise<CommandResult> {
  const onAbort = () => closeShell(session, opened, time.problem ?? session.lostProblem('cancelled'));
  time.signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await opened.shell.run({
      script: command.script,
      args: command.args ?? [],
      maxOutputBytes: maxOutputBytes ?? defaultMaxOutputBytes,
    });
  } finally {
    time.signal.removeEventListener('abort', onAbort);
  }
}

/** Opens a shell within the time; one that comes too late is closed again. */
export async function openInTime(
  session: SshSession,
  privilege: RemoteCommand['privilege'],
  time: CommandTime,
): Promise<OpenedShell> {
  const opening = session.openShell(privilege, time.signal);
  const late = Promise.withResolvers<never>();
  const onAbort = () => {
    const problem = time.openingProblem;
    late.reject(problem === undefined ? time.signal.reason : new ProblemError(problem));
  };
  time.signal.addEventListener('abort', onAbort, { once: true });
  if (time.signal.aborted) onAbort();
  try {
    return await Promise.race([opening, late.promise]);
  } catch (error) {
    if (time.signal.aborted)
      void opening.then(
        (opened) => closeShell(session, opened, session.lostProblem('not needed any more')),
        () => undefined,
      );
    throw error;
  } finally {
    time.signal.removeEventListener('abort', onAbort);
  }
}

/** Closes a shell; where the server does not confirm it in time, the connection is given up (a hung command holds its channel). */
export function closeShell(session: SshSession, opened: OpenedShell, why: Problem): void {
  const isBusy = opened.shell.isBusy;
  opened.shell.close(why);
  const cancel = session.ports.clock.after(session.ports.timings.channelCloseMs, () => {
    session.abandon(session.lostProblem('a command there hung and could not be ended'));
  });
  opened.shell.whenClosed(cancel);
  if (isBusy) endProcesses(session, opened);
}

/**
 * Ends what a shell left running after its time: sshd passes our signal on only for logins that are not root (`session_signal_req`), so the
 * process group is ended from a second channel. Without this, every hung command would cost the whole connection.
 */
function endProcesses(session: SshSession, opened: OpenedShell): void {
  if (opened.processGroup <= 1 || !session.isOpen) return;
  runAlone(
    session,
    {
      script: endGroupScript,
      args: [String(opened.processGroup)],
      privilege: opened.isRoot ? 'root' : 'none',
    },
    { deadlineMs: session.ports.timings.channelCloseMs },
    // The connection is given up by `closeShell` when this did not help, whatever the reason.
  ).catch(() => undefined);
}

/** One command on a channel of its own. */
export async function runAlone(
  session: SshSession,
  command: RemoteCommand,
  options: RunOptions,
): Promise<CommandResult> {
  const time = new CommandTime(session, options);
  try {
    const opened = await openInTime(session, command.privilege, time);
    try {
      return await runIn(session, opened, command, options.maxOutputBytes, time);
    } finally {
      opened.shell.close(session.lostProblem('the command was over'));
    }
  } finally {
    time.end();
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

function timedOut(machine: string, deadlineMs: number): Problem {
  return {
    code: 'command-timed-out',
    message: `A command on ${machine} did not end within ${seconds(deadlineMs)} and was abandoned; whether it took effect is not known.`,
    advice: 'The machine may be overloaded or a disk of it hung. Read the state again before repeating the command.',
  };
}

function cancelled(machine: string): Problem {
  return {
    code: 'cancelled',
    message: `A command on ${machine} was cancelled; whether it took effect is not known.`,
    advice: 'Read the state again before repeating the command.',
  };
}

/** Ends the process group $1, gently first. */
export const endGroupScript =
  'kill -s TERM -- "-$1"; sleep 0.1 2>/dev/null; kill -s 0 -- "-$1" 2>/dev/null || exit 0; sleep 1; kill -s KILL -- "-$1"';
