import type { CallInput } from '#shared/contract/contract.ts';
import { noOperationChoices } from '#shared/model/cluster.ts';
import type { PlannedVm, PreparedActivation } from '#shared/model/maintenance.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { Operation, OperationVm } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import { acknowledgeFenceLoop, fenceLoopOf } from '../lifecycle/fence-loop.ts';
import { activationPreflight } from '../lifecycle/preflight/activation.ts';
import type { ActivationFacts } from '../lifecycle/preflight/facts.ts';
import { requireAvailable, type Request } from './begin.ts';
import { gatherActivation, type Gathering } from './prepare/gather.ts';
import { activationWouldRun } from './prepare/would-run-return.ts';
import { recordedVms } from './recorded-home.ts';
import type { RegionOperations } from './operations-of-region.ts';
import { requireSamePlan } from './start-maintenance.ts';
import { waitingVm } from './view.ts';

/** Until when the fence loop of a node is acknowledged, UTC ms; for as long as this program runs (R18). */
export type Acknowledgements = Map<NodeId, number>;

/** Preflight of a return, read now. Changes nothing. @throws ProblemError `not-available` and what the reads throw. */
export async function prepareActivation(
  gathering: Gathering,
  acknowledged: Acknowledgements,
  nodeId: NodeId,
): Promise<PreparedActivation> {
  requireAvailable(gathering.region, nodeId, 'activate', gathering.now());
  return (await judge(gathering, acknowledged, nodeId)).judged;
}

async function judge(
  gathering: Gathering,
  acknowledged: Acknowledgements,
  nodeId: NodeId,
): Promise<{ readonly judged: PreparedActivation; readonly facts: ActivationFacts }> {
  const facts = await gatherActivation(gathering, nodeId, acknowledged.get(nodeId) ?? null);
  const judged = activationPreflight(facts);
  return { judged: { ...judged, ...activationWouldRun(judged, facts) }, facts };
}

/**
 * Begins an Activate; everything is judged again while the admission is held.
 * @throws ProblemError `preflight-failed` (also for a fence loop that nobody acknowledged, R18), `plan-changed`, and what
 *   `RegionOperations.start` throws.
 */
export function startActivation(
  operations: RegionOperations,
  gathering: Gathering,
  acknowledged: Acknowledgements,
  input: CallInput<'activate.start'>,
): Promise<Operation> {
  return operations.start(requestOf(gathering, acknowledged, input, 'same'), '');
}

/**
 * Begins to activate several nodes, one after the other: a node that comes back moves the cluster, and the next one is let in when that is
 * over. The first is held to what was confirmed; which VMs come home to the others is read at their turn. What may happen to them is the
 * same for each: they are moved while they run, or stay.
 */
export function startActivationOfMany(
  operations: RegionOperations,
  gathering: Gathering,
  acknowledged: Acknowledgements,
  { nodes, regionId }: CallInput<'activate.startMany'>,
): Promise<readonly Operation[]> {
  return operations.startInTurn(
    nodes.map((node, index) => ({
      request: requestOf(gathering, acknowledged, { ...node, regionId }, index === 0 ? 'same' : 'ready'),
      message: '',
    })),
  );
}

function requestOf(
  gathering: Gathering,
  acknowledged: Acknowledgements,
  { operationId, nodeId, digest, bringsVmsHome, acknowledgesFenceLoop }: CallInput<'activate.start'>,
  plan: 'same' | 'ready',
): Request {
  const { name } = gathering.region.node(nodeId);
  return {
    operationId,
    nodeId,
    command: 'activate',
    decided: 'activate',
    // Whoever looks at the operation later sees that somebody took the loop on himself.
    reason: acknowledgesFenceLoop ? 'The fence loop was acknowledged.' : '',
    purpose: `activation of ${name}`,
    judge: async () => {
      const { judged, facts } = await judge({ ...gathering, ownOperation: operationId }, acknowledged, nodeId);
      requireSamePlan(judged, plan === 'same' ? digest : judged.digest);
      requireNoLoop(judged, facts, acknowledged, acknowledgesFenceLoop);
      return {
        choices: { ...noOperationChoices, bringsVmsHome },
        vms: recordedVms(facts, judged.home, bringsVmsHome),
        undo: [],
        shown: judged.home.map((vm) => shownVm(vm, bringsVmsHome)),
      };
    },
  };
}

/** Takes the acknowledgement over for as long as this loop is one. @throws ProblemError `preflight-failed` without it. */
export function requireNoLoop(
  { fenceLoop, node, nodeId }: Pick<PreparedActivation, 'fenceLoop' | 'node' | 'nodeId'>,
  facts: ActivationFacts,
  acknowledged: Acknowledgements,
  acknowledges: boolean,
): void {
  if (fenceLoop === null) return;
  if (!acknowledges)
    fail({
      code: 'preflight-failed',
      message: `${node} was not activated. ${fenceLoop}`,
      advice: 'Find out why it was fenced. Then acknowledge the fence loop, and activate it again.',
    });
  const loop = fenceLoopOf(
    facts.answer.fencing.filter(({ target }) => target === node),
    facts.now + facts.clusterAheadMs,
    null,
  );
  if (loop !== null) acknowledged.set(nodeId, acknowledgeFenceLoop(loop));
}

function shownVm(
  { resource, domain, memoryBytes, effect, target, node, because }: PlannedVm,
  comes: boolean,
): OperationVm {
  const row = { ...waitingVm(resource, effect, target), domain, memoryBytes };
  if (effect === 'cannot-move') return { ...row, detail: `stays on ${node}: ${because}` };
  return comes ? row : { ...row, target: null, state: 'stays', detail: `stays on ${node}, as chosen` };
}
