import type { CallInput } from '#shared/contract/contract.ts';
import { noOperationChoices, type RecordedVm } from '#shared/model/cluster.ts';
import {
  isTicked,
  type MaintenanceChoices,
  type PlannedVm,
  type PreparedMaintenance,
} from '#shared/model/maintenance.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import { preflight } from '../lifecycle/preflight/preflight.ts';
import { requireAvailable, type Request } from './begin.ts';
import { gatherPreflight, type Gathering } from './prepare/gather.ts';
import { maintenanceWouldRun } from './prepare/would-run.ts';
import type { RegionOperations } from './operations-of-region.ts';
import { waitingVm } from './view.ts';

/** Preflight and plan of one node, read now. Changes nothing. @throws ProblemError `not-available` and what the reads throw. */
export async function prepareMaintenance(
  gathering: Gathering,
  nodeId: NodeId,
  choices: MaintenanceChoices,
): Promise<PreparedMaintenance> {
  requireAvailable(gathering.region, nodeId, 'maintenance', gathering.now());
  return judge(gathering, nodeId, choices);
}

async function judge(gathering: Gathering, nodeId: NodeId, choices: MaintenanceChoices): Promise<PreparedMaintenance> {
  const facts = await gatherPreflight(gathering, nodeId, choices);
  const judged = preflight(facts);
  return { ...judged, wouldRun: maintenanceWouldRun(judged, facts) };
}

/**
 * Begins a maintenance. Everything is judged again while the admission is held, by what is true then; another answer than the one that was
 * confirmed goes back to the dialog. @throws ProblemError `plan-changed`, `preflight-failed`, and what `RegionOperations.start` throws.
 */
export function startMaintenance(
  operations: RegionOperations,
  gathering: Gathering,
  input: CallInput<'maintenance.start'>,
): Promise<Operation> {
  return operations.start(requestOf(gathering, input, 'same'), '');
}

/**
 * Begins the maintenance of several nodes, one after the other. The first is held to the plan that was confirmed; of the others memory and
 * targets may differ once those before them are empty, so they are held to what was confirmed of their VMs: no VM restarts or stops whose
 * row was not ticked (R9).
 */
export function startMaintenanceOfMany(
  operations: RegionOperations,
  gathering: Gathering,
  { nodes, reason, regionId }: CallInput<'maintenance.startMany'>,
): Promise<readonly Operation[]> {
  return operations.startInTurn(
    nodes.map((node, index) => ({
      request: requestOf(gathering, { ...node, reason, regionId }, index === 0 ? 'same' : 'ready'),
      message: '',
    })),
  );
}

function requestOf(
  gathering: Gathering,
  { operationId, nodeId, choices, digest, reason }: CallInput<'maintenance.start'>,
  plan: 'same' | 'ready',
): Request {
  const name = gathering.region.row(nodeId).name;
  return {
    operationId,
    nodeId,
    command: 'maintenance',
    decided: 'maintenance',
    reason,
    purpose: `maintenance of ${name}`,
    judge: async () => {
      const judged = await judge({ ...gathering, ownOperation: operationId }, nodeId, choices);
      requireSamePlan(judged, plan === 'same' ? digest : judged.digest);
      const { stopsServices, movesOnlyWhatCan } = choices;
      return {
        choices: { ...noOperationChoices, stopsServices, movesOnlyWhatCan },
        vms: recordedPlan(judged.vms, choices),
        others: judged.others.flatMap(({ resource, effect, needsTick }) => (needsTick ? [{ resource, effect }] : [])),
        undo: [],
        shown: judged.vms.map((vm) => ({
          ...waitingVm(vm.resource, vm.effect, vm.target),
          domain: vm.domain,
          memoryBytes: vm.memoryBytes,
        })),
      };
    },
  };
}

/** The plan as it is recorded. A row that was not ticked stays (R9): only a maintenance that moves what can comes this far with one. */
export function recordedPlan(
  vms: readonly PlannedVm[],
  { ticked }: Pick<MaintenanceChoices, 'ticked'>,
): readonly RecordedVm[] {
  return vms.map((vm) => {
    const isAllowed = !vm.needsTick || isTicked(ticked, vm);
    return { resource: vm.resource, target: vm.target, effect: isAllowed ? vm.effect : 'cannot-move', isDone: false };
  });
}

/** @throws ProblemError `preflight-failed` where it is held up, `plan-changed` where it is another plan than the one that was shown. */
export function requireSamePlan(
  judged: { readonly isReady: boolean; readonly heldUpBy: string; readonly digest: string; readonly node: string },
  digest: string,
): void {
  if (!judged.isReady) {
    fail({
      code: 'preflight-failed',
      message: `${judged.node}: ${judged.heldUpBy}`,
      advice: 'Nothing was changed. Look at the checks again: each says what to do.',
    });
  }
  if (judged.digest !== digest) {
    fail({
      code: 'plan-changed',
      message: `What is true of ${judged.node} changed after the plan was shown, so nothing was begun.`,
      advice: 'Look at the plan as it is now, and confirm it again.',
    });
  }
}
