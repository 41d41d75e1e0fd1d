import type { ClientChannel } from 'ssh2';
import { type Problem, ProblemError } from '#shared/problems.ts';
import { newNonce } from './shell-text.ts';

/** How a root shell is opened on a machine whose login is not root. */
export type SudoWay = { readonly kind: 'passwordless' } | { readonly kind: 'password'; readonly password: string };

export interface SudoLogin {
  /** Whose secrets the login uses. */
  readonly scope: string;
  /** Said beside a question for the secret of this machine alone, with a space before it. */
  readonly only?: string;
  readonly user: string;
  readonly host: string;
  /** The machine in the words of a message. */
  readonly machine: string;
}

/** The line that starts a root shell, and the two words it is followed by: sudo's own prompt, and the sign that root's shell runs. */
export interface SudoCommand {
  readonly commandLine: string;
  readonly promptWord: string;
  readonly startedWord: string;
}

/**
 * `-k` makes sudo ask even where rights are cached: without it the password's line would be left on standard input, for the root shell to run.
 * Only random words are in the arguments, where every user of the machine can read them.
 */
export function sudoCommand(way: SudoWay): SudoCommand {
  const promptWord = newNonce();
  const startedWord = newNonce();
  const options = way.kind === 'passwordless' ? '-n' : `-k -S -p ${promptWord}`;
  // The login shell may be any; only words that all of them read alike are used here, and the rest is for /bin/sh.
  const script = `LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin; export LC_ALL PATH; exec sudo ${options} -- /bin/sh -c "printf %s ${startedWord}; exec /bin/sh"`;
  return { commandLine: `exec /bin/sh -c '${script}'`, promptWord, startedWord };
}

/**
 * Waits until root's shell runs on the channel. The password is written once, and only after sudo's own prompt was seen.
 * Rejects with `sudo-missing`, `sudo-password-needed`, `sudo-password-wrong` or `sudo-not-permitted`; the channel is closed then.
 */
export function awaitRootShell(
  channel: ClientChannel,
  command: SudoCommand,
  way: SudoWay,
  login: SudoLogin,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    let isAnswered = false;
    const stop = () => {
      channel.removeListener('data', onOut);
      channel.stderr.removeListener('data', onErr);
      channel.removeListener('close', onClose);
    };
    const refuse = () => {
      stop();
      channel.close();
      reject(new ProblemError(sudoProblem(err.replaceAll(command.promptWord, ''), isAnswered, login)));
    };
    const onOut = (chunk: Buffer) => {
      out = (out + chunk.toString('latin1')).slice(-65_536);
      if (!out.includes(command.startedWord)) return;
      stop();
      resolve();
    };
    const onErr = (chunk: Buffer) => {
      err = (err + chunk.toString('latin1')).slice(-65_536);
      if (way.kind !== 'password') return;
      const prompts = err.split(command.promptWord).length - 1;
      if (prompts > 1) refuse();
      else if (prompts === 1 && !isAnswered) {
        isAnswered = true;
        channel.write(`${way.password}\n`);
      }
    };
    const onClose = () => refuse();
    channel.on('data', onOut);
    channel.stderr.on('data', onErr);
    channel.once('close', onClose);
  });
}

/** What a node without root rights still tells; of a cluster that takes only root it would be untrue (`readCluster`). */
export const stillShown = 'Everything that needs no root rights is still shown.';

/** What sudo's words mean (lab recipe: not being in sudoers and needing a password look the same to `sudo -n`). */
export function sudoProblem(words: string, isAnswered: boolean, login: SudoLogin): Problem {
  const { scope, user, machine, host, only = '' } = login;
  const evidence = { kind: 'secret', secret: 'sudo-password', scope, user, host } as const;
  if (/not found|no such file/i.test(words) && /sudo/.test(words))
    return {
      code: 'sudo-missing',
      message: `${machine} has no sudo, and ${user} is not root. ${stillShown}`,
      advice: 'Log in as root, or have sudo installed there.',
    };
  if (/not in the sudoers|not allowed|may not run sudo|must have a tty/i.test(words))
    return {
      code: 'sudo-not-permitted',
      message: `${user} may not use sudo for a root shell on ${machine} (${firstLine(words)}). ${stillShown}`,
      advice: `Have ${user} added to the sudo group there, or log in as another user.`,
    };
  if (isAnswered)
    return {
      code: 'sudo-password-wrong',
      message: `sudo on ${machine} does not accept the password of ${user}. ${stillShown}`,
      advice: `Enter the password again.${only} Nothing is tried again by itself, because wrong attempts can lock the account.`,
      evidence,
    };
  if (/password is required|terminal is required|no password was provided/i.test(words))
    return {
      code: 'sudo-password-needed',
      message: `sudo on ${machine} asks for the password of ${user}. ${stillShown}`,
      advice: 'Enter the password for sudo, or log in as root.',
      evidence,
    };
  return {
    code: 'sudo-not-permitted',
    message: `sudo on ${machine} opened no root shell for ${user} (${firstLine(words) || 'it said nothing'}). ${stillShown}`,
    advice: 'Try “sudo -v” there by hand.',
  };
}

/** sudo was not asked: another machine has refused the same password since it was entered. */
export function sudoHeld(refusedBy: string, { scope, only = '', user, machine, host }: SudoLogin): Problem {
  return {
    code: 'sudo-password-wrong',
    message:
      refusedBy === machine
        ? `sudo on ${machine} has refused the password of ${user}, and it was not entered again since. ${stillShown}`
        : `sudo on ${machine} was not told the password of ${user}, because sudo on ${refusedBy} has refused it. ${stillShown}`,
    advice:
      only === ''
        ? 'Enter the password again, and every machine is tried with it. Until then none is, because wrong attempts can lock the account.'
        : `Enter the password of ${user} there.${only} Until then it is not tried, because wrong attempts can lock the account.`,
    evidence: { kind: 'secret', secret: 'sudo-password', scope, user, host },
  };
}

/** Without its full stop: it is told inside of a sentence. */
function firstLine(words: string): string {
  const line = words
    .split('\n')
    .map((text) => text.trim())
    .find((text) => text !== '');
  return (line ?? '').replace(/\.$/u, '');
}
