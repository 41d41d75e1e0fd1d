import type { BaseAgent, KnownPublicKeys, ParsedKey } from 'ssh2';
import { ProblemError } from '#shared/problems.ts';
import type { Ssh2 } from './ssh2-library.ts';

/** Public keys (the blob in base64) that a login knows of before its agent is asked. */
export interface KnownKeys {
  /** Those of the key files that could not be opened, where they are known. */
  readonly named: ReadonlySet<string>;
  /** Those that the server has refused already, as files. */
  readonly refused: ReadonlySet<string>;
}

/**
 * Opens an agent that offers the keys a person named as files first, as OpenSSH does: of many keys a server hears only the first few. So a
 * key under a passphrase that only the agent knows is found; one that was refused as a file comes last.
 * @param socket a socket, a pipe, or `pageant` on Windows. @throws ProblemError `agent-unavailable`, also where the agent holds no key.
 */
export async function openAgent(
  ssh2: Ssh2,
  socket: string | undefined,
  known: KnownKeys,
): Promise<{ readonly agent: BaseAgent; readonly keyCount: number }> {
  if (socket === undefined || socket === '') throw unavailable('is not running: SSH_AUTH_SOCK is not set');
  const agent = ssh2.createAgent(socket);
  const held = await new Promise<KnownPublicKeys>((resolve, reject) => {
    agent.getIdentities((error, keys) => {
      if (error !== null && error !== undefined) reject(unavailable(`at ${socket} does not answer (${error.message})`));
      else resolve(keys ?? []);
    });
  });
  if (held.length === 0) throw unavailable(`at ${socket} holds no keys`);
  const rank = (key: KnownPublicKeys[number]): number => {
    const blob = typeof key === 'object' && 'getPublicSSH' in key ? publicBlob(key) : '';
    if (known.refused.has(blob)) return 2;
    return known.named.has(blob) ? 0 : 1;
  };
  const inOrder = held.toSorted((one, other) => rank(one) - rank(other));
  // ssh2 asks for them again by itself.
  agent.getIdentities = (answer) => answer(undefined, inOrder);
  return { agent, keyCount: held.length };
}

/** A key's public half as `known_hosts` and `authorized_keys` have it. */
export function publicBlob(key: ParsedKey): string {
  return key.getPublicSSH().toString('base64');
}

function unavailable(why: string): ProblemError {
  return new ProblemError({
    code: 'agent-unavailable',
    message: `The SSH agent ${why}.`,
    advice: 'Start the agent and add the key to it (ssh-add), or choose the private key’s file instead.',
  });
}
