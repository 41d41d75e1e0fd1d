import { decisionContext } from '#shared/lifecycle/context.ts';
import { objection, type GuardRule } from '#shared/lifecycle/guards.ts';
import type { CallInput } from '#shared/contract/contract.ts';
import { noOperationChoices, type ClusterAnswer } from '#shared/model/cluster.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import { readConfiguration } from '../cluster/pacemaker/read/configuration.ts';
import type { RegionAccess } from '../region/region-access.ts';
import { controlOf } from './channels.ts';
import { requireTyped } from './names-and-tags.ts';
import type { Gathering } from './prepare/gather.ts';
import type { RegionOperations } from './operations-of-region.ts';
import { vmsOn } from './steps/on-node.ts';
import { waitingVm } from './view.ts';

const configurationDeadlineMs = 30_000;

/** What holds for whatever stops something on a node; the node's status is nothing against it. */
const rules: readonly GuardRule[] = [
  'region-live',
  'region-writable',
  'status-known',
  'member',
  'node-is-itself',
  'no-operation',
  'no-mass-failure',
];

/**
 * Begins to shut a VM down through the cluster, so that it stays down.
 * @throws ProblemError `name-mismatch`, `not-available` (not managed by the cluster, not here, held up by a rule), and what a start throws.
 */
export function startShutDown(
  operations: RegionOperations,
  gathering: Gathering,
  input: CallInput<'vms.shutDown'>,
): Promise<Operation> {
  const { region, now } = gathering;
  const { nodeId, operationId, resource, typedName } = input;
  return operations.start(
    {
      operationId,
      nodeId,
      command: 'shut-down-vm',
      decided: undefined,
      reason: '',
      purpose: `shutting down ${resource}`,
      vm: resource,
      judge: async () => {
        requireRules(region, nodeId, resource, now());
        const { name } = region.node(nodeId);
        const configuration = await readConfiguration(controlOf(region), { deadlineMs: configurationDeadlineMs, now });
        const answer = await region.readFresh();
        const vm = configuration.vms.find((one) => one.resource === resource);
        if (vm === undefined) return notManaged(resource, name);
        requireTyped(typedName, typedName === vm.domain ? vm.domain : resource, 'the VM');
        requireHere(answer, resource, name);
        const memoryMib = answer.vms.find((one) => one.resource === resource)?.memoryMib ?? null;
        return {
          choices: noOperationChoices,
          vms: [{ resource, target: null, effect: 'stop', isDone: false }],
          undo: [{ kind: 'target-role', resource, value: vm.targetRole }],
          shown: [
            {
              ...waitingVm(resource, 'stop', null),
              domain: vm.domain,
              memoryBytes: memoryMib === null ? null : memoryMib * 1_048_576,
            },
          ],
        };
      },
    },
    '',
  );
}

/** @throws ProblemError `not-available` by the first rule against it. */
function requireRules(region: RegionAccess, nodeId: NodeId, resource: string, now: number): void {
  const context = decisionContext(region.row(nodeId), region.view(), region.rows(), now);
  for (const rule of rules) {
    const against = objection(rule, context);
    if (against === undefined) continue;
    fail({
      code: rule === 'no-operation' ? 'node-locked' : 'not-available',
      message: `Shutting down ${resource} on ${context.name} was refused. ${against.because}`,
      advice: against.until,
    });
  }
}

function notManaged(resource: string, node: string): never {
  return fail({
    code: 'not-available',
    message: `${resource} was not shut down: the cluster does not manage it, so it cannot be told to keep it down.`,
    advice: `Nothing was changed. Shut it down in its guest, or on ${node} with: virsh shutdown ${resource}. Rackside sees it at its next look.`,
  });
}

/** @throws ProblemError `not-available` where it does not run on the node, or the cluster does not act on it. */
function requireHere(answer: ClusterAnswer, resource: string, node: string): void {
  const now = answer.resources.find(({ id }) => id === resource);
  if (now?.isManaged === false || answer.isInMaintenanceMode)
    fail({
      code: 'not-available',
      message: `${resource} was not shut down: Pacemaker does not manage it now, so it would not act.`,
      advice:
        'Nothing was changed. Wait until what took it out of the cluster’s care has ended, or manage it again: pcs resource manage.',
    });
  if (vmsOn(answer, node).includes(resource)) return;
  const where = now === undefined || now.nodes.length === 0 ? 'it does not run' : `it runs on ${now.nodes.join(', ')}`;
  fail({
    code: 'not-available',
    message: `${resource} was not shut down: ${where}, and not on ${node}.`,
    advice: 'Nothing was changed. Look at the node’s VMs again.',
  });
}
