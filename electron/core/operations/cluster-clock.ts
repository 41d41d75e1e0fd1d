import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { readClock } from '../cluster/writes/moves.ts';
import { look } from './look.ts';
import { isLost } from './reach.ts';
import { stepFailed } from './run-steps.ts';
import type { OperationContext } from './step.ts';

/** The clock that ends the unmanaging is the DC's. */
export async function clusterClock(context: OperationContext, answer: ClusterAnswer): Promise<number> {
  const read = async (node: string): Promise<number | null> => {
    try {
      return await look(context, node, readClock());
    } catch (error) {
      if (!isLost(error)) throw error;
      return null;
    }
  };
  const at = (answer.dc === null ? null : await read(answer.dc)) ?? (await read(answer.via));
  if (at === null)
    return stepFailed(
      'The cluster’s clock could not be read, and with it the end of the unmanaging.',
      'Continue when the coordinator (DC) answers.',
    );
  return at;
}
