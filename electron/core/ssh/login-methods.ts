import type { LoginMethod } from './transport.ts';

/**
 * The methods in the order in which they are tried: as they are configured, but an agent after the last key file. An agent offers all that
 * it holds, and a server that allows six attempts would hang up before the key that a person named. (OpenSSH offers a named key that is a
 * file alone after the agent's, and fails there.)
 */
export function keyFilesFirst(methods: readonly LoginMethod[]): readonly LoginMethod[] {
  const end = methods.findLastIndex(({ kind }) => kind === 'private-key') + 1;
  const upToKeyFile = methods.slice(0, end);
  return [
    ...upToKeyFile.filter(({ kind }) => kind !== 'agent'),
    ...upToKeyFile.filter(({ kind }) => kind === 'agent'),
    ...methods.slice(end),
  ];
}

/** The method's name in RFC 4252, by which a server offers it. */
export function wireName(method: LoginMethod): string {
  return method.kind === 'agent' || method.kind === 'private-key' ? 'publickey' : method.kind;
}

/** The method as a problem names it. */
export function wayInWords(method: LoginMethod): string {
  return method.kind === 'private-key' ? `private key ${method.keyFile}` : method.kind;
}
