import type { PlacementProblem, PlacementTarget, PlacementVm } from './placement.ts';

/**
 * A placement while it is made, by index: 64 nodes' headroom asks the same questions a hundred thousand times. Changed in place by
 * `place` and `takeAway` alone.
 */
export interface State {
  readonly vms: readonly PlacementVm[];
  /** Targets whose memory is known, by name. */
  readonly targets: readonly PlacementTarget[];
  readonly memory: readonly (number | null)[];
  readonly total: readonly number[];
  readonly used: number[];
  /** VMs by memory, biggest first, then by name. */
  readonly order: readonly number[];
  /** Target of a VM; -1: none. */
  readonly placed: number[];
  /** A person's choice; `null`: it is no target that is known; `undefined`: nobody chose. */
  readonly chosen: readonly (number | null | undefined)[];
  /** VM × target: barred by a constraint. `undefined`: nothing bars it. */
  readonly barred: readonly (ReadonlySet<number> | undefined)[];
  /** VMs that must not be on its node. */
  readonly apart: readonly (readonly number[] | undefined)[];
}

export function newState({ vms, targets, apart }: PlacementProblem): State {
  const sorted = targets
    .filter(({ totalBytes, usedBytes }) => totalBytes !== null && usedBytes !== null)
    .toSorted((a, b) => compare(a.node, b.node));
  const indexOf = new Map(sorted.map(({ node }, index) => [node, index]));
  const vmIndex = new Map(vms.map(({ resource }, index) => [resource, index]));
  const pairs = new Map<number, number[]>();
  const pair = (a: number, b: number): void => {
    const list = pairs.get(a);
    if (list === undefined) pairs.set(a, [b]);
    else list.push(b);
  };
  for (const [one, other] of apart) {
    const [a, b] = [vmIndex.get(one), vmIndex.get(other)];
    if (a === undefined || b === undefined || a === b) continue;
    pair(a, b);
    pair(b, a);
  }
  return {
    vms,
    targets: sorted,
    memory: vms.map(({ memoryBytes }) => memoryBytes),
    total: sorted.map(({ totalBytes }) => totalBytes ?? 0),
    used: sorted.map(({ usedBytes }) => usedBytes ?? 0),
    order: vms
      .map((_vm, index) => index)
      .toSorted((a, b) => sizeOf(vms[b]) - sizeOf(vms[a]) || compare(nameOf(vms[a]), nameOf(vms[b]))),
    placed: vms.map(() => -1),
    chosen: vms.map(({ chosen }) => (chosen === null ? undefined : (indexOf.get(chosen) ?? null))),
    barred: vms.map(({ excluded }) =>
      excluded.size === 0 ? undefined : new Set([...excluded.keys()].flatMap((node) => indexOf.get(node) ?? [])),
    ),
    apart: vms.map((_vm, index) => pairs.get(index)),
  };
}

const sizeOf = (vm: PlacementVm | undefined): number => vm?.memoryBytes ?? -1;
const nameOf = (vm: PlacementVm | undefined): string => vm?.resource ?? '';
/** By code unit: the same on every laptop, whatever its language. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether it may be there by every constraint, memory aside. */
export function mayBe(state: State, vm: number, target: number): boolean {
  if (state.barred[vm]?.has(target) === true) return false;
  const others = state.apart[vm];
  return others === undefined || !others.some((other) => state.placed[other] === target);
}

/** Whether it may be there, and its memory is free. Of a VM that is there already: whether it still would. */
export function fits(state: State, vm: number, target: number): boolean {
  const memory = state.memory[vm];
  if (memory === null || memory === undefined) return false;
  const own = state.placed[vm] === target ? memory : 0;
  return (state.used[target] ?? 0) - own + memory <= (state.total[target] ?? 0) && mayBe(state, vm, target);
}

/** Used share of the target with it there, 0 to 1; of a last resort 1 more, which puts it behind every other. To compare, not to show. */
export function shareAfter(state: State, vm: number, target: number): number {
  const total = state.total[target] ?? 0;
  const behind = state.targets[target]?.isLastResort === true ? 1 : 0;
  return total <= 0 ? Infinity : behind + ((state.used[target] ?? 0) + (state.memory[vm] ?? 0)) / total;
}

export function place(state: State, vm: number, target: number): void {
  state.placed[vm] = target;
  state.used[target] = (state.used[target] ?? 0) + (state.memory[vm] ?? 0);
}

export function takeAway(state: State, vm: number): void {
  const target = state.placed[vm] ?? -1;
  if (target < 0) return;
  state.placed[vm] = -1;
  state.used[target] = (state.used[target] ?? 0) - (state.memory[vm] ?? 0);
}
