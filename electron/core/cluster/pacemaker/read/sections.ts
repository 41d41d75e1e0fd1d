/** What one command inside a script printed, and how it ended. */
export interface Section {
  readonly exitStatus: number;
  readonly stdout: string;
}

/**
 * The shell functions that let one script carry several commands' outputs in one round trip. `$1` of the script is a nonce: no text in
 * the cluster can hold the markers by chance or by design. A command's stderr stays stderr.
 */
export const sectionFunctions = `nonce=$1
section() { name=$1; shift; printf '%s begin %s\\n' "$nonce" "$name"; "$@" </dev/null; printf '\\n%s end %s %s\\n' "$nonce" "$name" "$?"; }`;

/** The sections of a script's stdout by name. A section that was begun and never ended (the script was cut off) is not among them. */
export function splitSections(stdout: string, nonce: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>();
  let open: { name: string; start: number } | undefined;
  let position = 0;
  for (const line of stdout.split('\n')) {
    if (line.startsWith(`${nonce} `)) {
      const [, word, name = '', status = ''] = line.split(' ');
      if (word === 'begin') open = { name, start: position + line.length + 1 };
      else if (word === 'end' && open?.name === name && /^\d+$/u.test(status)) {
        // The newline before the end marker is the marker's own.
        sections.set(name, { exitStatus: Number(status), stdout: stdout.slice(open.start, position - 1) });
        open = undefined;
      }
    }
    position += line.length + 1;
  }
  return sections;
}
