import type { OperationCommand } from '../model/operation.ts';
import type { DecisionContext } from './context.ts';
import { objection, type GuardRule, type Objection } from './guards.ts';
import { transitions } from './transitions.ts';

const rules: readonly GuardRule[] = ['region-live', 'region-writable', 'node-is-itself', 'no-mass-failure'];

/**
 * Why an operation that stands still is not continued or rolled back now; `undefined`: it may be. A mass failure (R14) holds up what it holds
 * up the start of. Pure.
 */
export function objectionToGoingOn(context: DecisionContext, command: OperationCommand): Objection | undefined {
  const holds = (rule: GuardRule): boolean =>
    rule !== 'no-mass-failure' || command === 'shut-down-vm' || transitions[command].guards.includes(rule);
  return rules
    .filter(holds)
    .map((rule) => objection(rule, context))
    .find((found) => found !== undefined);
}
