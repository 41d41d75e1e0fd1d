import { section, sectionScript } from '../../ssh/sections.ts';
import type { Changes } from './configuration.ts';
import { configurationOf } from './configuration.ts';
import { parseWrite } from './write-outcome.ts';
import type { WriteOutcome, WriteQuestions } from './write-outcome.ts';
import { scriptStart, shownWords } from './shown-command.ts';
import type { ShownCommand } from './shown-command.ts';
import { clusterName, xpathText } from './xml-text.ts';
import type { XmlText } from './xml-text.ts';

/** A lease that we hold: `leaseName` is its mark's whole name (`rackside-lease-c2`, `rackside-slot-admission`), `token` our 16 hex digits. */
export interface HeldLease {
  readonly leaseName: string;
  readonly token: string;
}

/** The conditions that travel with a write into the cluster's own transaction. */
export interface Guard {
  /** XPath of `configuration` that matches while the conditions hold. */
  readonly xpath: string;
}

const quorum = '/cib[@have-quorum="1"]';

/** Only the quorum: for what no lease protects (leases themselves, names, tags, limits), which then needs `requires` or `unless`. */
export const quorumGuard: Guard = { xpath: `${quorum}/configuration` };

/** Quorum, and every one of these leases still ours. The counter is left out, so that a renewal does not break a write under way. */
export function guardOf(...leases: readonly [HeldLease, ...HeldLease[]]): Guard {
  const held = leases.map(({ leaseName, token }) => {
    if (!/^[0-9a-f]{16}$/u.test(token)) throw new Error('A lease’s token is 16 hexadecimal digits.');
    return `crm_config//nvpair[@id=${xpathText(`${clusterName(leaseName)}-v`)} and starts-with(@value,"${token}.")]`;
  });
  return { xpath: `${quorum}/configuration[${held.join(' and ')}]` };
}

/** More conditions on the same transaction, XPaths below `configuration`, or several joined by `or` (`unless`) and `and` (`requires`). */
export interface Conditions {
  readonly guard: Guard;
  /** Must not be there, else the outcome is `exists`: an exclusive creation. */
  readonly unless?: string;
  /** Must be there, else the outcome is `changed`: a comparison with what was read before. */
  readonly requires?: string;
}

/** Merges by ids (`cibadmin --modify --allow-create`): sets that are missing are made, attributes that are not named stay. */
export function guardedMerge(merge: Conditions & { readonly changes: Changes }): ShownCommand<WriteOutcome> {
  const target = `${merge.guard.xpath}${predicate(merge)}`;
  const xml = configurationOf(merge.changes).text;
  const shown = ['cibadmin', '--modify', '--allow-create', '--xpath', target, '-X', xml];
  return write('modify', merge, target, xml, shown, { exists: merge.unless, required: merge.requires });
}

/** Deletes what stands at `path` below `configuration`; it is `written` also when it was not there. cibadmin says 0 in any case, so it is read back. */
export function guardedDelete(removal: Conditions & { readonly path: string }): ShownCommand<WriteOutcome> {
  const target = `${removal.guard.xpath}${predicate(removal)}/${removal.path}`;
  const shown = ['cibadmin', '--delete', '--xpath', target];
  return write('delete', removal, target, '', shown, {
    gone: removal.path,
    exists: removal.unless,
    required: removal.requires,
  });
}

/** Puts `xml` in place of what stands at `path` below `configuration`; where nothing stands there (any more), the outcome is `changed`. */
export function guardedReplace(replacement: {
  readonly guard: Guard;
  readonly path: string;
  readonly xml: XmlText;
}): ShownCommand<WriteOutcome> {
  const target = `${replacement.guard.xpath}/${replacement.path}`;
  const xml = replacement.xml.text;
  const shown = ['cibadmin', '--replace', '--xpath', target, '-X', xml];
  return write('replace', replacement, target, xml, shown, { replaces: true });
}

function predicate({ unless, requires }: Conditions): string {
  return `${unless === undefined ? '' : `[not(${unless})]`}${requires === undefined ? '' : `[${requires}]`}`;
}

/** Shell functions: is something there, and the seconds since the boot. */
export const rackside = `rackside_there() { [ -z "$1" ] || timeout 20 cibadmin -Q --xpath "$1" >/dev/null 2>&1; }
rackside_up() { read -r rackside_now rackside_rest </proc/uptime; printf %s "$rackside_now"; }`;

/** What is looked at after every write; `parseWrite` judges by it. */
export const lookSections: readonly string[] = [
  section('guard', 'rackside_there "$4"'),
  section('quorum', `rackside_there '${quorum}'`),
  section('gone', 'rackside_there "$5"'),
  section('exists', 'rackside_there "$6"'),
  section('required', 'rackside_there "$7"'),
];

/**
 * $1 verb, $2 XPath of the write, $3 XML, $4 the guard, $5 $6 $7 XPaths that are looked at after it (gone, exists, required), empty: not.
 * cibadmin prints the whole CIB where a write breaks the schema: its output is not wanted, its complaint is.
 */
const script = sectionScript([
  scriptStart,
  rackside,
  section('before', 'rackside_up'),
  section(
    'write',
    `case $1 in
modify) timeout 30 cibadmin --modify --allow-create --xpath "$2" -X "$3" ;;
replace) timeout 30 cibadmin --replace --xpath "$2" -X "$3" ;;
delete) timeout 30 cibadmin --delete --xpath "$2" ;;
esac >/dev/null`,
  ),
  section('after', 'rackside_up'),
  ...lookSections,
]);

function write(
  verb: 'modify' | 'delete' | 'replace',
  { guard }: { readonly guard: Guard },
  target: string,
  xml: string,
  shown: readonly string[],
  looks: {
    readonly gone?: string | undefined;
    readonly exists?: string | undefined;
    readonly required?: string | undefined;
    readonly replaces?: boolean;
  },
): ShownCommand<WriteOutcome> {
  const gone = looks.gone === undefined ? '' : `/cib/configuration/${looks.gone}`;
  // As a predicate, because several joined by `and` and `or` are no path: cibadmin would find nothing by them, whatever is there.
  const where = (condition: string | undefined): string =>
    condition === undefined ? '' : `/cib/configuration[${condition}]`;
  const args = [verb, target, xml, guard.xpath, gone, where(looks.exists), where(looks.required)];
  const questions: WriteQuestions = {
    asksGone: looks.gone !== undefined,
    asksExists: looks.exists !== undefined,
    asksRequired: looks.required !== undefined,
    replaces: looks.replaces === true,
  };
  return {
    command: { script, args, privilege: 'root' },
    shown: shownWords(shown),
    deadlineMs: 150_000,
    parse: (output) => parseWrite(output, questions),
  };
}
