import { repair, searchAll } from './placement-search.ts';
import { fits, newState, place, shareAfter, type State } from './placement-state.ts';

/** A VM that has to leave. */
export interface PlacementVm {
  readonly resource: string;
  /** `null`: not known, so it is placed nowhere. */
  readonly memoryBytes: number | null;
  /** Nodes it must not go to, and why in words. */
  readonly excluded: ReadonlyMap<string, string>;
  /** A target that a person chose; `null`: ours to find. */
  readonly chosen: string | null;
}

/** A node that VMs may go to: Active, online, not the source (`preflight/targets.ts` says who is). Bytes. */
export interface PlacementTarget {
  readonly node: string;
  /** What VMs may use; `null`: not known, so nothing is placed on it. */
  readonly totalBytes: number | null;
  /** What VMs use, those on their way by other operations included; `null`: not known. */
  readonly usedBytes: number | null;
  /** Fenced a short while ago: a VM goes there only where no other target has room for it, or where a person chose it. */
  readonly isLastResort?: boolean;
}

export interface PlacementProblem {
  readonly vms: readonly PlacementVm[];
  readonly targets: readonly PlacementTarget[];
  /** Pairs of the VMs that must never be on one node. */
  readonly apart: readonly (readonly [string, string])[];
  /** `quick`: no search beyond the repair; for the headroom of many nodes. */
  readonly effort: 'quick' | 'thorough';
}

/**
 * A VM that was placed nowhere, and why: `memory` only where memory is what lacks (R8).
 *
 * - `memory-unknown`: of the VM. `target-unknown`: it would fit on no target that is known, and there are some that are not.
 * - `excluded`: constraints bar it from every target. `apart`: what bars it is a VM that it must keep apart from.
 * - `not-a-target`: the node that was chosen for it is none, or is barred. `no-target`: there is none at all.
 */
export interface Misfit {
  readonly resource: string;
  readonly kind: 'memory' | 'memory-unknown' | 'target-unknown' | 'excluded' | 'apart' | 'not-a-target' | 'no-target';
  /** For `memory`: how much was free at most where it may go, and where; 0 and `null` else. */
  readonly freeBytes: number;
  readonly freeOn: string | null;
}

export interface Placement {
  readonly targetOf: ReadonlyMap<string, string>;
  readonly misfits: readonly Misfit[];
  /** By node, of every target that is known: bytes used before and after. */
  readonly memory: ReadonlyMap<
    string,
    { readonly totalBytes: number; readonly beforeBytes: number; readonly afterBytes: number }
  >;
  /** Other nodes it would fit on with everything else as placed, lowest used share first. */
  alternatives(resource: string): readonly string[];
}

/**
 * Our own placement: which VM goes to which target. Deterministic: the same problem has the same answer, in whatever order it is told.
 *
 * What a person chose comes first; then the biggest VM to the target whose used share is lowest after it, so that load spreads; a last resort comes after every other. What does
 * not fit that way is made room for by moving one that was placed already; where that fails too, a bounded search tries the combinations.
 * No target is ever filled beyond its capacity.
 */
export function placeVms(problem: PlacementProblem): Placement {
  const state = newState(problem);
  const waiting: number[] = [];
  for (const vm of state.order) {
    const chosen = state.chosen[vm];
    if (chosen === undefined) waiting.push(vm);
    else if (chosen !== null && fits(state, vm, chosen)) place(state, vm, chosen);
  }
  const missing = waiting.filter((vm) => !spread(state, vm));
  const left = missing.length === 0 ? [] : repair(state, missing);
  if (left.length > 0 && problem.effort === 'thorough') searchAll(state, waiting);
  return answerOf(problem, state);
}

/** Places it where the used share is lowest afterwards. False where it fits nowhere. */
function spread(state: State, vm: number): boolean {
  let best = -1;
  let bestShare = Infinity;
  for (let target = 0; target < state.targets.length; target += 1) {
    // Its share is asked for first: it is cheap, and most targets are worse than the best so far.
    const share = shareAfter(state, vm, target);
    if (share < bestShare && fits(state, vm, target)) {
      best = target;
      bestShare = share;
    }
  }
  if (best >= 0) place(state, vm, best);
  return best >= 0;
}

function answerOf(problem: PlacementProblem, state: State): Placement {
  const targetOf = new Map<string, string>();
  const misfits: Misfit[] = [];
  for (const vm of state.order) {
    const { resource } = state.vms[vm] ?? { resource: '' };
    const target = state.targets[state.placed[vm] ?? -1];
    if (target === undefined) misfits.push(misfitOf(problem, state, vm));
    else targetOf.set(resource, target.node);
  }
  let memory: Placement['memory'] | undefined;
  const byResource = new Map(state.vms.map(({ resource }, vm) => [resource, vm]));
  return {
    targetOf,
    misfits,
    // Made where it is asked for: the headroom of a thousand nodes asks for few of a thousand.
    get memory() {
      memory ??= new Map(
        state.targets.map(({ node, usedBytes }, target) => [
          node,
          {
            totalBytes: state.total[target] ?? 0,
            beforeBytes: usedBytes ?? 0,
            afterBytes: state.used[target] ?? 0,
          },
        ]),
      );
      return memory;
    },
    alternatives: (resource) => {
      const vm = byResource.get(resource);
      if (vm === undefined || state.memory[vm] === null) return [];
      return state.targets
        .map((_target, target) => target)
        .filter((target) => target !== state.placed[vm] && fits(state, vm, target))
        .toSorted((a, b) => shareAfter(state, vm, a) - shareAfter(state, vm, b))
        .flatMap((target) => state.targets[target]?.node ?? []);
    },
  };
}

function misfitOf(problem: PlacementProblem, state: State, vm: number): Misfit {
  const asked = state.vms[vm];
  const misfit = (kind: Misfit['kind'], freeBytes = 0, freeOn: string | null = null): Misfit => ({
    resource: asked?.resource ?? '',
    kind,
    freeBytes,
    freeOn,
  });
  if (problem.targets.length === 0) return misfit('no-target');
  const isAllowed = (node: string): boolean => asked?.excluded.has(node) !== true;
  const hoped = asked?.chosen ?? null;
  if (hoped !== null && (!problem.targets.some(({ node }) => node === hoped) || !isAllowed(hoped)))
    return misfit('not-a-target');
  const open = problem.targets.filter(({ node }) => isAllowed(node) && (hoped === null || node === hoped));
  if (open.length === 0) return misfit('excluded');
  const memory = state.memory[vm];
  if (memory === null || memory === undefined) return misfit('memory-unknown');
  if (open.some(({ totalBytes, usedBytes }) => totalBytes === null || usedBytes === null))
    return misfit('target-unknown');
  const names = new Set(open.map(({ node }) => node));
  let most = -1;
  let hasRoom = false;
  for (const [target, { node }] of state.targets.entries()) {
    if (!names.has(node)) continue;
    const free = (state.total[target] ?? 0) - (state.used[target] ?? 0);
    if (free >= memory) hasRoom = true;
    if (most < 0 || free > (state.total[most] ?? 0) - (state.used[most] ?? 0)) most = target;
  }
  if (hasRoom) return misfit('apart');
  const free = Math.max(0, (state.total[most] ?? 0) - (state.used[most] ?? 0));
  return misfit('memory', free, state.targets[most]?.node ?? null);
}
