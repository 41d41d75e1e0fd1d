import { section, sectionOf, sectionScript, splitSections } from '../../../ssh/sections.ts';
import type { Section, SectionedOutput } from '../../../ssh/sections.ts';
import type { RemoteCommand } from '../../../ssh/transport.ts';
import { parseJobInfo } from './job-info.ts';
import type { DomainJob } from './job-info.ts';
import type { Told } from '../../told.ts';
import { chooseVirsh, saysNoSuchDomain, whyNot } from './virsh.ts';

/** The jobs of these domains of the node that is asked, by name: how far their moves are. 20 ms a domain; needs no privilege. */
export function jobsCommand(domains: readonly string[]): RemoteCommand {
  return { script: jobsScript, args: domains, privilege: 'none' };
}

const begin = 'rackside_begin "$n"; rackside_begin "$n" >&2';
const status = `printf '\\n%s status %s\\n' "$rackside_nonce" "$?"`;
const jobsScript = sectionScript([
  chooseVirsh,
  'n=0',
  `for domain do n=$((n + 1)); ${begin}; $virsh domjobinfo --rawstats --domain "$domain" </dev/null; ${status}; done`,
]);

/** The answer to `jobsCommand`, by domain. */
export function parseJobs(output: SectionedOutput, domains: readonly string[]): ReadonlyMap<string, DomainJob> {
  const split = splitSections(output);
  return new Map(
    domains.map((domain, index) => [
      domain,
      split.kind === 'unknown' ? split : parseJobInfo(sectionOf(split.value, String(index + 1))),
    ]),
  );
}

/** A domain that has a process, or had one when it was listed. */
export interface ActiveDomain {
  readonly domain: string;
  readonly uuid: string;
  /** In the words of `virsh domstate`: `running`, `paused` …; empty where it ended meanwhile. */
  readonly state: string;
  /** `migrating`, `user`, `booted` …; empty where none is given. */
  readonly stateReason: string;
  readonly job: DomainJob;
}

/**
 * Every domain of the node that is asked that has a process, with its job: what moves out, and what is coming in. One virsh process for all of
 * them (30 ms for the list, 1 ms a domain); needs no privilege.
 */
export const activeDomainsCommand: RemoteCommand = {
  privilege: 'none',
  script: sectionScript([
    chooseVirsh,
    // Uuids only: a name may hold anything, and would be split and read as commands by virsh. Its `echo` marks both streams, with a line
    // break of ours on stdout because `-q` leaves out its own.
    section('list', '$virsh list --uuid --name'),
    section(
      'jobs',
      `c=; for u in $($virsh list --uuid); do c="$c echo '# $u
'; echo --err '# $u'; domstate --reason $u; domjobinfo --rawstats $u;"; done
[ -z "$c" ] || $virsh "$c"`,
    ),
  ]),
};

/** The answer to `activeDomainsCommand`. A list that is not whole is unknown, never a shorter one (R1). */
export function parseActiveDomains(output: SectionedOutput): Told<readonly ActiveDomain[]> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const list = sectionOf(split.value, 'list');
  const jobs = sectionOf(split.value, 'jobs');
  if (list.status !== 0) return { kind: 'unknown', because: whyNot(list) };
  const texts = byMark(jobs.text, '# ');
  const errors = byMark(jobs.error, 'error: # ');
  const domains: ActiveDomain[] = [];
  for (const line of list.text.split('\n').filter((one) => one.trim() !== '')) {
    const [, uuid, domain] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (.+)$/u.exec(line) ?? [];
    if (uuid === undefined || domain === undefined)
      return { kind: 'unknown', because: `virsh list was not understood: “${line}”` };
    const error = errors.get(uuid) ?? '';
    const text = texts.get(uuid);
    const told: Section = { text: text ?? '', error, status: text === undefined ? jobs.status : null };
    const [, state = '', stateReason = ''] = /^([a-z ]+?)(?: \(([^)]*)\))?$/mu.exec(told.text) ?? [];
    // Between the two lists a domain may have come or gone; one that virsh did not speak of is not known.
    const job = text === undefined ? unknownJob(told) : parseJobInfo(told);
    domains.push({ domain, uuid, state: saysNoSuchDomain(error) ? '' : state, stateReason, job });
  }
  return { kind: 'value', value: domains };
}

function unknownJob(answer: Section): DomainJob {
  const because = answer.status === 0 ? 'it appeared while the node was asked' : whyNot(answer);
  return { kind: 'unknown', because };
}

/** What stands behind each mark, up to the next one. */
function byMark(text: string, mark: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let uuid = '';
  for (const line of text.split('\n')) {
    if (line.startsWith(mark)) uuid = line.slice(mark.length).trim();
    else found.set(uuid, `${found.get(uuid) ?? ''}${line}\n`);
    if (line.startsWith(mark)) found.set(uuid, '');
  }
  return found;
}
