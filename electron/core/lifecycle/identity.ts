import type { NodeRecord } from '#shared/model/cluster.ts';

/** What a machine shows of who it is; `null` where it was not read. */
export interface SeenIdentity {
  readonly machineId: string | null;
  /** The host key it proved, as `SHA256:…`. */
  readonly hostKey: string | null;
  /** DMI's serial number. */
  readonly serial: string | null;
}

export type IdentityCheck = { readonly kind: 'same' } | { readonly kind: 'frozen'; readonly because: string };

const parts = [
  { name: 'machine-id', of: ({ machineId }: SeenIdentity) => machineId },
  { name: 'host key', of: ({ hostKey }: SeenIdentity) => hostKey },
  { name: 'serial number', of: ({ serial }: SeenIdentity) => serial },
] as const;

/**
 * Whether the machine that answers is the node of the record (R12): machine-id, host key and DMI serial. Whatever was both recorded and
 * read must be equal, else every write to the node is frozen; what either side does not know proves nothing either way.
 */
export function checkIdentity(
  recorded: Pick<NodeRecord, 'machineId' | 'hostKey' | 'serial'>,
  seen: SeenIdentity,
): IdentityCheck {
  const differing = parts.flatMap(({ name, of }) => {
    const [was, is] = [of(recorded), of(seen)];
    return was !== null && is !== null && was !== is ? [`its ${name} is ${is}, recorded was ${was}`] : [];
  });
  if (differing.length === 0) return { kind: 'same' };
  return { kind: 'frozen', because: `another machine answers under this name: ${differing.join('; ')}` };
}
