import type { Reachability } from '#shared/model/node.ts';
import type { Reading } from '#shared/model/reading.ts';
import { isOld } from '#shared/model/reading.ts';
import { formatAge, formatExactTime, sentence } from '../../ui/format.ts';

export interface ReachedWords {
  readonly words: string;
  readonly tip: string;
  readonly isOld: boolean;
}

/** Whether this laptop reaches the node, and how old its fast values are: `live, 3 s ago`, `silent for 14 m`. */
export function reachedWords(reachability: Reachability, fast: Reading<unknown>, now: number): ReachedWords {
  switch (reachability.kind) {
    case 'reachable': {
      const at = fast.kind === 'known' ? fast.readAt : reachability.at;
      const old = isOld(fast, now);
      const age = formatAge(now - at);
      return { words: old ? `${age} old` : `live, ${age} ago`, tip: `Read ${formatExactTime(at, now)}`, isOld: old };
    }
    case 'unreachable': {
      const { since, problem } = reachability;
      return {
        words: `silent for ${formatAge(now - since)}`,
        tip: `Since ${formatExactTime(since, now)}\n${problem.message}\n${problem.advice}`,
        isOld: true,
      };
    }
    case 'not-tried':
      return { words: 'not read yet', tip: sentence(`Not tried, because ${reachability.because}`), isOld: true };
  }
}
