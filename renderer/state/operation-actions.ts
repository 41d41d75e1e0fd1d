import type { NodeId, OperationId, RegionId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { Problem } from '#shared/problems.ts';
import { askAfter, dropTranscript, operationHref, putOperation, putTranscript, useOperations } from './operations.ts';
import { useRegions } from './regions.ts';
import { activeClient, problemFrom, showRegion } from './session.ts';

/** Shows an operation's page, in its region. */
export function goToOperation(regionId: RegionId, id: OperationId): void {
  if (useRegions.getState().currentId !== regionId) void showRegion(regionId);
  location.hash = operationHref(id);
}

export type OperationCall = 'operations.cancel' | 'operations.continue' | 'operations.rollBack' | 'operations.handOver';

/** Asks something of an operation; its page shows the answer at once. @throws ProblemError */
export async function actOnOperation(call: OperationCall, { regionId, id }: Operation): Promise<void> {
  putOperation(await activeClient().call(call, { regionId, operationId: id }));
}

/**
 * Follows one operation and its transcript while its page is open, and asks anew after every gap; the returned function ends that.
 * `onProblem` is told why it could not be read, and `null` once it was.
 */
export function followOperation(
  regionId: RegionId,
  operationId: OperationId,
  onProblem: (problem: Problem | null) => void,
): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const read = async (): Promise<void> => {
    const client = activeClient();
    const held = useOperations.getState().transcripts.get(operationId) ?? [];
    try {
      const [operation, entries] = await Promise.all([
        client.call('operations.get', { regionId, operationId }, signal),
        client.call('operations.transcript', { regionId, operationId, after: askAfter(held) }, signal),
      ]);
      putOperation(operation);
      putTranscript(operationId, entries, true);
      onProblem(null);
    } catch (error) {
      const problem = problemFrom(error);
      if (problem.code !== 'cancelled') onProblem(problem);
    }
  };
  // What is announced from now on is kept, so that nothing falls between the answer and the events.
  putTranscript(operationId, [], true);
  void read();
  const stop = useOperations.subscribe((state, before) => {
    if (state.reads !== before.reads) void read();
  });
  return () => {
    stop();
    controller.abort();
    dropTranscript(operationId);
  };
}

/** The whole operation as text, for a ticket. @throws ProblemError */
export async function exportOperation({ regionId, id }: Operation): Promise<{ fileName: string; text: string }> {
  return activeClient().call('operations.export', { regionId, operationId: id });
}

/** Lifts the brake after a mass failure for ten minutes (R14). @throws ProblemError `name-mismatch` */
export async function liftBrake(regionId: RegionId, typedName: string): Promise<void> {
  await activeClient().call('regions.overrideBrake', { regionId, typedName });
}

/** Takes the machine that answers under a node's name for that node (R12). @throws ProblemError `name-mismatch` */
export async function acceptIdentity(regionId: RegionId, nodeId: NodeId, typedName: string): Promise<void> {
  await activeClient().call('nodes.acceptIdentity', { regionId, nodeId, typedName });
}

/** Keeps a region's limits in its cluster; `null` leaves one as it is. @throws ProblemError */
export async function setLimits(
  regionId: RegionId,
  limits: { readonly maxOutOfService: number | null; readonly maxMovesAtOnce: number | null },
): Promise<void> {
  await activeClient().call('regions.setLimits', { regionId, ...limits });
}
