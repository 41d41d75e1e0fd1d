import { draftPlan, samePins } from '../../lifecycle/preflight/draft-plan.ts';
import type { DraftPlan, PlanFacts } from '../../lifecycle/preflight/facts.ts';

/** In a region where VMs move all the time an answer is better than the last one: what does not fit it is said as not known. */
const mostRounds = 3;

/**
 * Asks for what the plan of these facts needs, and once more where what was read meanwhile makes it another plan: the scheduler's word is worth
 * something for the very plan that is shown, and after a neighbour's maintenance the memory of every target is news.
 * @param facts as they are known now.
 * @returns the last answers, the plan that they are of, and the facts as they were known then.
 */
export async function askForPlan<Asked>(
  facts: () => PlanFacts,
  ask: (draft: DraftPlan) => Promise<Asked>,
): Promise<{ readonly facts: PlanFacts; readonly draft: DraftPlan; readonly asked: Asked }> {
  let draft = draftPlan(facts());
  for (let round = 1; ; round += 1) {
    const asked = await ask(draft);
    const now = facts();
    const next = draftPlan(now);
    if (round === mostRounds || samePins(next.pins, draft.pins)) return { facts: now, draft, asked };
    draft = next;
  }
}
