import { fingerprintOf } from '../ssh/known-hosts.ts';
import type { RemoteCommand } from '../ssh/transport.ts';

/** A host key as a trusted node sees it. */
export interface ScannedKey {
  /** As it was asked: the address, without the port. */
  readonly host: string;
  readonly type: string;
  /** OpenSSH's base64. */
  readonly keyBase64: string;
  /** `SHA256:…`, without padding. */
  readonly fingerprint: string;
}

/**
 * Asks a trusted node which host keys it sees of others (R24): about 100 ms a host, 3 s for one that does not answer. It trusts that
 * node's network path as much as a first connection does, which is why what the laptop is shown is held beside it.
 */
export function keyscanCommand(hosts: readonly string[], port = 22): RemoteCommand {
  return {
    script: `export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
port=$1; shift
ssh-keyscan -T 3 -p "$port" -t ed25519,ecdsa,rsa -- "$@" 2>/dev/null
[ $? -ne 127 ] || exit 127`,
    args: [String(port), ...hosts],
    privilege: 'none',
  };
}

/** Parses what it printed: a line a key, comments skipped. A host that did not answer has no line, and that is no error. */
export function parseKeyscan(stdout: string): readonly ScannedKey[] {
  return stdout.split('\n').flatMap((line) => {
    const [, name, type, keyBase64] = /^([^#\s]\S*) ([a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})\s*$/u.exec(line) ?? [];
    if (name === undefined || type === undefined || keyBase64 === undefined) return [];
    // `[host]:port` where the port is not 22.
    const host = /^\[(.+)\]:\d+$/u.exec(name)?.[1] ?? name;
    return [{ host, type, keyBase64, fingerprint: fingerprintOf(keyBase64) }];
  });
}
