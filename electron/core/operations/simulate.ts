import type { Simulation } from '#shared/model/configuration.ts';
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
