import type { Section } from '../../../ssh/sections.ts';

/**
 * The script's line that makes `$virsh` the way to this node's libvirt. Never plain `virsh`: for a user without rights that is the user's own
 * session, an empty list and no error. The read-only socket comes first: any user may ask it, and jobs and states are told there too.
 */
export const chooseVirsh =
  'virsh="timeout 20 virsh -q -r -c qemu:///system"; $virsh uri >/dev/null 2>&1 </dev/null || virsh="timeout 20 virsh -q -c qemu:///system"';

/** The way to another node's libvirt as a move goes it: as root, with root's keys, to the name the cluster has for the node. */
export function wayTo(node: string): string {
  return `qemu+ssh://${encodeURIComponent(node)}/system`;
}

/** Why virsh did not answer: its own words, without those that say nothing. `timeout` ends with 124, and with 127 nothing was there to run. */
export function whyNot({ error, status }: Section): string {
  if (status === 124 || status === 137) return 'libvirt did not answer in time';
  const said = error
    .split('\n')
    .map((line) => line.replace(/^error: /u, '').trim())
    .filter((line) => line !== '' && line !== 'failed to connect to the hypervisor');
  if (said.length > 0) return [...new Set(said)].join(' ').slice(0, 300);
  return status === 127 ? 'virsh is not installed' : `virsh ended with ${status ?? 'a signal'}`;
}

/**
 * virsh's words for a domain that is not there, and nothing else beside them: the first of them alone could also be a connection that was lost
 * while it was looked for.
 */
export function saysNoSuchDomain(error: string): boolean {
  const lines = error.split('\n').filter((line) => line.trim() !== '');
  return (
    lines.some((line) => line.startsWith("error: failed to get domain '")) &&
    lines.every((line) => /^error: (?:failed to get domain '|Domain not found: )/u.test(line))
  );
}

/**
 * Lines of a script that run `command` once for each positional parameter, all at the same time, and print each answer as the section of its
 * number from 1. `command` finds the parameter in `$to` and has no input; it takes at most as long as it limits itself to
 * (`timeout --foreground`, so that it ends with the shell's process group).
 */
export function forEachAtOnce(command: string): readonly string[] {
  return [
    // Traps first: a signal while the folder is made is seen when its name is known. Without the second one dash would end by a signal
    // before it runs the first; PIPE comes when the channel is closed while it prints.
    `dir=; trap '[ -z "$dir" ] || rm -rf "$dir"' EXIT; trap 'exit 143' HUP INT TERM PIPE`,
    'dir=$(mktemp -d) || exit 1',
    `n=0
for to do
  n=$((n + 1))
  { ${command}
    echo "$?" >"$dir/$n.status"; } >"$dir/$n" 2>"$dir/$n.error" </dev/null &
done
wait
n=0
for to do
  n=$((n + 1))
  rackside_begin "$n"; rackside_begin "$n" >&2
  cat "$dir/$n"; cat "$dir/$n.error" >&2
  printf '\\n%s status %s\\n' "$rackside_nonce" "$(cat "$dir/$n.status")"
done`,
  ];
}
