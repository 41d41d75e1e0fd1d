import { parsedUnknown, parsedValue, type Parsed, type ProbeOutput } from './probe.ts';

/**
 * Several answers in one round trip. Each begins with a marker line of its own on stdout and on stderr, so that a tool's
 * complaint stays with the tool; a line break before the marker belongs to the marker, because not every file ends with one.
 * A marker at the very end proves that nothing is missing.
 */
const marker = '@@rackside';
const endName = 'end';

/** The shell line that begins a section on stdout alone; `printf` is built into every `sh`, so it forks nothing. */
export function beginSection(name: string): string {
  return `printf '\\n${marker} %s\\n' ${name}`;
}

/** The shell line that ends the answer. */
export const endSections = beginSection(endName);

/** The text a section begins with, for a here-document that stands between two files of one `cat`. */
export function sectionHeading(name: string): string {
  return `\n${marker} ${name}\n`;
}

/** A section that runs `script`: its marker on both streams, no stdin to read away, its exit status after it. */
export function section(name: string, script: string): string {
  const mark = `printf '\\n${marker} %s\\n'`;
  return `${mark} ${name}; ${mark} ${name} >&2\n{ ${script}\n} </dev/null\n${mark} "${name}.status $?"`;
}

/** A whole script of sections. */
export function sectionScript(sections: readonly string[]): string {
  return [...sections, endSections, ''].join('\n');
}

/** One section as it came: `status` is the exit status of its last command, `null` where the script does not tell. */
export interface Section {
  readonly text: string;
  readonly error: string;
  readonly status: number | null;
}

export type Sections = ReadonlyMap<string, Section>;

/** What a node would answer to a script of these sections; for tests and the demo region. */
export function frameSections(
  sections: readonly {
    readonly name: string;
    readonly text: string;
    readonly error?: string;
    readonly status?: number;
  }[],
): ProbeOutput {
  let stdout = '';
  let stderr = '';
  for (const { name, text, error, status } of sections) {
    stdout += sectionHeading(name) + text;
    if (status !== undefined) stdout += sectionHeading(`${name}.status ${status}`);
    stderr += sectionHeading(name) + (error ?? '');
  }
  return { stdout: stdout + sectionHeading(endName), stderr, exitStatus: 0 };
}

/** The sections of an answer by name; unknown where the answer broke off or is none of ours. */
export function splitSections(output: ProbeOutput): Parsed<Sections> {
  const pieces = pieceByName(output.stdout);
  if (pieces.size === 0) return parsedUnknown(`the node's answer was not understood: ${excerpt(output)}`);
  if (!pieces.has(endName)) return parsedUnknown(`the node's answer broke off in “${[...pieces.keys()].at(-1) ?? ''}”`);
  const errors = pieceByName(output.stderr);
  const sections = new Map<string, Section>();
  for (const [name, text] of pieces) {
    const status = /^(\S+)\.status (\d+)$/.exec(name);
    const begun = sections.get(status?.[1] ?? '');
    if (status?.[1] !== undefined && begun !== undefined) {
      sections.set(status[1], { ...begun, status: Number(status[2]) });
    } else {
      sections.set(name, { text, error: (errors.get(name) ?? '').trim(), status: null });
    }
  }
  return parsedValue(sections);
}

/** The section, or one that says that nothing came. */
export function sectionOf(sections: Sections, name: string): Section {
  return sections.get(name) ?? { text: '', error: `the answer has no part “${name}”`, status: null };
}

function pieceByName(text: string): Map<string, string> {
  const pieces = new Map<string, string>();
  // Some runners trim an answer; the first marker is then found without its line break.
  const parts = `\n${text}`.split(new RegExp(`\\n${marker} ([^\\n]+)\\n`));
  for (let index = 1; index + 1 < parts.length; index += 2) pieces.set(parts[index] ?? '', parts[index + 1] ?? '');
  return pieces;
}

/** The first words of an answer, for a reason that a person reads. */
function excerpt(output: ProbeOutput): string {
  const said = (output.stdout.trim() || output.stderr.trim()).replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 80);
  const status = output.exitStatus === null ? 'ended by a signal' : `exit status ${output.exitStatus}`;
  return said === '' ? `it is empty (${status})` : `“${said}” (${status})`;
}
