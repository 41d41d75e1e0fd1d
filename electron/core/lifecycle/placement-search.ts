import { fits, mayBe, place, shareAfter, takeAway, type State } from './placement-state.ts';

/** Steps of the search before it gives up: some milliseconds, and every combination of a small region. */
const searchSteps = 20_000;

/** Makes room for each of `missing` by moving one VM that was placed already. Returns those that still fit nowhere. */
export function repair(state: State, missing: readonly number[]): readonly number[] {
  return missing.filter((vm) => !placeByMovingOne(state, vm));
}

function placeByMovingOne(state: State, vm: number): boolean {
  const memory = state.memory[vm];
  if (memory === null || memory === undefined) return false;
  const room = roomiest(state, vm, -1);
  if (room >= 0) {
    place(state, vm, room);
    return true;
  }
  for (const other of state.order) {
    const target = state.placed[other] ?? -1;
    if (target < 0 || isChosen(state, other) || state.barred[vm]?.has(target) === true) continue;
    takeAway(state, other);
    if (fits(state, vm, target)) {
      place(state, vm, target);
      const elsewhere = roomiest(state, other, target);
      if (elsewhere >= 0) {
        place(state, other, elsewhere);
        return true;
      }
      takeAway(state, vm);
    }
    place(state, other, target);
  }
  return false;
}

const isChosen = (state: State, vm: number): boolean => state.chosen[vm] !== undefined;

function roomiest(state: State, vm: number, except: number): number {
  let best = -1;
  for (let target = 0; target < state.targets.length; target += 1) {
    if (target === except || !fits(state, vm, target)) continue;
    if (best < 0 || shareAfter(state, vm, target) < shareAfter(state, vm, best)) best = target;
  }
  return best;
}

/**
 * Tries the combinations for all of `vms`, biggest first, within a bound. Where it finds one that places as many as can be placed at all
 * (those of unknown memory aside), the state has it; else the state is as it was.
 */
export function searchAll(state: State, vms: readonly number[]): void {
  const placeable = vms.filter((vm) => isPlaceable(state, vm));
  const before = state.placed.slice();
  for (const vm of placeable) takeAway(state, vm);
  let steps = 0;
  const descend = (depth: number): boolean => {
    const vm = placeable[depth];
    if (vm === undefined) return true;
    for (const target of byShare(state, vm)) {
      steps += 1;
      if (steps > searchSteps) return false;
      if (!fits(state, vm, target)) continue;
      place(state, vm, target);
      if (descend(depth + 1)) return true;
      takeAway(state, vm);
    }
    return false;
  };
  // What cannot fit in all, fits in no order.
  if (hasRoomForAll(state, placeable) && descend(0)) return;
  for (const vm of placeable) {
    const target = before[vm] ?? -1;
    takeAway(state, vm);
    if (target >= 0) place(state, vm, target);
  }
}

function hasRoomForAll(state: State, vms: readonly number[]): boolean {
  const needed = vms.reduce((sum, vm) => sum + (state.memory[vm] ?? 0), 0);
  const free = state.targets.reduce(
    (sum, _target, target) => sum + Math.max(0, (state.total[target] ?? 0) - (state.used[target] ?? 0)),
    0,
  );
  return needed <= free;
}

/** Could be somewhere were it alone: one that never can must not keep the others from being tried. */
function isPlaceable(state: State, vm: number): boolean {
  const memory = state.memory[vm];
  if (memory === null || memory === undefined) return false;
  return state.targets.some(
    ({ usedBytes }, target) =>
      (usedBytes ?? 0) + memory <= (state.total[target] ?? 0) && !state.barred[vm]?.has(target),
  );
}

function byShare(state: State, vm: number): readonly number[] {
  return state.targets
    .map((_target, target) => target)
    .filter((target) => mayBe(state, vm, target))
    .toSorted((a, b) => shareAfter(state, vm, a) - shareAfter(state, vm, b));
}
