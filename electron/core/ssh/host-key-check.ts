import type { Problem, ShownHostKey } from '#shared/problems.ts';
import { fingerprintOf, keyTypeOfBlob } from './known-hosts.ts';

/** One key somebody trusts (or revoked) for the machine that is being reached. */
export interface TrustedKey {
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  readonly type: string;
  readonly keyBase64: string;
  /** Where it stands, e.g. `~/.ssh/known_hosts:12`. */
  readonly from: string;
  /** Known only for the host's default port: a match proves the machine, a difference proves nothing about this port. */
  readonly isForOtherPort: boolean;
}

/** What is known of a machine before it is spoken to. */
export interface HostKeyKnowledge {
  /** `host` or `[host]:port`. */
  readonly name: string;
  /** How the machine is called in a message. */
  readonly machine: string;
  readonly keys: readonly TrustedKey[];
}

/** The proven key, or why the machine is not spoken to any further. */
export type HostKeyVerdict =
  | { readonly kind: 'trusted'; readonly hostKey: ShownHostKey }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Key types known for the machine, for the order of the offer. */
export function knownTypes(knowledge: HostKeyKnowledge): readonly string[] {
  return knowledge.keys.filter((key) => key.marker === 'none').map((key) => key.type);
}

/**
 * Judges the key a server proved, before any proof of ours travels (R24). Order as in OpenSSH's `check_key_in_hostkeys`: revoked
 * beats everything, then a match, then a difference; unknown comes last. A key of another type than the known ones is a
 * difference too: the known types were offered first, so a server that still had one of those keys would have shown it.
 */
export function judgeHostKey(knowledge: HostKeyKnowledge, blob: Buffer): HostKeyVerdict {
  const keyBase64 = blob.toString('base64');
  const type = keyTypeOfBlob(blob) ?? 'unknown';
  const shown: ShownHostKey = { type, fingerprint: fingerprintOf(keyBase64) };
  const same = knowledge.keys.filter((key) => key.keyBase64 === keyBase64);
  const revoked = same.filter((key) => key.marker === 'revoked');
  const known = knowledge.keys.filter((key) => key.marker === 'none' && !key.isForOtherPort);
  const refuse = (
    code: Problem['code'],
    message: string,
    advice: string,
    beside: readonly TrustedKey[],
  ): HostKeyVerdict => ({
    kind: 'refused',
    problem: {
      code,
      message,
      advice,
      evidence: {
        kind: 'host-key',
        host: knowledge.name,
        shown,
        shownKeyBase64: keyBase64,
        known: beside.map((key) => ({ type: key.type, fingerprint: fingerprintOf(key.keyBase64) })),
        knownFrom: beside.map((key) => key.from),
        consoleCommand: consoleCommandFor(type),
      },
    },
  });

  if (revoked.length > 0)
    return refuse(
      'host-key-revoked',
      `${knowledge.machine} showed a key that is marked as revoked (${placesOf(revoked)}). Nothing was sent to it.`,
      'Treat this machine as taken over until somebody responsible for it says otherwise.',
      revoked,
    );
  if (same.some((key) => key.marker === 'none')) return { kind: 'trusted', hostKey: shown };
  if (known.length > 0)
    return refuse(
      'host-key-changed',
      known.some((key) => key.type === type)
        ? `${knowledge.machine} showed another ${type} key than the one known for it (${placesOf(known)}). Nothing was sent to it.`
        : `${knowledge.machine} showed a key of type ${type}, but is known by ${typesOf(known)} (${placesOf(known)}), which it no longer has. Nothing was sent to it.`,
      'Either the machine was installed again, or another machine answers at its address. Compare the fingerprint at its own console before you replace the old key.',
      known,
    );
  const authorities = knowledge.keys.filter((key) => key.marker === 'cert-authority');
  if (authorities.length > 0)
    return refuse(
      'host-key-is-a-certificate',
      `${knowledge.machine} is trusted through a certificate authority (${placesOf(authorities)}), and Rackside cannot check host certificates. Nothing was sent to it.`,
      `Compare the fingerprint at the machine’s own console. If it is the same, add the machine’s own key to your known_hosts file (${scanCommandFor(knowledge.name, type)}) and try again: a key that stands there by itself is trusted.`,
      authorities,
    );
  return refuse(
    'host-key-unknown',
    `${knowledge.machine} is not known to this laptop. It showed the ${type} key ${shown.fingerprint}.`,
    'Compare the fingerprint with what the command prints at the machine’s own console, then trust it.',
    [],
  );
}

/** The command that prints the machine's own key as a line of known_hosts. It trusts the network: the fingerprint is compared first. */
function scanCommandFor(name: string, type: string): string {
  const [, host = name, port = '22'] = /^\[(.+)\]:(\d+)$/u.exec(name) ?? [];
  const kind = type.startsWith('ecdsa-') ? 'ecdsa' : type === 'ssh-rsa' ? 'rsa' : 'ed25519';
  return `ssh-keyscan ${port === '22' ? '' : `-p ${port} `}-t ${kind} ${host} >> ~/.ssh/known_hosts`;
}

function placesOf(keys: readonly TrustedKey[]): string {
  return [...new Set(keys.map((key) => key.from))].join(', ');
}

function typesOf(keys: readonly TrustedKey[]): string {
  return [...new Set(keys.map((key) => key.type))].join(', ');
}

/** The command that prints the same fingerprint at the machine itself; file names are Debian's and Red Hat's alike. */
function consoleCommandFor(type: string): string {
  const file = type.startsWith('ecdsa-') ? 'ecdsa' : type === 'ssh-rsa' ? 'rsa' : 'ed25519';
  return `ssh-keygen -lf /etc/ssh/ssh_host_${file}_key.pub`;
}
