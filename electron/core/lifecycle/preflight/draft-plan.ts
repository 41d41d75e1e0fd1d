import type { DraftPlan, PlanFacts } from './facts.ts';
import { planOf } from './plan.ts';

/** What has to be asked for the plan of these facts before it can be judged: whom to read, whom the source must reach, what to simulate. */
export function draftPlan(facts: PlanFacts): DraftPlan {
  const { pins, isEmpty } = planOf(facts);
  return { pins, targets: [...new Set(Object.values(pins))].toSorted(), isEmpty };
}

/** Whether two plans send the same VMs to the same nodes. */
export function samePins(one: DraftPlan['pins'], other: DraftPlan['pins']): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
