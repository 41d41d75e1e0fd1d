import type { Problem, ProblemCode } from '#shared/problems.ts';

/** Problems that only a person can end. Nothing is tried again by itself after one of these (R22). */
const questionCodes: ReadonlySet<ProblemCode> = new Set([
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'host-key-is-a-certificate',
  'known-hosts-unreadable',
  'host-key-differs-from-trusted-node',
  'secret-needed',
  'authentication-failed',
  'private-key-unreadable',
  'passphrase-needed',
  'passphrase-wrong',
  'answers-needed',
  // Each try without a key to offer counts towards a ban there.
  'agent-unavailable',
  // A refused sudo is written down there, and a wrong password for it counts towards a lock of the account.
  'sudo-password-needed',
  'sudo-password-wrong',
  'sudo-not-permitted',
  'node-identity-changed',
  'not-this-region',
]);

/** True where a person has to answer or mend something before another try can help. */
export function needsAPerson(problem: Problem): boolean {
  return questionCodes.has(problem.code);
}

/**
 * Problems after which another address of the same machine may still answer. Fewer than those of core/ssh that a later attempt may find
 * gone: where the machine hung up, has too many logins or nothing secure in common with us, its next address leads to the same sshd.
 */
const routeCodes: ReadonlySet<ProblemCode> = new Set([
  'address-not-found',
  'address-unreachable',
  'connection-refused',
  'connection-timed-out',
  'not-an-ssh-server',
  'jump-host-failed',
]);

/** True where the way to the machine failed, not the machine's door. */
export function isRouteProblem(problem: Problem): boolean {
  return routeCodes.has(problem.code);
}

/** When each problem was first heard of (UTC ms). Each try makes a problem of its own: since when one is known is when that try ended. */
export function createAskedAt(now: () => number): (problem: Problem) => number {
  const heardAt = new WeakMap<Problem, number>();
  return (problem) => {
    const at = heardAt.get(problem) ?? now();
    heardAt.set(problem, at);
    return at;
  };
}
