import type { OperationDirection } from '#shared/model/operation.ts';
import { fail, problemOf } from '#shared/problems.ts';
import type { OperationContext, Step } from './step.ts';
import { leftInTheMiddle } from './view.ts';

/** A person cancelled, and what was under way has come to a safe end. */
export class CancelledByPerson extends Error {}

/** Runs the steps in their order, from the first that is not done; `direction` is where they lead. @throws what a step throws; `CancelledByPerson` between two steps. */
export async function runSteps(
  steps: readonly Step[],
  direction: OperationDirection,
  contextOf: (step: Step) => OperationContext,
): Promise<void> {
  for (const step of steps) {
    const context = contextOf(step);
    const { handle, clock, signal, cancelled } = context;
    signal.throwIfAborted();
    if (cancelled.aborted) throw new CancelledByPerson();
    handle.step(step.id, { state: 'running', startedAt: clock.now(), endedAt: null, detail: '' });
    try {
      if (!(await step.isDone(context))) {
        const { step: at, direction: before, failure } = context.record();
        // Continued where it failed: whoever looks at the node is not told of a failure while somebody is at it.
        if (at !== step.title || before !== direction || failure !== null)
          await context.saveRecord(() => ({ step: step.title, direction, failure: null }));
        await step.act(context);
      }
      const detail = await step.verify(context);
      handle.step(step.id, { state: 'done', endedAt: clock.now(), detail });
    } catch (error) {
      const endedAt = clock.now();
      if (error instanceof CancelledByPerson) handle.step(step.id, { state: 'cancelled', endedAt, detail: '' });
      // Handed over, or the app ends: that it is left alone has not made it fail.
      else if (signal.aborted) handle.step(step.id, { state: 'waiting', detail: leftInTheMiddle });
      else
        handle.step(step.id, { state: 'failed', endedAt, detail: problemOf(error)?.message ?? 'an error of Rackside' });
      throw error;
    }
  }
}

/** Ends a step with words of its own. */
export function stepFailed(message: string, advice: string): never {
  return fail({ code: 'step-failed', message, advice });
}
