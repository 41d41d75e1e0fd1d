import { splitSections, type Section, type SectionedOutput } from '../../../electron/core/ssh/sections.ts';

/** Names of the lab's machines and VMs, and of the demo's, as one word each: what is compared is everything else. */
const sameWords: readonly (readonly [RegExp, string])[] = [
  [/rackside-[\w:.-]*?\.service/gu, 'UNIT'],
  [/\b10\.(?:213|214|77)\.\d+\.\d+\b/gu, 'ADDRESS'],
  [/\b(?:demo-[cwx]\d+|lab-[cwxy]\d|[cwx]\d)\b/gu, 'NODE'],
  [/\b(?:vmove|vplain|vworker|vgroup|vwith|rbig|rgpu|rq|r\d)\b/gu, 'VM'],
  [/\b(?:web|db|cache|build|mail|dns|git|metrics|tenant|desktop|gpu)-\d+\b/gu, 'VM'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gu, 'UUID'],
  [/\d+(?:\.\d+)?/gu, '#'],
];

/**
 * systemd reads all its files anew whenever a VM is started on the node (VirtualDomain writes a drop-in), and says of those of transient
 * units what it finds strange in them: as often as it happens, which the demo does not count.
 */
const readAnew = /^.*\/run\/systemd\/transient\/.*\n?/gmu;

/** A text without what is different on every machine: names, addresses, numbers, white space at its ends. */
export function likened(text: string): string {
  return sameWords
    .reduce((words, [pattern, word]) => words.replaceAll(pattern, word), text.replaceAll(readAnew, ''))
    .trim();
}

/** Sections by name; throws where an answer is no whole one. */
function sectionsOf(output: SectionedOutput): readonly (readonly [string, Section])[] {
  const split = splitSections(output);
  if (split.kind === 'unknown') throw new Error(split.because);
  return [...split.value];
}

/** What of every section has to be the same on a real node and in the demo. */
export function comparable(
  output: SectionedOutput,
  options: { readonly hasText: boolean; readonly without?: RegExp },
): readonly object[] {
  return sectionsOf(output)
    .filter(([name]) => options.without?.test(name) !== true)
    .map(([name, { text, error, status }]) => ({
      name,
      status,
      stderr: likened(error),
      ...(options.hasText ? { text: likened(text) } : {}),
    }));
}
