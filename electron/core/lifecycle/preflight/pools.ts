import type { DataPool } from '#shared/model/hardware.ts';
import type { Reading } from '#shared/model/reading.ts';
import { provenWithinMs } from './facts.ts';
import { proof } from './source.ts';
import { ageWords, line } from './words.ts';

/** What is known of a node's data pools before it is taken out, brought back or removed. */
export type PoolsFound =
  | { readonly kind: 'unknown'; readonly words: string }
  | {
      readonly kind: 'read';
      /** `2 of 2`, `none`; with its age where it was not read just now. */
      readonly figure: string;
      /** Those that are not healthy, and all of them in words. */
      readonly bad: readonly DataPool[];
      readonly words: string;
      readonly subjects: readonly string[];
    };

/** Pools are read at the slow pace, and a silent node's not at all: what is older than two of its intervals is not known. */
export function poolsFound(reading: Reading<readonly DataPool[]>, now: number): PoolsFound {
  const read = proof(reading, now, 'not-old');
  if (read.kind === 'unknown')
    return { kind: 'unknown', words: line(`The state of its data pools is not known: ${read.because}`) };
  const bad = read.value.filter(({ state }) => state !== 'healthy');
  return {
    kind: 'read',
    figure: figureOf(read.value, bad.length, reading, now),
    bad,
    words: bad
      .map(({ name, state, detail }) =>
        line(`${name} is ${state === 'unknown' ? 'of unknown state' : state}: ${detail}`),
      )
      .join(' '),
    subjects: bad.map(({ name }) => name),
  };
}

function figureOf(pools: readonly DataPool[], bad: number, reading: Reading<unknown>, now: number): string {
  const figure = pools.length === 0 ? 'none' : `${pools.length - bad} of ${pools.length}`;
  const age = reading.kind === 'known' ? now - reading.readAt : 0;
  return age <= provenWithinMs ? figure : `${figure}, ${ageWords(age)} ago`;
}
