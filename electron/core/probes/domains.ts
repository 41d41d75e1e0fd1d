import type { Domain } from '#shared/model/hardware.ts';
import { section, sectionOf, sectionScript, splitSections, type Section } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { domainDefinitions } from './libvirt-xml.ts';
import { parsedUnknown, parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';
import { reasonOf } from './reasons.ts';
import { linesOf } from './untrusted.ts';

/**
 * The script's line that makes `$virsh` the way to the system's libvirt. Never plain `virsh`: for a user without rights that is
 * the user's own session, an empty list and no error. The read-only socket comes first, because any user may ask it on a
 * node as libvirt is installed (polkit action org.libvirt.unix.monitor), and because a probe needs no more.
 */
export const chooseVirsh =
  'virsh="timeout 20 virsh -q -r -c qemu:///system"; $virsh uri >/dev/null 2>&1 </dev/null || virsh="timeout 20 virsh -q -c qemu:///system"';

/** The definitions of all domains by one process: `virsh` runs several commands and goes on after one that fails. */
export const dumpDomains =
  'c=; for u in $($virsh list --all --uuid); do c="$c dumpxml $u;"; done; [ -z "$c" ] || $virsh "$c"';

export const domainsCommand: RemoteCommand = {
  privilege: 'none',
  script: sectionScript([
    chooseVirsh,
    section('list', '$virsh list --all --uuid --name'),
    section('domstats', '$virsh domstats --raw --nowait --state --balloon --vcpu'),
    section('dumpxml', dumpDomains),
  ]),
};

export const domainsProbe: Probe<readonly Domain[]> = {
  id: 'domains',
  command: domainsCommand,
  deadlineMs: 60_000,
  parse: parseDomains,
};

/** virDomainState of libvirt, in the words of `virsh list`. */
const states = ['no state', 'running', 'idle', 'paused', 'in shutdown', 'shut off', 'crashed', 'pmsuspended'];

/** All domains, running or not, persistent or transient. That libvirt does not answer is unknown, never an empty list. */
export function parseDomains(output: ProbeOutput): Parsed<readonly Domain[]> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const list = sectionOf(split.value, 'list');
  // Half a list is none: a daemon that hung after three names has not said that there is no fourth (R1).
  if (list.status !== 0) return parsedUnknown(libvirtReason(list, output));
  const details = [sectionOf(split.value, 'domstats'), sectionOf(split.value, 'dumpxml')] as const;
  const failed = details.find((answer) => answer.status !== 0);
  const stats = domstats(details[0].text);
  const definitions = new Map(domainDefinitions(details[1].text).map((definition) => [definition.name, definition]));
  const domains: Domain[] = [];
  for (const line of linesOf(list.text)) {
    const [, uuid, name] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (.+)$/.exec(line.trim()) ?? [];
    if (uuid === undefined || name === undefined) return parsedUnknown(`virsh list was not understood: “${line}”`);
    const definition = definitions.get(name);
    const stat = stats.get(name);
    const balloonKibibytes = stat?.get('balloon.maximum');
    const memoryBytes = definition?.memoryBytes ?? (balloonKibibytes === undefined ? null : balloonKibibytes * 1024);
    if (memoryBytes === null) {
      // A domain that ended between two of our questions is not on the node any more; one that libvirt would not tell of is (R1).
      if (failed === undefined) continue;
      return parsedUnknown(`libvirt lists ${name} and does not tell of it: ${libvirtReason(failed, output)}`);
    }
    domains.push({
      name,
      uuid,
      state: states[stat?.get('state.state') ?? 0] ?? 'no state',
      memoryBytes,
      vcpus: stat?.get('vcpu.current') ?? definition?.vcpus ?? 0,
      hostDevices: definition?.hostDevices ?? [],
    });
  }
  return parsedValue(domains);
}

/** Why libvirt told nothing; a node without it is another thing than a daemon that does not answer. */
function libvirtReason(answer: Section, output: ProbeOutput): string {
  if (answer.status === 127) return 'virsh is not installed on this node';
  if (/no polkit agent|authentication (failed|unavailable)|access denied/i.test(answer.error)) {
    return 'this user may not ask libvirt; it needs the group libvirt, or root';
  }
  const detail = /^error: (?!failed to connect to the hypervisor)(.*)$/m.exec(answer.error)?.[1];
  if (detail !== undefined) return `libvirt does not answer on this node: ${detail.slice(0, 160)}`;
  return reasonOf(answer, 'virsh', output);
}

/** `virsh domstats --raw`: `Domain: 'name'`, then `  key=number` lines. */
function domstats(text: string): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const domains = new Map<string, Map<string, number>>();
  let current: Map<string, number> | undefined;
  for (const line of linesOf(text)) {
    const name = /^Domain: '(.*)'$/.exec(line)?.[1];
    if (name !== undefined) domains.set(name, (current = new Map<string, number>()));
    const [, key, value] = /^ {2}([a-z0-9.]+)=(\d+)$/.exec(line) ?? [];
    if (key !== undefined) current?.set(key, Number(value));
  }
  return domains;
}
