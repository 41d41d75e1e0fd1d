import type { WorldFault } from '#shared/model/demo.ts';
import { randomOf } from '../../electron/demo/random.ts';

/** What goes wrong next, and how long after the last thing. */
export interface NextFault {
  readonly afterMs: number;
  readonly fault: WorldFault;
}

/** How often each kind is chosen, out of their sum. */
const weights: readonly (readonly [Exclude<WorldFault['kind'], 'heal'>, number])[] = [
  ['node-dies', 4],
  ['node-freezes', 3],
  ['network-slow', 3],
  ['network-cut', 3],
  ['fencing-fails', 2],
  ['disk-fails', 2],
  ['second-operator-takes-lease', 2],
  ['migration-fails', 1],
  ['quorum-lost', 1],
];
const kinds = weights.flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind));
/** So many faults at most stand beside each other before all of them are mended. */
const mostAtOnce = 6;

/** Faults at random, the same ones for the same seed: some, then all mended, again and again. */
export function faultsOf(seed: number, members: readonly string[], vms: readonly string[]): () => NextFault {
  const random = randomOf(seed, 'faults');
  const one = (from: readonly string[]): string => from[random.between(0, from.length - 1)] ?? '';
  let left = random.between(2, mostAtOnce);
  return () => {
    const afterMs = random.between(3_000, 15_000);
    if (left === 0) {
      left = random.between(2, mostAtOnce);
      return { afterMs: 3 * afterMs, fault: { kind: 'heal' } };
    }
    left -= 1;
    const kind = kinds[random.between(0, kinds.length - 1)] ?? 'node-dies';
    if (kind === 'quorum-lost') return { afterMs, fault: { kind } };
    if (kind === 'migration-fails') return { afterMs, fault: { kind, vm: one(vms) } };
    return { afterMs, fault: { kind, node: one(members) } };
  };
}
