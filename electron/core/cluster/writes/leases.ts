import { randomBytes } from 'node:crypto';
import { section, sectionScript } from '../../ssh/sections.ts';
import type { SectionedOutput } from '../../ssh/sections.ts';
import { decodeValue, encodeValue } from '../pacemaker/read/record-value.ts';
import { parseXml } from '../pacemaker/read/xml.ts';
import { configurationOf, nvpair, regionMark } from './configuration.ts';
import { scriptStart, sectionsOf, shownWords } from './shown-command.ts';
import type { ShownCommand } from './shown-command.ts';
import { clusterName, xpathText } from './xml-text.ts';

/** What a lease's value says: who holds it, and how often it was renewed. Compared by the cluster as one string, so never rewritten. */
export interface LeaseValue {
  /** 16 hex digits, made by whoever took it: the guard of every write under it. */
  readonly token: string;
  readonly counter: number;
  readonly info: LeaseInfo | null;
}

export interface LeaseInfo {
  /** `user on laptop`. */
  readonly owner: string;
  readonly purpose: string;
  /** UTC ms on the owner's clock; for showing only, nothing is decided by it. */
  readonly since: number;
  readonly termMs: number;
}

/** A token that nobody else has. */
export const newLeaseToken = (): string => randomBytes(8).toString('hex');

/** `TOKEN.COUNTER.B64INFO`. */
export function leaseValue(token: string, counter: number, info: LeaseInfo): string {
  if (!/^[0-9a-f]{16}$/u.test(token) || !Number.isSafeInteger(counter) || counter < 0)
    throw new Error('A lease’s value needs a token of 16 hexadecimal digits and a counter.');
  return `${token}.${counter}.${encodeValue({ ...info })}`;
}

/** The parts of a lease's value; `undefined` where it is none of ours, `info: null` where only its words cannot be read. */
export function parseLeaseValue(text: string): LeaseValue | undefined {
  const [, token, counter, encoded] = /^([0-9a-f]{16})\.(\d{1,15})\.([\w-]*)$/u.exec(text) ?? [];
  if (token === undefined || counter === undefined || encoded === undefined) return undefined;
  const value = decodeValue(encoded);
  const [owner, purpose] = [value?.text('owner') ?? null, value?.text('purpose') ?? null];
  const [since, termMs] = [value?.number('since') ?? null, value?.number('termMs') ?? null];
  const info =
    owner === null || purpose === null || since === null || termMs === null ? null : { owner, purpose, since, termMs };
  return { token, counter: Number(counter), info };
}

/** What stands in the cluster after a lease was written or read. Judged by what is read, never by an exit status. */
export type LeaseOutcome =
  /** The mark is as it was wanted: our new value stands, or after a release none of ours. Quorate. */
  | { readonly kind: 'done'; readonly value: string | null }
  /** Another value stands, or none where one was wanted. Quorate. */
  | { readonly kind: 'other'; readonly value: string | null }
  | { readonly kind: 'no-quorum'; readonly value: string | null }
  /** The answer was lost or not readable: read the lease before anything is done. */
  | { readonly kind: 'not-proven'; readonly because: string };

/** Takes a lease that must not exist yet: of any number that try at once exactly one gets it (R20). */
export function takeLease(leaseName: string, value: string): ShownCommand<LeaseOutcome> {
  const target = `${quorum}/configuration[not(crm_config/cluster_property_set[@id=${xpathText(clusterName(leaseName))}])]`;
  const xml = configurationOf(regionMark(leaseName, value)).text;
  const shown = ['cibadmin', '--modify', '--allow-create', '--xpath', target, '-X', xml];
  return leaseCommand(leaseName, ['take', target, xml], shown, (now) => now === value);
}

