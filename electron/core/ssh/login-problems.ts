import type { Problem, ProblemEvidence } from '#shared/problems.ts';
import { onlyHere } from './known-secret.ts';
import { machineName } from './target-names.ts';
import type { SshTarget } from './transport.ts';

/** What happened in a login that was refused. */
export interface RefusedLogin {
  /** The ways that were tried, in words. */
  readonly tried: readonly string[];
  /** What the server offers, by its own names (RFC 4252). */
  readonly offered: readonly string[];
  /** What kept a way from being tried. */
  readonly troubles: readonly Problem[];
  /** Whose password was refused and is asked for again; `undefined`: none was. */
  readonly refusedScope: string | undefined;
}

/** The server let nobody in, after every way that is configured. */
export function notLetIn(target: SshTarget, { tried, offered, troubles, refusedScope }: RefusedLogin): Problem {
  const { user } = target;
  const ways = tried.length === 0 ? 'No configured way to log in is offered' : `Tried: ${tried.join(', ')}`;
  return {
    code: 'authentication-failed',
    message: `${machineName(target)} does not let ${user} in. ${ways}. The server offers: ${
      offered.length === 0 ? 'nothing' : offered.join(', ')
    }.${besideOf(troubles)}`,
    advice:
      refusedScope !== undefined
        ? `Check the user name and the password.${onlyHere(target, refusedScope, machineName(target))} Nothing is tried again by itself, because wrong attempts can lock the account.`
        : tried.length === 0
          ? `${howToBeLetIn(offered)} Nothing is tried again by itself.`
          : `Check the user name and that the public key is in ~/.ssh/authorized_keys of ${user}. Nothing is tried again by itself.`,
    ...(refusedScope === undefined ? {} : { evidence: passwordEvidence(target, refusedScope) }),
  };
}

function besideOf(troubles: readonly Problem[]): string {
  return troubles.map(({ message }) => ` ${message}`).join('');
}

/** None of the ways that were chosen is one of the server's: which of its own could be. */
function howToBeLetIn(offered: readonly string[]): string {
  const ways = [
    ...(offered.includes('publickey') ? ['a private key file or the SSH agent'] : []),
    ...(offered.includes('password') || offered.includes('keyboard-interactive') ? ['the password'] : []),
  ];
  return ways.length === 0
    ? 'Its sshd allows this user no way to log in that Rackside knows: allow public keys or a password there.'
    : `Choose ${ways.join(' or ')} as the way to log in.`;
}

/** sshd allows MaxAuthTries attempts a connection, 6 unless it is set, and each key that it is offered is one. */
export function triesUsedUp(
  target: SshTarget,
  used: {
    readonly tried: readonly string[];
    /** The ways of the server's for which no attempt was left. */
    readonly untried: readonly string[];
    /** How many keys the agent holds, where it was tried. */
    readonly agentKeys: number;
    readonly troubles: readonly Problem[];
  },
): Problem {
  const { tried, untried, agentKeys, troubles } = used;
  const agent =
    agentKeys === 0
      ? ''
      : ` The SSH agent holds ${agentKeys === 1 ? '1 key' : `${String(agentKeys)} keys`}, and each one that is offered is an attempt.`;
  return {
    code: 'authentication-failed',
    message: `${machineName(target)} does not let ${target.user} in: the attempts that it allows (MaxAuthTries) were used up.${agent} Tried: ${tried.join(', ')}.${
      untried.length === 0 ? '' : ` Not tried any more: ${untried.join(', ')}.`
    }${besideOf(troubles)}`,
    advice: `${
      agentKeys === 0
        ? 'Name only the private key that this account accepts.'
        : 'Untick the agent and name the file of the one private key that this account accepts, or take the other keys out of the agent (ssh-add -d).'
    } Nothing is tried again by itself.`,
  };
}

/** It closed the connection instead of judging what it was told. Tried again, because a machine that goes down does so, too. */
export function hungUp(target: SshTarget, tried: readonly string[], words: string): Problem {
  const { user } = target;
  return {
    code: 'connection-lost',
    message: `${machineName(target)} closed the connection while ${user} was logging in (tried: ${tried.join(', ')}).${words === '' ? '' : ` It said: “${words}”.`}`,
    advice: `The account may have expired or be locked (chage -l ${user}), or the machine is going down. It is tried again; the log of its sshd says more.`,
  };
}

export function passwordExpired(target: SshTarget): Problem {
  const { user, host } = target;
  return {
    code: 'authentication-failed',
    message: `${machineName(target)} accepts the password of ${user} only to change it: it has expired.`,
    advice: `Change the password by logging in once with “ssh ${user}@${host}”, then connect again.`,
  };
}

/** @param unreadableBecause why the one that is kept cannot be read, where one is: a sentence. */
export function passwordNeeded(target: SshTarget, scope: string, unreadableBecause?: string): Problem {
  return {
    code: 'secret-needed',
    message: `${machineName(target)} asks for the password of ${target.user}, ${unreadableBecause === undefined ? 'which is not known here.' : `and the one that is kept cannot be read. ${unreadableBecause}`}`,
    advice: 'Enter the password, or choose another way to log in.',
    evidence: passwordEvidence(target, scope),
  };
}

export function passwordHeld(target: SshTarget, scope: string, refusedBy: string): Problem {
  const machine = machineName(target);
  return {
    code: 'authentication-failed',
    message:
      machine === refusedBy
        ? `${machine} has refused the password of ${target.user}, and it was not entered again since.`
        : `${machine} was not told the password of ${target.user}, because ${refusedBy} has refused it.`,
    advice:
      scope === target.secretScope
        ? 'Enter the password again, and every machine is tried with it. Until then none is, because wrong attempts can lock the account.'
        : `Enter the password of ${target.user} there.${onlyHere(target, scope, machine)} Until then it is not tried, because wrong attempts can lock the account.`,
    evidence: passwordEvidence(target, scope),
  };
}

function passwordEvidence({ user, host }: SshTarget, scope: string): ProblemEvidence {
  return { kind: 'secret', secret: 'password', scope, user, host };
}
