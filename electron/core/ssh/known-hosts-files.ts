import { readFile, stat } from 'node:fs/promises';
import { fail } from '#shared/problems.ts';
import { errorCode } from './error-code.ts';
import type { HostKeyKnowledge, TrustedKey } from './host-key-check.ts';
import { type KnownHostLine, lineMatches, parseKnownHosts } from './known-hosts.ts';
import { knownHostName, machineName } from './target-names.ts';
import type { KnownHostStore, SshTarget } from './transport.ts';

interface CachedFile {
  readonly stamp: string;
  readonly lines: readonly KnownHostLine[];
}

/**
 * Gathers what is known of a machine: our own store, and the user's files, which are read and never written.
 * A file is parsed again only when it changed. A missing file is an empty one; any other trouble fails closed
 * with `known-hosts-unreadable`, because the line that cannot be read may be the one that revokes a key.
 */
export class KnownHosts {
  readonly #store: KnownHostStore;
  readonly #files: readonly string[];
  readonly #cache = new Map<string, CachedFile>();

  constructor(store: KnownHostStore, files: readonly string[]) {
    this.#store = store;
    this.#files = files;
  }

  async about(target: SshTarget): Promise<HostKeyKnowledge> {
    const name = knownHostName(target.host, target.port);
    const plainName = target.host.toLowerCase();
    const keys: TrustedKey[] = this.#store.find(name).map((key) => ({
      marker: 'none',
      type: key.type,
      keyBase64: key.keyBase64,
      from: 'Rackside',
      isForOtherPort: false,
    }));
    for (const file of this.#files) {
      for (const line of await this.#linesOf(file)) {
        const isForThis = lineMatches(line, name);
        // OpenSSH accepts a key known for the plain name on another port as well, if it is the very same key.
        const isForOtherPort = !isForThis && name !== plainName && lineMatches(line, plainName);
        if (!isForThis && !isForOtherPort) continue;
        if (isForOtherPort && line.marker === 'cert-authority') continue;
        keys.push({
          marker: line.marker,
          type: line.keyType,
          keyBase64: line.keyBase64,
          from: `${file}:${line.line}`,
          isForOtherPort,
        });
      }
    }
    return { name, machine: machineName(target), keys };
  }

  async #linesOf(file: string): Promise<readonly KnownHostLine[]> {
    let text: string;
    let stamp: string;
    try {
      const { mtimeMs, size, ino } = await stat(file);
      stamp = `${mtimeMs}:${size}:${ino}`;
      const cached = this.#cache.get(file);
      if (cached?.stamp === stamp) return cached.lines;
      text = await readFile(file, 'utf8');
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return [];
      return refuse(file, `cannot be read (${code})`, error);
    }
    const parsed = parseKnownHosts(text);
    if (parsed.kind === 'malformed') return refuse(file, `cannot be understood: in line ${parsed.line} ${parsed.why}`);
    this.#cache.set(file, { stamp, lines: parsed.lines });
    return parsed.lines;
  }
}

function refuse(file: string, why: string, cause?: unknown): never {
  return fail(
    {
      code: 'known-hosts-unreadable',
      message: `The file of known hosts ${file} ${why}. No machine is contacted, because a revoked or changed key could not be noticed.`,
      advice: 'Mend or remove the line, or make the file readable for you, then connect again.',
    },
    cause,
  );
}
