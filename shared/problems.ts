/**
 * The closed list of problem codes. An expected failure is a `Problem` with one of these; a thrown `Error` that is not a
 * `ProblemError` is a bug. Codes are part of the contract: the renderer and the tests decide on the code, never on the words.
 */
export const problemCodes = [
  // The contract and its transports.
  'unknown-call',
  'invalid-input',
  'unauthenticated',
  'token-used',
  'foreign-host',
  'foreign-origin',
  'too-many-requests',
  'cancelled',
  'internal',
  // Reaching a machine.
  'address-not-found',
  'address-unreachable',
  'connection-refused',
  'connection-timed-out',
  'connection-lost',
  'not-an-ssh-server',
  'no-common-algorithm',
  'too-many-sessions',
  'no-shell',
  'jump-host-failed',
  // Trusting a machine.
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'host-key-is-a-certificate',
  'known-hosts-unreadable',
  'host-key-differs-from-trusted-node',
  // Being let in.
  'secret-needed',
  'authentication-failed',
  'private-key-unreadable',
  'passphrase-needed',
  'passphrase-wrong',
  'agent-unavailable',
  'answers-needed',
  'ssh-config-unreadable',
  // Running something there.
  'command-timed-out',
  'output-not-understood',
  'output-too-large',
  'sudo-missing',
  'sudo-password-needed',
  'sudo-password-wrong',
  'sudo-not-permitted',
  // The cluster.
  'no-cluster-software',
  'cluster-not-running',
  'no-quorum',
  'no-control-node-answers',
  'not-this-region',
  'node-identity-changed',
  // The region and its nodes, as this laptop knows them.
  'region-not-found',
  'region-name-taken',
  'region-not-open',
  'node-not-found',
  // The demo region.
  'demo-not-started',
  'demo-ended',
  'demo-fault-refused',
  // Acting on a node.
  'not-available',
  'preflight-failed',
  'plan-changed',
  'service-limit',
  'node-locked',
  'lease-lost',
  'write-refused',
  'outcome-unknown',
  'step-failed',
  'timer-running',
  'name-mismatch',
  'statement-missing',
  'changed-meanwhile',
  'name-taken',
  'operation-not-found',
  // The laptop.
  'keychain-unavailable',
  'data-folder-in-use',
  'data-folder-unwritable',
  'data-from-the-future',
  'data-damaged',
  'disk-full',
] as const;

/** One code of the closed list. */
export type ProblemCode = (typeof problemCodes)[number];

/** One host key as somebody showed it. `fingerprint` is OpenSSH's `SHA256:…` without padding; `type` is e.g. `ssh-ed25519`. */
export interface ShownHostKey {
  readonly type: string;
  readonly fingerprint: string;
}

/** What a problem carries so that the interface can show it and answer it; one kind a question. */
export type ProblemEvidence =
  | {
      readonly kind: 'host-key';
      /** The name the key is kept under: `host` or `[host]:port`. */
      readonly host: string;
      readonly shown: ShownHostKey;
      /** The key itself, OpenSSH's base64: what an answer "trust it" refers to. */
      readonly shownKeyBase64: string;
      readonly known: readonly ShownHostKey[];
      /** Where the known ones stand, e.g. `~/.ssh/known_hosts:12`. */
      readonly knownFrom: readonly string[];
      /** The command that prints the same fingerprint at the machine's own console. */
      readonly consoleCommand: string;
      /** What a control node that is trusted already sees of the same machine (`ssh-keyscan` there), where that was asked. */
      readonly trustedView?: { readonly via: string; readonly keys: readonly ShownHostKey[] };
    }
  | {
      readonly kind: 'secret';
      readonly secret: 'password' | 'passphrase' | 'sudo-password';
      /** Whose secret it is (`secrets.supply`): the region's, a jump host's or a single node's. */
      readonly scope: string;
      readonly user: string;
      readonly host: string;
      /** The private key's file, for a passphrase. */
      readonly keyFile?: string;
    }
  | {
      readonly kind: 'conversation';
      /** A stored keyboard-interactive conversation; answered by `secrets.answer` before `expiresAt` (UTC ms). */
      readonly conversationId: string;
      readonly host: string;
      readonly instructions: string;
      readonly prompts: readonly { readonly prompt: string; readonly isEchoed: boolean }[];
      readonly expiresAt: number;
    }
  | { readonly kind: 'output'; readonly command: string; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'input'; readonly issues: readonly { readonly path: string; readonly message: string }[] };

/**
 * An expected failure, in the words of the person who has to act on it.
 * `message`: what happened, to which machine, and why. `advice`: what to do next.
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly advice: string;
  readonly evidence?: ProblemEvidence;
}

/** The one error class that carries a `Problem` through code that throws. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(`${problem.code}: ${problem.message}`, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Throws a `ProblemError`; an expression, so that it fits where a value is expected. */
export function fail(problem: Problem, cause?: unknown): never {
  throw new ProblemError(problem, cause === undefined ? undefined : { cause });
}

/** The problem an error carries, or `undefined` where the error is a bug. */
export function problemOf(error: unknown): Problem | undefined {
  return error instanceof ProblemError ? error.problem : undefined;
}
