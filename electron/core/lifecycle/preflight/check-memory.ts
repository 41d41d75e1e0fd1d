import type { PreflightCheck, TargetMemory } from '#shared/model/maintenance.ts';
import { checkOf } from './check.ts';
import type { PlanFacts } from './facts.ts';
import type { Plan } from './plan.ts';
import { countWords, line, listWords, percentWords } from './words.ts';

/** From this used share on a target is warned about; above its capacity it is none. */
export const warnShare = 0.9;

/** Memory before and after on each node that gets a VM, by name. */
export function targetMemory(plan: Plan): readonly TargetMemory[] {
  return [...new Set(Object.values(plan.pins))].toSorted().flatMap((node) => {
    const memory = plan.placement.memory.get(node);
    return memory === undefined ? [] : [{ node, ...memory }];
  });
}

/** Memory by our own placement. `blocker` only where memory is what lacks (R8). */
export function memoryOnTargets(plan: Plan, facts: PlanFacts, mayStay: boolean): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('memory-on-targets', 'Memory on the remaining nodes');
  if (plan.isEmpty) return pass('not needed');
  const held = plan.here.flatMap(({ resource }) => {
    const hold = plan.holds.get(resource);
    return hold === undefined ? [] : [{ resource, ...hold }];
  });
  const lacking = held.filter(({ kind }) => kind === 'memory');
  const homeless = held.filter(({ kind }) => kind === 'no-target');
  const unsure = held.filter(({ kind }) => kind === 'memory-unknown');
  const told = (list: typeof held): string =>
    list.map(({ resource, because }) => line(`${resource}: ${because}`)).join(' ');
  const after = targetMemory(plan).flatMap(({ node, totalBytes, afterBytes }) =>
    totalBytes === null || totalBytes === 0 ? [] : [{ node, share: afterBytes / totalBytes }],
  );
  const highest = Math.max(0, ...after.map(({ share }) => share));
  const figure = after.length === 0 ? 'no VM moves' : `highest ${percentWords(highest)}`;
  const all = [...lacking, ...homeless, ...unsure];
  if (all.length > 0) {
    const finding = {
      figure: countWords(all.length, mayStay ? 'VM stays' : 'VM', mayStay ? 'VMs stay' : 'VMs'),
      words: told(all),
      fix:
        homeless.length > 0
          ? 'Bring another node back to Active first, or shut these VMs down.'
          : lacking.length > 0
            ? 'Free memory on another node, shut a VM down, or move only what can move now.'
            : 'Give these VMs and nodes their memory in the cluster (utilization), or read the nodes again, and check again.',
      subjects: all.map(({ resource }) => resource),
    };
    if (mayStay) return warning(finding);
    return lacking.length + homeless.length > 0 ? blocker(finding) : unknown(finding);
  }
  const tight = after.filter(({ share }) => share >= warnShare);
  if (tight.length === 0) return pass(figure);
  const nameOf = new Map(facts.nodes.map(({ name, shownName }) => [name, shownName]));
  const words = tight.map(({ node, share }) => `${nameOf.get(node) ?? node} would reach ${percentWords(share)}`);
  return warning({
    figure: countWords(tight.length, 'warning'),
    words: `Enough for every VM, but ${listWords(words)} (limit ${percentWords(warnShare)}). The move is allowed.`,
    fix: 'Choose another target, where one has more room.',
    subjects: tight.map(({ node }) => node),
  });
}
