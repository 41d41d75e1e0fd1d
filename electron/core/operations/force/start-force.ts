import type { CallInput } from '#shared/contract/contract.ts';
import { noOperationChoices } from '#shared/model/cluster.ts';
import { operationId as asOperationId, type NodeId, type OperationId } from '#shared/model/ids.ts';
import { noChoices, type ArmedForce, type ForceOverride } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import { forceOf, powerOffStatementOf, type JudgedForce } from '../../lifecycle/force.ts';
import { requireAvailable } from '../begin.ts';
import { requireTyped } from '../names-and-tags.ts';
import { gatherPreflight, type Gathering } from '../prepare/gather.ts';
import type { RegionOperations } from '../region-operations.ts';
import { vmsOn } from '../steps/on-node.ts';
import { waitingVm } from '../view.ts';
import { safetyTimerMs, type SafetyTimer } from './safety-timer.ts';
import { forceWouldRun } from './would-run.ts';

/** What Force would override, read now, and the timer that runs from now. Changes nothing. @throws ProblemError `not-available`. */
export async function armForce(gathering: Gathering, timer: SafetyTimer, nodeId: NodeId): Promise<ArmedForce> {
  const { region, now } = gathering;
  requireAvailable(region, nodeId, 'force-maintenance', now());
  const judged = await judge(gathering, nodeId);
  const row = region.row(nodeId);
  const node = region.node(nodeId).name;
  // Where there is nothing to force there is nothing to confirm: no token is made.
  const token = judged.refused === null ? timer.arm(nodeId, digestOf(judged)) : '';
  return {
    nodeId,
    node,
    nodeName: row.name,
    token,
    timerMs: safetyTimerMs,
    ...judged,
    wouldRun: forceWouldRun(node, judged),
  };
}

async function judge(gathering: Gathering, nodeId: NodeId): Promise<JudgedForce> {
  return forceOf(await gatherPreflight(gathering, nodeId, noChoices));
}

/** Names what was shown: other overrides, another way or another statement is another thing to confirm. */
function digestOf({ sequence, overrides }: JudgedForce): string {
  const lines = overrides.map(({ id, statement, isTold }) => [id, statement, isTold]);
  return JSON.stringify([sequence, lines.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))]);
}

/**
 * Begins a forced maintenance. The timer, the name, every tick and every statement are judged here, whoever asks (R10); what is overridden is
 * judged again by what is true now.
 * @throws ProblemError `timer-running`, `token-used`, `name-mismatch`, `statement-missing`, `plan-changed`, and what a start throws.
 */
export async function startForce(
  operations: RegionOperations,
  gathering: Gathering,
  timer: SafetyTimer,
  input: CallInput<'force.start'>,
): Promise<Operation> {
  const { region } = gathering;
  const { nodeId, operationId, token, reason } = input;
  // The same call again is the same operation (R3), though its token is used up.
  const before = operations.list().find(({ id }) => id === operationId);
  if (before !== undefined) return before;
  const shown = timer.require(nodeId, token);
  const row = region.row(nodeId);
  requireTyped(input.typedName, row.name, 'the node');
  const judged = await judge(gathering, nodeId);
  requireSame(judged, shown, row.name);
  requireConfirmed(judged.overrides, input);
  timer.spend(nodeId, token);
  const node = region.node(nodeId).name;
  const replaces = await standAside(operations, gathering, node);
  return operations.start(
    {
      operationId,
      nodeId,
      command: 'force-maintenance',
      decided: 'force-maintenance',
      reason,
      purpose: `forced maintenance of ${row.name}`,
      replaces,
      judge: async () => {
        const again = await judge({ ...gathering, ownOperation: operationId }, nodeId);
        requireSame(again, shown, row.name);
        const answer = await region.readFresh();
        const vms = vmsOn(answer, node).map((resource) => ({
          resource,
          target: null,
          effect: 'restart-elsewhere' as const,
          isDone: false,
        }));
        return {
          choices: {
            ...noOperationChoices,
            isUnreachable: again.sequence === 'unreachable',
            isStatedOff: Object.values(input.statements).some((text) => isSame(text, powerOffStatementOf(node))),
          },
          vms,
          undo: [],
          shown: vms.map((vm) => {
            const known = answer.vms.find((one) => one.resource === vm.resource);
            return {
              ...waitingVm(vm.resource, vm.effect, null),
              domain: known?.domain ?? vm.resource,
              memoryBytes: known?.memoryMib === null || known === undefined ? null : known.memoryMib * 1_048_576,
            };
          }),
        };
      },
    },
    `Node ${row.name} is being forcefully deactivated.`,
  );
}

/** A maintenance that is stuck on the node gives way: this process stops driving it, and its record is taken over by the one that forces. */
async function standAside(
  operations: RegionOperations,
  { region }: Gathering,
  node: string,
): Promise<OperationId | undefined> {
  const answer = await region.readFresh();
  const record = answer.records.operations.find((one) => one.node === node);
  if (record === undefined) return undefined;
  const id = asOperationId(record.id);
  await operations.handOver(id);
  return id;
}

function requireSame(judged: JudgedForce, shown: string, name: string): void {
  if (judged.refused !== null) {
    fail({
      code: 'not-available',
      message: `Force maintenance of ${name} was refused: ${judged.refused}`,
      advice: 'Nothing was begun. Close the dialog and look at the maintenance again.',
    });
  }
  if (digestOf(judged) === shown) return;
  fail({
    code: 'plan-changed',
    message: `What Force would override on ${name} changed after it was shown, so nothing was begun.`,
    advice: 'Open the force dialog again: it shows what is true now, and its timer begins anew.',
  });
}

/** Every tick and every typed statement, each for its own line (R10). @throws ProblemError `statement-missing`. */
function requireConfirmed(
  overrides: readonly ForceOverride[],
  input: Pick<CallInput<'force.start'>, 'ticked' | 'statements'>,
): void {
  const ticked = new Set(input.ticked);
  for (const { id, title, statement, isTold } of overrides) {
    const isGiven = isTold || (statement === null ? ticked.has(id) : isSame(input.statements[id] ?? '', statement));
    if (isGiven) continue;
    fail({
      code: 'statement-missing',
      message:
        statement === null
          ? `Not ticked: ${title}.`
          : `“${title}” needs its own statement, typed exactly: ${statement}.`,
      advice: 'Nothing was begun. Each line of what is overridden is confirmed by itself.',
    });
  }
}

const isSame = (typed: string, statement: string): boolean =>
  typed.trim().normalize('NFC') === statement.trim().normalize('NFC');
