import { createPrivateKey, createPublicKey } from 'node:crypto';
import { digitsOf } from '../random.ts';

/** A host key of a simulated machine. */
export interface HostKey {
  readonly type: 'ssh-ed25519';
  /** In OpenSSH's format, as ssh2 reads it. */
  readonly privateKey: string;
  /** The public part in OpenSSH's base64. */
  readonly keyBase64: string;
}

const type = 'ssh-ed25519';
/** What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7). */
const pkcs8Start = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key that a machine has under this seed: the same one at every start, so that the demo's laptop can go on trusting it. */
export function hostKeyOf(seed: number, machine: string): HostKey {
  const secret = Buffer.from(digitsOf(seed, 'host key', machine), 'hex');
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Start, secret]), format: 'der', type: 'pkcs8' });
  const point = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');
  const blob = Buffer.concat([field(type), field(point)]);
  return { type, privateKey: openSshFile(blob, secret, point), keyBase64: blob.toString('base64') };
}

/** OpenSSH's `PROTOCOL.key`, without a passphrase: it is worth nothing outside of this program. */
function openSshFile(blob: Buffer, secret: Buffer, point: Buffer): string {
  const check = blob.subarray(-4);
  const parts = Buffer.concat([
    check,
    check,
    field(type),
    field(point),
    field(Buffer.concat([secret, point])),
    field('demo'),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (parts.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    one,
    field(blob),
    field(Buffer.concat([parts, padding])),
  ]);
  const lines = body.toString('base64').match(/.{1,70}/gu) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

/** A string of SSH's wire format: its length and its bytes. */
function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
