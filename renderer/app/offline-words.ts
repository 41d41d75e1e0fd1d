import type { NodeRow } from '#shared/model/node.ts';
import type { RegionConnection } from '#shared/model/region.ts';
import { formatTime } from '../ui/format.ts';

type Offline = Extract<RegionConnection, { kind: 'offline' }>;

/**
 * What the offline banner says. The laptop's network is suspected only where nothing else was heard: no node answers and the
 * region's own problem is silence. A refused login or a changed key is an answer, and is said in the problem's words.
 */
export function offlineWords(
  region: string,
  connection: Offline,
  rows: Iterable<NodeRow>,
  now: number,
): { readonly title: string; readonly text: string; readonly isSilence: boolean } {
  const { lastReadAt, problem } = connection;
  const shown =
    lastReadAt === null ? 'Nothing of it was ever read.' : `You see the state of ${formatTime(lastReadAt, now)}.`;
  const isSilence = silentCodes.has(problem.code);
  const hasAnswer = [...rows].some(({ reachability }) => reachability.kind === 'reachable');
  if (isSilence && !hasAnswer) {
    return {
      title: `No node of ${region} answers, so this laptop’s network is the first suspect.`,
      text: shown,
      isSilence,
    };
  }
  return { title: problem.message, text: `${problem.advice} ${shown}`, isSilence };
}

const silentCodes: ReadonlySet<string> = new Set([
  'no-control-node-answers',
  'address-unreachable',
  'address-not-found',
  'connection-timed-out',
  'connection-lost',
]);
