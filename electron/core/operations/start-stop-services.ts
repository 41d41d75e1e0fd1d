import type { CallInput } from '#shared/contract/contract.ts';
import { noOperationChoices } from '#shared/model/cluster.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { PreparedStop } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import { stopServicesPreflight } from '../lifecycle/preflight/stop-services.ts';
import { requireAvailable } from './begin.ts';
import type { RegionOperations } from './operations-of-region.ts';
import { gatherStop, type Gathering } from './prepare/gather.ts';
import { memberIn } from './prepare/planned-by.ts';
import { stoppingWouldRun } from './prepare/would-run-stop.ts';
import { requireSamePlan } from './start-maintenance.ts';

/** Whether the cluster services of a node In maintenance can be stopped, read now. Changes nothing. @throws ProblemError `not-available` and what the reads throw. */
export async function prepareStop(gathering: Gathering, nodeId: NodeId): Promise<PreparedStop> {
  requireAvailable(gathering.region, nodeId, 'stop-services', gathering.now());
  return judge(gathering, nodeId);
}

async function judge(gathering: Gathering, nodeId: NodeId): Promise<PreparedStop> {
  const facts = await gatherStop(gathering, nodeId);
  const member = memberIn(facts.answer, facts.node);
  const wouldRun = member === undefined ? [] : stoppingWouldRun(facts.answer, member);
  return { ...stopServicesPreflight(facts), wouldRun };
}

/**
 * Begins to stop the cluster services of a node In maintenance; everything is judged again while the admission is held.
 * @throws ProblemError `plan-changed`, `preflight-failed`, and what `RegionOperations.start` throws.
 */
export async function startStop(
  operations: RegionOperations,
  gathering: Gathering,
  { operationId, nodeId, digest }: CallInput<'services.stop'>,
): Promise<Operation> {
  const { name } = gathering.region.node(nodeId);
  return operations.start(
    {
      operationId,
      nodeId,
      command: 'stop-services',
      decided: 'stop-services',
      reason: '',
      purpose: `stopping the cluster services of ${name}`,
      judge: async () => {
        requireSamePlan(await judge({ ...gathering, ownOperation: operationId }, nodeId), digest);
        return { choices: noOperationChoices, vms: [], undo: [], shown: [] };
      },
    },
    '',
  );
}
