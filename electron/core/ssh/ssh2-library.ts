import type { BaseAgent, Client, ParsedKey } from 'ssh2';

/** The parts of ssh2 this folder uses. */
export interface Ssh2 {
  readonly Client: new () => Client;
  readonly createAgent: (socketPath: string) => BaseAgent;
  readonly utils: { parseKey(data: Buffer | string, passphrase?: string): ParsedKey | Error };
}

let library: Promise<Ssh2> | undefined;

/** ssh2, loaded when the first connection needs it: an offline start with a cached table must not pay for it. */
export function loadSsh2(): Promise<Ssh2> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its types describe what `require` gives.
  library ??= import('./require-ssh2.ts').then(({ requireSsh2 }) => requireSsh2() as Ssh2);
  return library;
}
