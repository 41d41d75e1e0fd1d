import type { Section } from '../ssh/sections.ts';
import type { ProbeOutput } from './probe.ts';

const needsRights =
  /permission denied|operation not permitted|must be root|superuser|need(s|ed)? .*root|access denied|authentication|not authorized|you need to be root/i;

/**
 * Why a tool told nothing, in words that complete "not known, because …".
 *
 * @param tool its name as a person types it.
 */
export function reasonOf(section: Section, tool: string, output: ProbeOutput): string {
  // 127 is the shell's "command not found" (POSIX.1-2017, XCU 2.8.2); through `timeout` it comes out as the same.
  if (section.status === 127) return `${tool} is not installed on this node`;
  if (section.status === 124) return `${tool} did not answer on this node in time`;
  const said = firstWords(section.error) || firstWords(section.text);
  if (output.withoutRootBecause !== undefined && (needsRights.test(section.error + section.text) || said === '')) {
    return output.withoutRootBecause;
  }
  if (said !== '') return `${tool} says “${said}”`;
  return `${tool} told nothing${section.status === null ? '' : ` (exit status ${section.status})`}`;
}

/** The first line of a text that a node sent, made fit to be shown. */
export function firstWords(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  return line
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 160);
}
