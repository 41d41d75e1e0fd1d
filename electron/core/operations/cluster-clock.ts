import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { readClock } from '../cluster/writes/moves.ts';
import { look } from './look.ts';
import { isLost } from './reach.ts';
import { stepFailed } from './run-steps.ts';
import type { OperationContext } from './step.ts';
import { pause } from './time.ts';

/** For how long a busy or distant machine is asked again; a Cancel is not made to wait for it. */
const askedForMs = 30_000;
const retryMs = 1000;

/**
 * The clock by which the cluster judges times (the end of an unmanaging, when a node was fenced): the DC's, or of the control node that
 * answers. UTC ms.
 * @throws ProblemError `step-failed` where neither tells it.
 */
export async function clusterClock(context: OperationContext, answer: ClusterAnswer): Promise<number> {
  const { clock, signal, cancelled } = context;
  const begun = clock.monotonic();
  for (;;) {
    const at = (answer.dc === null ? null : await readAt(context, answer.dc)) ?? (await readAt(context, answer.via));
    if (at !== null) return at;
    if (cancelled.aborted || clock.monotonic() - begun >= askedForMs)
      return stepFailed(
        'The cluster’s clock could not be read, by which times in the cluster are judged.',
        'Continue when the coordinator (DC) answers.',
      );
    await pause(clock, retryMs, signal);
  }
}

async function readAt(context: OperationContext, node: string): Promise<number | null> {
  try {
    return await look(context, node, readClock());
  } catch (error) {
    if (!isLost(error)) throw error;
    return null;
  }
}
