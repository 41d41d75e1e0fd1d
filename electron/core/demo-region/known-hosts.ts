import type { TrustedKey } from '#shared/contract/trust.ts';
import type { DemoHostKey } from '#shared/model/demo.ts';
import { fail } from '#shared/problems.ts';
import { fingerprintOf, keyTypeOfBlob } from '../ssh/known-hosts.ts';
import { knownHostName } from '../ssh/target-names.ts';

/** The known hosts of one simulated region. They end with it, and no real region's are among them. */
export interface DemoKnownHosts {
  find(host: string): readonly TrustedKey[];
  list(): readonly TrustedKey[];
  /** All or none. @throws ProblemError `host-key-changed`, `invalid-input`. */
  trust(keys: readonly { readonly host: string; readonly keyBase64: string }[]): void;
  forget(host: string): void;
}

/** Trusts what the region itself has named, and nothing else until a person does. */
export function createDemoKnownHosts(named: readonly DemoHostKey[], now: () => number): DemoKnownHosts {
  const kept = new Map<string, readonly TrustedKey[]>();
  const find = (host: string): readonly TrustedKey[] => kept.get(host.toLowerCase()) ?? [];
  const keep = (key: TrustedKey): void => {
    kept.set(key.host, [...find(key.host).filter(({ type }) => type !== key.type), key]);
  };
  const keyOf = (host: string, keyBase64: string): TrustedKey => ({
    host: host.toLowerCase(),
    type: keyTypeOfBlob(Buffer.from(keyBase64, 'base64')) ?? notAKey(host),
    keyBase64,
    fingerprint: fingerprintOf(keyBase64),
    addedAt: now(),
  });
  for (const { host, port, keyBase64 } of named) keep(keyOf(knownHostName(host, port), keyBase64));
  return {
    find,
    list: () => [...kept.values()].flat(),
    trust(keys) {
      const shown = keys.map(({ host, keyBase64 }) => keyOf(host, keyBase64));
      for (const key of shown) {
        const held = find(key.host);
        if (held.length > 0 && !held.some(({ keyBase64 }) => keyBase64 === key.keyBase64)) refuse(key, held);
      }
      for (const key of shown) keep(key);
    },
    forget(host) {
      kept.delete(host.toLowerCase());
    },
  };
}

function notAKey(host: string): never {
  return fail({
    code: 'invalid-input',
    message: `The key given for ${host} is not an SSH host key.`,
    advice: 'Connect again, so that the host shows its key.',
  });
}

function refuse(key: TrustedKey, held: readonly TrustedKey[]): never {
  return fail({
    code: 'host-key-changed',
    message: `${key.host} is known with another host key: ${held.map(({ fingerprint }) => fingerprint).join(', ')}; now ${key.fingerprint}. Nothing was trusted.`,
    advice: `If the new one is right, forget the known key of ${key.host} first, then trust it.`,
  });
}
