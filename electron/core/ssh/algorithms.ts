import type { Algorithms, CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';

/*
 * What we offer, best first. AES-GCM leads because it is the fastest in ssh2 without native code and authenticates in the same pass.
 * There is no SHA-1 anywhere: neither `ssh-rsa` signatures nor its key exchanges; sshd has offered the others since 2014.
 */
const kex: KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group14-sha256',
];
const cipher: CipherAlgorithm[] = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
];
const hmac: MacAlgorithm[] = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
];
const hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** The key type that a host key algorithm signs with: both RSA ones use an `ssh-rsa` key. */
function keyTypeOf(algorithm: ServerHostKeyAlgorithm): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}

/**
 * The offer for one host. Types already known for it come first, as in OpenSSH's `order_hostkeyalgs`: a server that still has
 * the known key then shows that one, and adding a second key to a server never looks like a changed key.
 */
export function algorithmsFor(knownKeyTypes: readonly string[]): Algorithms {
  const isKnown = (algorithm: ServerHostKeyAlgorithm) => knownKeyTypes.includes(keyTypeOf(algorithm));
  return {
    kex,
    cipher,
    hmac,
    compress: ['none'],
    serverHostKey: [
      ...hostKeyAlgorithms.filter(isKnown),
      ...hostKeyAlgorithms.filter((algorithm) => !isKnown(algorithm)),
    ],
  };
}
