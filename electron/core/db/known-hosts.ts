import { createHash } from 'node:crypto';
import type { TrustedKey } from '#shared/contract/trust.ts';
import { fail } from '#shared/problems.ts';
import type { DatabaseHandle } from './handle.ts';

/** The host keys this laptop trusts. `host` is `name` or `[name]:port`, compared without regard to case, as OpenSSH does. */
export interface KnownHostsRepository {
  find(host: string): readonly TrustedKey[];
  list(): readonly TrustedKey[];
  /**
   * Trusts all of these keys or none. `host-key-changed` where a host holds other keys already: they must be forgotten first, by
   * name. `invalid-input` where a text is no host key. A key that is trusted already changes nothing.
   */
  trust(keys: readonly { readonly host: string; readonly keyBase64: string }[]): void;
  forget(host: string): void;
}

interface KeyRow {
  readonly host: string;
  readonly type: string;
  readonly key_base64: string;
  readonly fingerprint: string;
  readonly added_at: number;
}

export function knownHostsRepository(database: DatabaseHandle, now: () => number): KnownHostsRepository {
  const columns = 'host, type, key_base64, fingerprint, added_at';
  const ofHost = database.prepare<KeyRow>(`SELECT ${columns} FROM known_hosts WHERE host = ? ORDER BY type`);
  const all = database.prepare<KeyRow>(`SELECT ${columns} FROM known_hosts ORDER BY host, type`);
  const insert = database.prepare(`INSERT INTO known_hosts (${columns}) VALUES (?, ?, ?, ?, ?)`);
  const drop = database.prepare('DELETE FROM known_hosts WHERE host = ?');
  const find = (host: string): readonly TrustedKey[] =>
    database.read(() => ofHost.all(host.toLowerCase())).map((row) => trustedKey(row));
  return {
    find,
    list: () => database.read(() => all.all()).map((row) => trustedKey(row)),
    trust: (keys) => {
      const shown = keys.map((key) => describe(key));
      database.record(() => {
        // One answer may name several keys of a host (one a type); keys held before it may not differ from them.
        const before = new Map(shown.map(({ host }) => [host, find(host)]));
        for (const key of shown) {
          const held = before.get(key.host) ?? [];
          if (held.some(({ keyBase64 }) => keyBase64 === key.keyBase64)) continue;
          const rival = find(key.host).find(({ type }) => type === key.type);
          if (held.length > 0 || (rival !== undefined && rival.keyBase64 !== key.keyBase64))
            refuse(key, held.length > 0 ? held : find(key.host));
          if (rival === undefined) insert.run(key.host, key.type, key.keyBase64, key.fingerprint, now());
        }
      });
    },
    forget: (host) => {
      database.record(() => drop.run(host.toLowerCase()));
    },
  };
}

type ShownKey = Omit<TrustedKey, 'addedAt'>;

function refuse(key: ShownKey, held: readonly TrustedKey[]): never {
  const algorithm = key.type.replace(/^(ssh-|ecdsa-).*$/, (type) =>
    type === 'ssh-ed25519' ? 'ed25519' : type.startsWith('ecdsa') ? 'ecdsa' : type.slice(4),
  );
  return fail({
    code: 'host-key-changed',
    message: `${key.host} is known with another host key: ${held.map(({ type, fingerprint }) => `${type} ${fingerprint}`).join(', ')}; now ${key.type} ${key.fingerprint}. Nothing was trusted.`,
    advice: `Find out why the key changed. If it is right, forget the known key of ${key.host} first, then trust the new one.`,
    evidence: {
      kind: 'host-key',
      host: key.host,
      shown: { type: key.type, fingerprint: key.fingerprint },
      shownKeyBase64: key.keyBase64,
      known: held.map(({ type, fingerprint }) => ({ type, fingerprint })),
      knownFrom: held.map(() => "Rackside's known hosts"),
      consoleCommand: `ssh-keygen -l -f /etc/ssh/ssh_host_${algorithm}_key.pub`,
    },
  });
}

/** Reads type and fingerprint out of the key itself (RFC 4253, 6.6: it begins with its type as a length and bytes). */
function describe(key: { readonly host: string; readonly keyBase64: string }): ShownKey {
  const bytes = Buffer.from(key.keyBase64, 'base64');
  const length = bytes.length > 4 ? bytes.readUInt32BE(0) : 0;
  const type = bytes.toString('latin1', 4, 4 + length);
  if (length === 0 || bytes.length <= 4 + length || !/^[a-z0-9@.-]+$/.test(type)) {
    fail({
      code: 'invalid-input',
      message: `The key given for ${key.host} is not an SSH host key.`,
      advice: 'Connect again, so that the host shows its key.',
    });
  }
  const digest = createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '');
  return { host: key.host.toLowerCase(), type, keyBase64: bytes.toString('base64'), fingerprint: `SHA256:${digest}` };
}

function trustedKey(row: KeyRow): TrustedKey {
  return {
    host: row.host,
    type: row.type,
    keyBase64: row.key_base64,
    fingerprint: row.fingerprint,
    addedAt: row.added_at,
  };
}
