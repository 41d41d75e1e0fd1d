import type { RegionProfile } from '#shared/model/region.ts';
import { regionWords } from '#shared/model/region-words.ts';
import type { TranscriptEntry } from '#shared/model/operation.ts';
import { formatElapsed } from '../../ui/format.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `13:58:43.114`, local. */
export function entryTime({ startedAt }: TranscriptEntry): string {
  const at = new Date(startedAt);
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** `exit 0, 0.41 s`; of a command nobody saw end it says so, and claims no success. */
export function exitWords(entry: TranscriptEntry, isUnderWay: boolean): string {
  const { startedAt, endedAt, exitStatus } = entry;
  if (endedAt === null) return isUnderWay ? 'runs' : 'nobody saw it end';
  const seconds = (endedAt - startedAt) / 1000;
  const took = seconds < 10 ? `${seconds.toFixed(2)} s` : formatElapsed(endedAt - startedAt);
  return exitStatus === null ? `no exit status, ${took}` : `exit ${String(exitStatus)}, ${took}`;
}

/** What it answered, without the empty end; its error output after its output. */
export const entryOutput = ({ stdout, stderr }: TranscriptEntry): string =>
  [stdout.trimEnd(), stderr.trimEnd()].filter((part) => part !== '').join('\n');

/** The commands as text, as they stand on the page; those of a demo say first that they are. */
export function transcriptText(
  entries: readonly TranscriptEntry[],
  region: Pick<RegionProfile, 'name' | 'demoLabel'> | undefined,
): string {
  const label = region === undefined || region.demoLabel === null ? [] : [regionWords(region)];
  const lines = entries.map((entry) => {
    const head = `${entryTime(entry)}  ${entry.host}  $ ${entry.command}   ${exitWords(entry, false)}`;
    const output = entryOutput(entry);
    const changed = entry.isIntact ? '' : '   not as it was written';
    return output === '' ? `${head}${changed}` : `${head}${changed}\n${output}`;
  });
  return [...label, ...lines].join('\n');
}
