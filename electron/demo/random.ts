import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed and words. */
export interface Random {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** Hexadecimal digits that follow from the seed and the words alone. */
export function digitsOf(seed: number, ...words: readonly (string | number)[]): string {
  return createHash('sha256')
    .update(['rackside-demo', seed, ...words].join('\n'))
    .digest('hex');
}

/** A machine-id's shape (32 digits) with dashes, as uuids are written. */
export function uuidOf(seed: number, ...words: readonly (string | number)[]): string {
  const digits = digitsOf(seed, ...words);
  const [a, b, c, d, e] = [
    [0, 8],
    [8, 12],
    [13, 16],
    [17, 20],
    [20, 32],
  ].map(([from, to]) => digits.slice(from, to));
  return `${a}-${b}-4${c}-8${d}-${e}`;
}

/** The generator “mulberry32” (Tommy Ettinger, public domain): small, and good enough for a simulation. */
export function randomOf(seed: number, ...words: readonly (string | number)[]): Random {
  let state = Number.parseInt(digitsOf(seed, ...words).slice(0, 8), 16);
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return { next, between, pick: (from) => from[between(0, from.length - 1)] ?? from[0] };
}
