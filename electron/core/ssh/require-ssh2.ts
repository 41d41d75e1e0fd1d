import type crypto from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';

type Crypto = typeof crypto;

// Not `require`: the built parts have one of that name.
const requireHere = createRequire(import.meta.url);
const keyObjects = new WeakMap<Uint8Array, KeyObject>();

/**
 * Loads ssh2. It makes a cipher anew for each packet, of a key in bytes. Node 24.21 takes 20 µs of CPU to find that bytes are no
 * `KeyObject` (it throws an error inside, with a stack), a third of what a probe costs; so ssh2 gets functions that make one of each key, once.
 * Nobody else gets them: ssh2 takes its functions from the module while it is loaded.
 */
export function requireSsh2(): unknown {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It gives the module itself.
  const module = requireHere('node:crypto') as Crypto;
  const { createCipheriv, createDecipheriv, createHmac, createSecretKey } = module;
  const keyOf = <K>(key: K): K | KeyObject => {
    if (!(key instanceof Uint8Array) || key.length === 0) return key;
    const known = keyObjects.get(key) ?? createSecretKey(key);
    keyObjects.set(key, known);
    return known;
  };
  const quick = {
    createCipheriv: (...[algorithm, key, ...rest]: Parameters<Crypto['createCipheriv']>) =>
      createCipheriv(algorithm, keyOf(key), ...rest),
    createDecipheriv: (...[algorithm, key, ...rest]: Parameters<Crypto['createDecipheriv']>) =>
      createDecipheriv(algorithm, keyOf(key), ...rest),
    createHmac: (...[algorithm, key, ...rest]: Parameters<Crypto['createHmac']>) =>
      createHmac(algorithm, keyOf(key), ...rest),
  };
  Object.assign(module, quick);
  try {
    return requireHere('ssh2');
  } finally {
    Object.assign(module, { createCipheriv, createDecipheriv, createHmac });
  }
}
