import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import { type Problem, ProblemError } from '#shared/problems.ts';
import { publicBlob } from './agent-keys.ts';
import { errorCode } from './error-code.ts';
import { loadSsh2 } from './ssh2-library.ts';

interface CachedKey {
  readonly stamp: string;
  /** The parsed key, or a digest of the passphrase that failed: a wrong one must not cost 231 ms for each of 200 nodes. */
  readonly parsed: ParsedKey | undefined;
  readonly wrongPassphrase: string | undefined;
}

/** Reads private keys. An encrypted one costs a quarter of a second to open, so it is opened once and kept while the file is the same. */
export class PrivateKeys {
  readonly #cache = new Map<string, CachedKey>();
  readonly #opening = new Map<string, Promise<ParsedKey>>();

  /**
   * The key of a file. `passphrase` is asked for only when the file needs one.
   * Throws `private-key-unreadable`, `passphrase-needed` or `passphrase-wrong`; `login` names who is being logged in, and whose secret the passphrase is.
   */
  async open(
    file: string,
    login: { readonly scope: string; readonly user: string; readonly host: string },
    passphrase: () => Promise<string | undefined>,
  ): Promise<ParsedKey> {
    // Two hundred nodes with one key are one question and one parse: the later ones wait for the first.
    const pending = this.#opening.get(file);
    if (pending !== undefined) return pending;
    const opening = this.#open(file, login, passphrase).finally(() => this.#opening.delete(file));
    this.#opening.set(file, opening);
    return opening;
  }

  /** The public half that ssh-keygen puts beside a private key, without a passphrase: its blob in base64; `undefined` where there is none. */
  async publicHalf(file: string): Promise<string | undefined> {
    const { utils } = await loadSsh2();
    try {
      const key = utils.parseKey(await readFile(`${pathOf(file)}.pub`));
      return key instanceof Error ? undefined : publicBlob(key);
    } catch {
      return undefined;
    }
  }

  async #open(
    file: string,
    login: { readonly scope: string; readonly user: string; readonly host: string },
    passphrase: () => Promise<string | undefined>,
  ): Promise<ParsedKey> {
    const { utils } = await loadSsh2();
    let stamp: string;
    let bytes: Buffer;
    const path = pathOf(file);
    try {
      const found = await stat(path);
      stamp = `${found.mtimeMs}:${found.size}:${found.ino}`;
      const cached = this.#cache.get(file);
      if (cached?.stamp === stamp && cached.parsed !== undefined) return cached.parsed;
      bytes = await readFile(path);
    } catch (error) {
      throw unreadable(file, `cannot be read (${errorCode(error)})`, error);
    }
    const plain = usableKey(utils.parseKey(bytes));
    if (!(plain instanceof Error)) return this.#keep(file, stamp, plain);
    if (!/encrypted|passphrase/i.test(plain.message))
      throw unreadable(file, `is not a private key Rackside can use (${plain.message})`);

    const evidence = { kind: 'secret', secret: 'passphrase', ...login, keyFile: file } as const;
    const given = await passphrase();
    if (given === undefined)
      throw new ProblemError({
        code: 'passphrase-needed',
        message: `The private key ${file} is protected by a passphrase, which is not known here.`,
        advice: 'Enter its passphrase, or use an agent that already holds the key.',
        evidence,
      });
    const digest = createHash('sha256').update(given).digest('base64');
    const cached = this.#cache.get(file);
    const isKnownWrong = cached?.stamp === stamp && cached.wrongPassphrase === digest;
    const opened = isKnownWrong ? new Error('known to be wrong') : usableKey(utils.parseKey(bytes, given));
    if (opened instanceof Error) {
      this.#cache.set(file, { stamp, parsed: undefined, wrongPassphrase: digest });
      throw new ProblemError({
        code: 'passphrase-wrong',
        message: `The passphrase does not open the private key ${file}.`,
        advice: 'Enter the passphrase again.',
        evidence,
      });
    }
    return this.#keep(file, stamp, opened);
  }

  #keep(file: string, stamp: string, parsed: ParsedKey): ParsedKey {
    this.#cache.set(file, { stamp, parsed, wrongPassphrase: undefined });
    return parsed;
  }
}

/** People write the path as ssh_config has it, where `~` is theirs. */
function pathOf(file: string): string {
  return file.startsWith('~/') ? join(homedir(), file.slice(2)) : file;
}

function usableKey(parsed: ParsedKey | Error): ParsedKey | Error {
  if (parsed instanceof Error) return parsed;
  return parsed.isPrivateKey() ? parsed : new Error('it is a public key');
}

function unreadable(file: string, why: string, cause?: unknown): ProblemError {
  const problem: Problem = {
    code: 'private-key-unreadable',
    message: `The private key ${file} ${why}.`,
    advice: 'Check the path and that the file is yours and readable; OpenSSH and PEM formats are understood.',
  };
  return new ProblemError(problem, cause === undefined ? undefined : { cause });
}
