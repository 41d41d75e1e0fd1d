import type { SimulatedAction, Simulation } from '#shared/model/configuration.ts';
import type { CibEdit } from '../cluster/pacemaker/read/simulate-command.ts';
import { simulate } from '../cluster/pacemaker/read/simulate.ts';
import { controlOf } from './channels.ts';
import { patienceOf } from './look.ts';
import { untilAnswered } from './reach.ts';
import type { OperationContext } from './step.ts';

const deadlineMs = 120_000;

/** What the cluster's own scheduler would do now after these edits, on a copy of the CIB. Changes nothing. */
export async function simulateNow(context: OperationContext, edits: readonly CibEdit[]): Promise<Simulation> {
  const { region, signal } = context;
  const { byName } = await untilAnswered(
    () => simulate(controlOf(region), [{ name: 'one', edits }], { deadlineMs, signal }),
    patienceOf(context),
  );
  return byName.get('one') ?? { kind: 'unknown', because: 'the answer has no simulation' };
}

/** What the cluster's own scheduler would do with a VM that is bound to a node now. */
export type SimulatedPin =
  | { readonly kind: 'kept'; readonly actions: readonly SimulatedAction[] }
  /** It would not take it there, or cannot be asked; why, as a clause. */
  | { readonly kind: 'not-kept'; readonly because: string };

/** Whether a pin would take the VM to `target`, as the cluster stands now. Changes nothing; Cancel ends it at once (R6). */
export async function simulatePin(context: OperationContext, resource: string, target: string): Promise<SimulatedPin> {
  const { signal, cancelled } = context;
  const whileWanted = { ...context, signal: AbortSignal.any([signal, cancelled]) };
  const edits: readonly CibEdit[] = [{ kind: 'pin', resource, node: target }];
  const simulated = await simulateNow(whileWanted, edits).catch((error: unknown) => {
    signal.throwIfAborted();
    if (!cancelled.aborted) throw error;
    return undefined;
  });
  if (simulated === undefined || cancelled.aborted)
    return { kind: 'not-kept', because: 'it was cancelled before it was begun' };
  if (simulated.kind === 'unknown')
    return {
      kind: 'not-kept',
      because: `what the cluster would do with it on ${target} is not known: ${simulated.because}`,
    };
  const { actions } = simulated;
  if (actions.some((action) => action.resource === resource && action.target === target))
    return { kind: 'kept', actions };
  return {
    kind: 'not-kept',
    because: `the cluster’s own scheduler would not keep it on ${target}: look at its constraints and at what ${target} can carry`,
  };
}

export const standbyOf = (node: string): CibEdit => ({ kind: 'standby', node, value: 'on' });
export const unstandbyOf = (node: string): CibEdit => ({ kind: 'standby', node, value: null });
export const withoutHold = (node: string): CibEdit => ({
  kind: 'delete',
  what: 'constraint',
  id: `rackside-hold-${node}`,
});
export const withoutPin = (resource: string): CibEdit => ({
  kind: 'delete',
  what: 'constraint',
  id: `rackside-move-${resource}`,
});
