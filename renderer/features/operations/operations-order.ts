import type { OperationId } from '#shared/model/ids.ts';
import type { Operation, OperationState } from '#shared/model/operation.ts';

const places = {
  running: 0,
  cancelling: 0,
  'rolling-back': 0,
  failed: 1,
  unattended: 2,
  elsewhere: 3,
  queued: 4,
  ended: 5,
} as const satisfies Record<OperationState['kind'], number>;

/** What runs, what failed, what nobody drives, what others drive, what waits for its turn; then what ended, the newest first in each. */
export function inOrder(a: Operation, b: Operation): number {
  const byState = places[a.state.kind] - places[b.state.kind];
  if (byState !== 0) return byState;
  const at = ({ state, startedAt }: Operation): number => (state.kind === 'ended' ? state.at : startedAt);
  return at(b) - at(a);
}

/** The operations in an order that is kept; those it does not know come after it. */
export function heldOrder(order: readonly OperationId[], sorted: readonly Operation[]): readonly Operation[] {
  const place = new Map(order.map((id, index) => [id, index]));
  const of = ({ id }: Operation): number => place.get(id) ?? order.length;
  return sorted.toSorted((a, b) => of(a) - of(b));
}