/** Puts a value in the place of exactly this other one: renews our own, takes over what has run out, frees for a successor. */
export function swapLease(leaseName: string, from: string, to: string): ShownCommand<LeaseOutcome> {
  const id = `${clusterName(leaseName)}-v`;
  const target = `${quorum}/configuration/crm_config//nvpair[@id=${xpathText(id)} and @value=${xpathText(from)}]`;
  const xml = nvpair(id, leaseName, to).text;
  const shown = ['cibadmin', '--replace', '--xpath', target, '-X', xml];
  return leaseCommand(leaseName, ['swap', target, xml], shown, (now) => now === to);
}

/** Deletes a lease while it is ours, whatever its counter; done when no value of this token stands any more. */
export function releaseLease(leaseName: string, token: string): ShownCommand<LeaseOutcome> {
  const held = `@id=${xpathText(clusterName(leaseName))} and nvpair[starts-with(@value,${xpathText(`${token}.`)})]`;
  const target = `${quorum}/configuration/crm_config/cluster_property_set[${held}]`;
  const shown = ['cibadmin', '--delete', '--xpath', target];
  return leaseCommand(leaseName, ['release', target, ''], shown, (now) => now?.startsWith(`${token}.`) !== true);
}

/** What stands now; always `done` in a quorate cluster, `value: null` where nobody holds it. */
export function readLease(leaseName: string): ShownCommand<LeaseOutcome> {
  const shown = ['cibadmin', '-Q', '--xpath', markPath(leaseName)];
  return leaseCommand(leaseName, ['read', '', ''], shown, () => true);
}

const quorum = '/cib[@have-quorum="1"]';
const markPath = (leaseName: string): string =>
  `/cib/configuration/crm_config//nvpair[@id=${xpathText(`${clusterName(leaseName)}-v`)}]`;

/** $1 verb, $2 XPath of the write, $3 XML, $4 XPath of the mark. */
const script = sectionScript([
  scriptStart,
  section(
    'write',
    `case $1 in
take) timeout 30 cibadmin --modify --allow-create --xpath "$2" -X "$3" ;;
swap) timeout 30 cibadmin --replace --xpath "$2" -X "$3" ;;
release) timeout 30 cibadmin --delete --xpath "$2" ;;
esac >/dev/null`,
  ),
  section('mark', 'timeout 20 cibadmin -Q --xpath "$4"'),
  // After the mark: whoever lost quorum while it was read is not told that the mark is true.
  section('quorum', `timeout 20 cibadmin -Q --xpath '${quorum}' >/dev/null`),
]);

function leaseCommand(
  leaseName: string,
  args: readonly string[],
  shown: readonly string[],
  isWanted: (value: string | null) => boolean,
): ShownCommand<LeaseOutcome> {
  return {
    command: { script, args: [...args, markPath(leaseName)], privilege: 'root' },
    shown: shownWords(shown),
    deadlineMs: 80_000,
    parse: (output) => judgeLease(output, isWanted),
  };
}

function judgeLease(output: SectionedOutput, isWanted: (value: string | null) => boolean): LeaseOutcome {
  const answer = sectionsOf(output);
  if (answer.kind === 'lost') return { kind: 'not-proven', because: answer.because };
  const [write, mark, quorate] = [answer.get('write'), answer.get('mark'), answer.get('quorum')];
  const value =
    mark.status === 105 ? null : mark.status === 0 ? parseXml(mark.text)?.attributes.get('value') : undefined;
  if (value === undefined)
    return {
      kind: 'not-proven',
      because: `the lease could not be read: ${mark.error.trim() || 'cibadmin answered with something else'}`,
    };
  if (quorate.status === 105) return { kind: 'no-quorum', value };
  if (quorate.status !== 0) return { kind: 'not-proven', because: `quorum could not be read: ${quorate.error}` };
  // A write that timed out may still come: what stands now is not what will stand.
  if (write.status === 124 && !isWanted(value))
    return { kind: 'not-proven', because: `the write did not end in time: ${write.error}` };
  return { kind: isWanted(value) ? 'done' : 'other', value };
}
