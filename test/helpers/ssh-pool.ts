import { createSshPool, type SshPoolOptions } from '../../electron/core/ssh/ssh-pool.ts';
import { knownHostName } from '../../electron/core/ssh/target-names.ts';
import type { KnownHostStore, SecretSource, SshPool, SshTarget } from '../../electron/core/ssh/transport.ts';
import { type Problem, problemOf } from '#shared/problems.ts';
import type { Sshd } from './sshd.ts';

/** A store that trusts what it is told; names as `knownHostName` makes them. */
export function memoryKnownHosts(): KnownHostStore & {
  trust(host: string, port: number, key: { readonly type: string; readonly keyBase64: string }): void;
} {
  const kept = new Map<string, { type: string; keyBase64: string; addedAt: number }[]>();
  return {
    find: (name) => kept.get(name) ?? [],
    trust: (host, port, key) => {
      const name = knownHostName(host, port);
      kept.set(name, [...(kept.get(name) ?? []), { ...key, addedAt: 0 }]);
    },
  };
}

/** Secrets by kind; counts how often each was asked. */
export function memorySecrets(
  known: Partial<Record<'password' | 'passphrase' | 'sudo-password', string>> = {},
): SecretSource & {
  readonly asked: string[];
} {
  const asked: string[] = [];
  return {
    asked,
    get: (request) => {
      asked.push(request.kind);
      return Promise.resolve(known[request.kind]);
    },
  };
}

/** A pool that trusts the given daemons on all their addresses (default: their first). */
export function poolFor(
  daemons: readonly Sshd[],
  options: Partial<SshPoolOptions> & { readonly addresses?: readonly string[] } = {},
): SshPool {
  const knownHosts = memoryKnownHosts();
  for (const daemon of daemons)
    for (const address of options.addresses ?? [daemon.address])
      for (const key of daemon.hostKeys) knownHosts.trust(address, daemon.port, key);
  return createSshPool({ secrets: memorySecrets(), knownHosts, knownHostsFiles: [], ...options });
}

/** The daemon as a target, logged into with its own key. */
export function targetOf(daemon: Sshd, changes: Partial<SshTarget> = {}): SshTarget {
  return {
    host: daemon.address,
    port: daemon.port,
    user: daemon.user,
    methods: [{ kind: 'private-key', keyFile: daemon.keyFile }],
    jumps: [],
    secretScope: 'test',
    ...changes,
  };
}

/** The problem a promise fails with; a success or another error fails the test. */
export async function problemFrom(promise: Promise<unknown>): Promise<Problem> {
  try {
    await promise;
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problem;
  }
  throw new Error('A problem was expected, but it worked');
}
