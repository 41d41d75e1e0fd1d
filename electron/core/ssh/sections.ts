import { newNonce } from './shell-text.ts';
import type { CommandResult, RemoteCommand, RunOptions } from './transport.ts';

/**
 * Several tools' answers in one round trip. Every mark is a line that begins with a nonce made for this one run: a domain's description, a
 * tag or a file's name is written by tenants and colleagues, and with marks that anybody can know it could begin a section of its own and
 * so falsify what a node is believed to run. The nonce travels as the script's first positional parameter, so that a shell that keeps a
 * script's text is sent that text once; the command's own arguments are `$1`… again after it was taken.
 *
 *     NONCE begin NAME     on stdout, and on stderr where a tool may complain: its complaint stays with it
 *     NONCE status N       the exit status of the section before
 *     NONCE complete       last on both streams: without it the answer broke off, and none of it is believed
 *
 * The line break before a mark belongs to the mark, because not every file ends with one. `printf` is built into every `sh`: no mark
 * starts a process. The nonce is a shell variable and never in the environment or in the arguments of a process.
 */
const before = `rackside_nonce=\${1:?a script of sections needs a nonce}; shift
rackside_begin() { printf '\\n%s begin %s\\n' "$rackside_nonce" "$1"; }`;
const after = `printf '\\n%s complete\\n' "$rackside_nonce"; printf '\\n%s complete\\n' "$rackside_nonce" >&2`;

/** The shell line that begins a section on stdout alone, for what does not complain. `name` is a shell word. */
export function beginSection(name: string): string {
  return `rackside_begin ${name}`;
}

/** What begins a section between two files of one `cat`: the body of a here-document whose delimiter is not quoted. */
export function headingInHereDocument(name: string): string {
  return `\n$rackside_nonce begin ${name}\n`;
}

/** A section that runs `script`: its mark on both streams, no stdin to read away, its exit status after it. `name` is a shell word. */
export function section(name: string, script: string): string {
  return `rackside_begin ${name}; rackside_begin ${name} >&2
{ ${script}
} </dev/null
printf '\\n%s status %s\\n' "$rackside_nonce" "$?"`;
}

/** A whole script of sections and of shell lines between them. It answers only to `runSections`: without a nonce it ends at once. */
export function sectionScript(lines: readonly string[]): string {
  return [before, ...lines, after, ''].join('\n');
}

/** What a script of sections printed, as it came, and the nonce that its marks carry. */
export interface SectionedOutput {
  readonly nonce: string;
  readonly stdout: string;
  readonly stderr: string;
  /** `null` where a signal ended the script. */
  readonly exitStatus: number | null;
}

/** What a script runs on: a long-lived shell or a connection. */
export interface SectionChannel {
  run(command: RemoteCommand, options: RunOptions): Promise<CommandResult>;
}

/** Runs a script of sections with a nonce of this run. @throws ProblemError what the channel throws. */
export async function runSections(
  channel: SectionChannel,
  command: RemoteCommand,
  options: RunOptions,
): Promise<SectionedOutput> {
  const nonce = newNonce();
  const { stdout, stderr, exitStatus } = await channel.run(
    { ...command, args: [nonce, ...(command.args ?? [])] },
    options,
  );
  return { nonce, stdout, stderr, exitStatus };
}

/** One section as it came: `status` is the exit status of its last command, `null` where the script does not tell. */
export interface Section {
  readonly text: string;
  readonly error: string;
  readonly status: number | null;
}

export type Sections = ReadonlyMap<string, Section>;

/** The sections, or why there are none; `because` completes "not known, because …". */
export type SplitSections =
  | { readonly kind: 'value'; readonly value: Sections }
  | { readonly kind: 'unknown'; readonly because: string };

/** The sections of an answer by name; unknown where the answer broke off or is none of ours. */
export function splitSections(output: SectionedOutput): SplitSections {
  const pieces = piecesOf(output.stdout, output.nonce);
  if (pieces.length === 0)
    return { kind: 'unknown', because: `the node's answer was not understood: ${excerpt(output)}` };
  const complaints = piecesOf(output.stderr, output.nonce);
  for (const stream of [pieces, complaints]) {
    if (stream.at(-1)?.words === 'complete') continue;
    const last = stream.findLast(({ words }) => words.startsWith('begin '))?.words.slice('begin '.length) ?? '';
    return { kind: 'unknown', because: `the node's answer broke off in “${last}”` };
  }
  const errors = new Map(complaints.map(({ words, text }) => [words, text.trim()]));
  const sections = new Map<string, Section>();
  let name = '';
  for (const { words, text } of pieces) {
    const [word, rest = ''] = words.split(/ (.*)/su);
    if (word === 'begin') {
      name = rest;
      sections.set(name, { text, error: errors.get(words) ?? '', status: null });
    } else if (word === 'status') {
      const begun = sections.get(name);
      if (begun !== undefined) sections.set(name, { ...begun, status: Number(rest) });
    }
  }
  return { kind: 'value', value: sections };
}

/** The section, or one that says that nothing came. */
export function sectionOf(sections: Sections, name: string): Section {
  return sections.get(name) ?? { text: '', error: `the answer has no part “${name}”`, status: null };
}

/** What a node would answer to a script of these sections; for tests and the demo region. */
export function frameSections(
  sections: readonly {
    readonly name: string;
    readonly text: string;
    readonly error?: string;
    readonly status?: number;
  }[],
  nonce = newNonce(),
): SectionedOutput {
  const mark = (words: string) => `\n${nonce} ${words}\n`;
  let stdout = '';
  let stderr = '';
  for (const { name, text, error, status } of sections) {
    stdout += mark(`begin ${name}`) + text;
    if (status !== undefined) stdout += mark(`status ${status}`);
    stderr += mark(`begin ${name}`) + (error ?? '');
  }
  return { nonce, stdout: stdout + mark('complete'), stderr: stderr + mark('complete'), exitStatus: 0 };
}

/** What stands behind each mark of a stream, up to the next one; a mark that was cut in two is none. */
function piecesOf(text: string, nonce: string): readonly { readonly words: string; readonly text: string }[] {
  const mark = `\n${nonce} `;
  const pieces: { words: string; text: string }[] = [];
  for (let at = text.indexOf(mark); at >= 0;) {
    const end = text.indexOf('\n', at + mark.length);
    if (end < 0) break;
    const next = text.indexOf(mark, end + 1);
    pieces.push({ words: text.slice(at + mark.length, end), text: text.slice(end + 1, next < 0 ? undefined : next) });
    at = next;
  }
  return pieces;
}

/** The first words of an answer, for a reason that a person reads. */
function excerpt(output: SectionedOutput): string {
  const said = (output.stdout.trim() || output.stderr.trim()).replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 80);
  const status = output.exitStatus === null ? 'ended by a signal' : `exit status ${output.exitStatus}`;
  return said === '' ? `it is empty (${status})` : `“${said}” (${status})`;
}
