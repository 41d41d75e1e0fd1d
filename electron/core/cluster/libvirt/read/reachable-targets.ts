import { sectionOf, sectionScript, splitSections } from '../../../ssh/sections.ts';
import type { Section, SectionedOutput } from '../../../ssh/sections.ts';
import type { RemoteCommand } from '../../../ssh/transport.ts';
import { forEachAtOnce, wayTo, whyNot } from './virsh.ts';

/** Whether a move from the source would find its way to a target; `no` completes "… cannot be reached, because …". */
export type Reachable = 'yes' | { readonly no: string };

/**
 * Asks each target's libvirt from the source as a move will: as root over SSH, by the cluster's name for the node; and whether the source
 * knows an address for the name that the target's libvirt calls itself, because the memory is sent to that name. All targets at the same
 * time: 0.3 s on quiet nodes, and at most 15 s. Ports 49152 and up, through which the memory goes, are tried by the move alone.
 */
export function reachableTargetsCommand(targets: readonly string[]): RemoteCommand {
  return { script, args: targets.map(wayTo), privilege: 'root' };
}

// `getent hosts` asks a name server for an IPv6 address although the node's own file has one of IPv4: 10 s where none answers.
const script = sectionScript([
  ...forEachAtOnce(`name=$(timeout --foreground 10 virsh -q -c "$to" hostname) &&
    { timeout --foreground 5 getent ahosts "$name" >/dev/null || { echo "the source knows no address for $name, as the target calls itself" >&2; false; }; }`),
]);

/** The answer to `reachableTargetsCommand`, by target; `null` where the source did not say. */
export function parseReachableTargets(
  output: SectionedOutput,
  targets: readonly string[],
): ReadonlyMap<string, Reachable | null> {
  const split = splitSections(output);
  return new Map(
    targets.map((target, index) => [
      target,
      split.kind === 'unknown' ? null : parseReachable(sectionOf(split.value, String(index + 1))),
    ]),
  );
}

function parseReachable(section: Section): Reachable | null {
  if (section.status === null) return null;
  return section.status === 0 ? 'yes' : { no: whyNot(section) };
}
