import { quoteAll } from '../../ssh/quote.ts';
import { section, sectionOf, sectionScript, splitSections } from '../../ssh/sections.ts';
import type { Section, SectionedOutput, Sections } from '../../ssh/sections.ts';
import type { RemoteCommand } from '../../ssh/transport.ts';

/**
 * A command that changes something, with the words it is shown by and the reader of its own answer.
 * Every one of them is a script of sections: it is run by `runSections`, whose output goes to `parse`.
 */
export interface ShownCommand<Result> {
  readonly command: RemoteCommand;
  /** The command a person would type for the same; a script that travels as base64 is shown by its name and arguments. */
  readonly shown: string;
  /** Longer than the tools' own limits: past it nobody knows what the command did (R2, R21). */
  readonly deadlineMs: number;
  /** Never throws: an answer that broke off is a result that says so. */
  readonly parse: (output: SectionedOutput) => Result;
}

/** What a plain command answered. `lost`: the answer broke off, so what it did has to be read. */
export type RunOutcome =
  | { readonly kind: 'ran'; readonly exitStatus: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'lost'; readonly because: string };

/** Every script of ours begins with this: C locale, and the folders where Pacemaker's and libvirt's tools are. */
export const scriptStart = 'export LC_ALL=C TZ=UTC0 PATH=/usr/sbin:/usr/bin:/sbin:/bin';

const runScript = sectionScript([scriptStart, section('run', '"$@"')]);

/** One program with its arguments, as root. What it prints is the answer; nothing is read into it. */
export function run(args: readonly string[], deadlineMs: number): ShownCommand<RunOutcome> {
  return runText(runScript, args, shownWords(args), deadlineMs);
}

/** A script whose section `run` is the answer, and its arguments. */
export function runText(
  script: string,
  args: readonly string[],
  shown: string,
  deadlineMs: number,
): ShownCommand<RunOutcome> {
  return { command: { script, args, privilege: 'root' }, shown, deadlineMs, parse: parseRun };
}

/** Reads the section `run`. */
export function parseRun(output: SectionedOutput): RunOutcome {
  const split = splitSections(output);
  if (split.kind === 'unknown') return { kind: 'lost', because: split.because };
  const { text, error, status } = sectionOf(split.value, 'run');
  if (status === null) return { kind: 'lost', because: 'the command’s exit status is missing' };
  return { kind: 'ran', exitStatus: status, stdout: text, stderr: error };
}

/** The sections of an answer, or why there are none. */
export function sectionsOf(
  output: SectionedOutput,
):
  | { readonly kind: 'sections'; readonly get: (name: string) => Section }
  | { readonly kind: 'lost'; readonly because: string } {
  const split = splitSections(output);
  if (split.kind === 'unknown') return { kind: 'lost', because: split.because };
  const sections: Sections = split.value;
  return { kind: 'sections', get: (name) => sectionOf(sections, name) };
}

/**
 * What the transcript keeps of an answer: the exit status of what was asked for (section `write` or `run`), and what each section said.
 * `null` as exit status: the answer broke off.
 */
export function transcriptOf(output: SectionedOutput): {
  readonly exitStatus: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const split = splitSections(output);
  if (split.kind === 'unknown') return { exitStatus: null, stdout: output.stdout, stderr: output.stderr };
  const main = split.value.get('run') ?? split.value.get('write');
  const rest = [...split.value].filter(([, each]) => each !== main);
  const told = rest.map(([name, { text, status }]) => {
    const ended = status === null || status === 0 ? '' : ` [exit status ${status}]`;
    return `${name}: ${text.trim()}${ended}\n`;
  });
  return {
    exitStatus: main?.status ?? 0,
    stdout: `${main?.text ?? ''}${told.join('')}`,
    stderr: [...split.value.values()].map(({ error }) => (error === '' ? '' : `${error}\n`)).join(''),
  };
}

/** Words as a person would type them into a shell: quoted only where a shell would read them otherwise. */
export function shownWords(args: readonly string[]): string {
  return args.map((word) => (/^[\w@%+=:,./-]+$/u.test(word) ? word : quoteAll([word]))).join(' ');
}
