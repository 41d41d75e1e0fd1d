import { createHash, createHmac } from 'node:crypto';

/** One line of a `known_hosts` file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHostLine {
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** The first field: comma-separated patterns, or one hashed name. */
  readonly hosts: string;
  readonly keyType: string;
  readonly keyBase64: string;
  /** 1-based. */
  readonly line: number;
}

/** A file as it was read, or the first line that cannot be: a file that is half understood is not trusted at all. */
export type ParsedKnownHosts =
  | { readonly kind: 'lines'; readonly lines: readonly KnownHostLine[] }
  | { readonly kind: 'malformed'; readonly line: number; readonly why: string };

/** OpenSSH's fingerprint of a key: `SHA256:` and unpadded base64 of the digest over the key blob. */
export function fingerprintOf(keyBase64: string): string {
  const digest = createHash('sha256').update(Buffer.from(keyBase64, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** The type written inside a key blob, which must be the one written beside it. */
export function keyTypeOfBlob(blob: Buffer): string | undefined {
  if (blob.length < 4) return undefined;
  const length = blob.readUInt32BE(0);
  if (length === 0 || length > 64 || blob.length < 4 + length) return undefined;
  return blob.toString('latin1', 4, 4 + length);
}

/** Parses a whole file. Empty lines and comments are skipped, and so are keys of the SSH 1 protocol, which no server speaks. */
export function parseKnownHosts(text: string): ParsedKnownHosts {
  const lines: KnownHostLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const parsed = parseLine(line, index + 1);
    if (typeof parsed === 'string') return { kind: 'malformed', line: index + 1, why: parsed };
    if (parsed !== undefined) lines.push(parsed);
  }
  return { kind: 'lines', lines };
}

function parseLine(text: string, line: number): KnownHostLine | string | undefined {
  const fields = text.split(/[ \t]+/);
  let marker: KnownHostLine['marker'] = 'none';
  if (fields[0]?.startsWith('@')) {
    const word = fields.shift();
    if (word === '@revoked') marker = 'revoked';
    else if (word === '@cert-authority') marker = 'cert-authority';
    else return `the marker ${word} is not known`;
  }
  const [hosts, keyType, keyBase64] = fields;
  if (hosts === undefined || keyType === undefined || keyBase64 === undefined) return 'it has fewer than three fields';
  if (/^\d+$/.test(keyType) && /^\d+$/.test(keyBase64)) return undefined;
  if (hosts.startsWith('|') && !/^\|1\|[A-Za-z0-9+/]+=*\|[A-Za-z0-9+/]+=*$/.test(hosts))
    return 'its hashed host name is damaged';
  if (!/^[A-Za-z0-9+/]+=*$/.test(keyBase64)) return 'its key is not base64';
  if (keyTypeOfBlob(Buffer.from(keyBase64, 'base64')) !== keyType) return `its key is not of the type ${keyType}`;
  return { marker, hosts, keyType, keyBase64, line };
}

/** Whether a line is about a name (`host` or `[host]:port`); names compare without case. */
export function lineMatches(line: KnownHostLine, name: string): boolean {
  return line.hosts.startsWith('|') ? hashMatches(line.hosts, name) : patternsMatch(line.hosts, name);
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, keyed by the salt (OpenSSH `hostfile.c`, `host_hash`). */
function hashMatches(hashed: string, name: string): boolean {
  const [, , salt = '', hash = ''] = hashed.split('|');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name.toLowerCase()).digest('base64');
  return actual === hash;
}

/** A comma-separated list of patterns: one must match, and no negated one may. Shared with `ssh_config`'s Host lines. */
export function patternsMatch(patterns: string, name: string): boolean {
  let isMatched = false;
  for (const pattern of patterns.split(',')) {
    const isNegated = pattern.startsWith('!');
    if (!wildcardMatches(isNegated ? pattern.slice(1) : pattern, name)) continue;
    if (isNegated) return false;
    isMatched = true;
  }
  return isMatched;
}

/** `*` is any run of characters, `?` is one; everything else is itself, brackets too. */
export function wildcardMatches(pattern: string, name: string): boolean {
  const expression = pattern
    .toLowerCase()
    .replaceAll(/[\\^$.+()|[\]{}]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(name.toLowerCase());
}
