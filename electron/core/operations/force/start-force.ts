import type { CallInput } from '#shared/contract/contract.ts';
import {
  noOperationChoices,
  type ClusterAnswer,
  type OperationRecord,
  type RecordedVm,
} from '#shared/model/cluster.ts';
import { operationId as asOperationId, type NodeId, type OperationId } from '#shared/model/ids.ts';
import { noChoices, type ArmedForce, type ForceOverride } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import { forceOf, powerOffStatementOf, type JudgedForce } from '../../lifecycle/force.ts';
import { requireAvailable } from '../begin.ts';
import { requireTyped } from '../names-and-tags.ts';
import { commandWords } from '#shared/model/operation.ts';
import { markOf, moveOwner } from '../move-marks.ts';
import { gatherPreflight, type Gathering } from '../prepare/gather.ts';
import type { RegionOperations } from '../operations-of-region.ts';
import { requireSameCall } from '../same-call.ts';
import { vmsOn } from '../steps/on-node.ts';
import { waitingVm } from '../view.ts';
import { safetyTimerMs, type SafetyTimer } from './safety-timer.ts';
import { forceWouldRun } from './would-run.ts';

/** What Force would override, read now, and the timer that runs from now. Changes nothing. @throws ProblemError `not-available`, `node-locked`. */
export async function armForce(
  operations: Pick<RegionOperations, 'list'>,
  gathering: Gathering,
  timer: SafetyTimer,
  nodeId: NodeId,
): Promise<ArmedForce> {
  const { region, now } = gathering;
  requireAvailable(region, nodeId, 'force-maintenance', now());
  requireStuck(operations, nodeId);
  const facts = await gatherPreflight(gathering, nodeId, noChoices);
  const judged = forceOf(facts);
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
    wouldRun: forceWouldRun(facts, judged),
  };
}

async function judge(gathering: Gathering, nodeId: NodeId): Promise<JudgedForce> {
  return forceOf(await gatherPreflight(gathering, nodeId, noChoices));
}

/**
 * Names what was shown: other overrides, another way or another statement is another thing to confirm, and so is a VM that nobody starts
 * elsewhere any more.
 */
export function digestOf({ sequence, overrides }: JudgedForce): string {
  const lines = overrides.map(({ id, title, statement, isTold }) => [
    id,
    id.startsWith('vm:') ? title : '',
    statement,
    isTold,
  ]);
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
  // The same call again is the same operation (R3), though its token is used up, or just being used.
  const before = operations.list().find(({ id }) => id === input.operationId);
  if (before !== undefined) {
    requireSameCall(before, { nodeId: input.nodeId, command: 'force-maintenance' });
    return before;
  }
  const mine = beginning.get(timer) ?? new Map<OperationId, Promise<Operation>>();
  beginning.set(timer, mine);
  const known = mine.get(input.operationId);
  if (known !== undefined) return known;
  const begun = startOnce(operations, gathering, timer, input).finally(() => mine.delete(input.operationId));
  mine.set(input.operationId, begun);
  return begun;
}

/** Starts under way, of each region's timer. */
const beginning = new WeakMap<SafetyTimer, Map<OperationId, Promise<Operation>>>();

async function startOnce(
  operations: RegionOperations,
  gathering: Gathering,
  timer: SafetyTimer,
  input: CallInput<'force.start'>,
): Promise<Operation> {
  const { region } = gathering;
  const { nodeId, operationId, token, reason } = input;
  const shown = timer.require(nodeId, token);
  const row = region.row(nodeId);
  requireTyped(input.typedName, row.name, 'the node');
  const judged = await judge(gathering, nodeId);
  requireSame(judged, shown, row.name);
  requireConfirmed(judged.overrides, input);
  requireStuck(operations, nodeId);
  timer.spend(nodeId, token);
  const node = region.node(nodeId).name;
  const before = await recordOn(gathering, node);
  return operations.start(
    {
      operationId,
      nodeId,
      command: 'force-maintenance',
      decided: 'force-maintenance',
      reason,
      purpose: `forced maintenance of ${row.name}`,
      replaces: before === undefined ? undefined : asOperationId(before.id),
      judge: async () => {
        const again = await judge({ ...gathering, ownOperation: operationId }, nodeId);
        requireSame(again, shown, row.name);
        const answer = await region.readFresh();
        // What the replaced one still does was read before; what it notes meanwhile is taken over as it stands now.
        const replaced = answer.records.operations.find(({ id }) => id === before?.id);
        const here = new Set(vmsOn(answer, node));
        requireAllShown(here, again.overrides, row.name);
        const vms: readonly RecordedVm[] = [
          ...[...here].map((resource): RecordedVm => ({
            resource,
            target: null,
            effect: 'restart-elsewhere',
            isDone: false,
          })),
          // Domains outside of the cluster, each with its ticked line: ended here, and started by nobody.
          ...domainsIn(again.overrides).map((domain): RecordedVm => ({
            resource: domain,
            target: null,
            effect: 'stop',
            isDone: false,
          })),
          // Those that it had in hand when its node died run nowhere, in nobody's care: they are handed back (R31).
          ...strandedBy(replaced, answer, here),
          // Those that the maintenance before it moved away are brought home by Activate, too.
          ...(replaced?.vms ?? []).filter(({ resource, isDone }) => isDone && !here.has(resource)),
        ];
        return {
          choices: {
            ...noOperationChoices,
            isUnreachable: again.sequence === 'unreachable',
            // Of what was asked: a statement that nobody asked for confirms nothing.
            isStatedOff: again.overrides.some(
              ({ id, statement }) =>
                statement === powerOffStatementOf(node) && isTyped(input.statements, id, statement),
            ),
          },
          vms,
          // What the one before it changed is put back by this one.
          undo: replaced?.undo ?? [],
          shown: vms.map((vm) => {
            const known = answer.vms.find((one) => one.resource === vm.resource);
            return {
              ...waitingVm(vm.resource, vm.effect, vm.target),
              ...(vm.isDone ? ({ state: 'moved' } as const) : {}),
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

/** VMs of the operation that is replaced whose moves were never brought to their end. */
function strandedBy(
  replaced: OperationRecord | undefined,
  answer: ClusterAnswer,
  here: ReadonlySet<string>,
): readonly RecordedVm[] {
  return (replaced?.vms ?? [])
    .filter(({ resource, isDone }) => !isDone && !here.has(resource))
    .filter(({ resource }) => markOf(answer, resource)?.startsWith(`${moveOwner(replaced?.id ?? '')}.`) === true)
    .map(({ resource }) => ({ resource, target: null, effect: 'restart-elsewhere', isDone: false }));
}

/** Domains outside of the cluster that the dialog had a line for. */
const domainsIn = (overrides: readonly ForceOverride[]): readonly string[] =>
  overrides.flatMap(({ id }) => (id.startsWith('domain:') ? [id.slice('domain:'.length)] : []));

/** No VM is ended that had no line (R9). @throws ProblemError `plan-changed` where one came meanwhile. */
export function requireAllShown(here: ReadonlySet<string>, overrides: readonly ForceOverride[], name: string): void {
  const shown = new Set(overrides.map(({ id }) => id));
  const unseen = [...here].filter((resource) => !shown.has(`vm:${resource}`));
  if (unseen.length > 0)
    fail({
      code: 'plan-changed',
      message: `${unseen.join(', ')} came to ${name} after the force was confirmed, so nothing was begun.`,
      advice: 'Open the force dialog again: it shows what is true now, and its timer begins anew.',
    });
}

/** The record that the force takes the place of. */
async function recordOn({ region }: Gathering, node: string): Promise<OperationRecord | undefined> {
  const answer = await region.readFresh();
  return answer.records.operations.find((one) => one.node === node);
}

/** Only what stands still is forced: what goes on is brought to its own end. @throws ProblemError `node-locked`. */
export function requireStuck(operations: Pick<RegionOperations, 'list'>, nodeId: NodeId): void {
  const one = operations.list().find((each) => each.nodeId === nodeId && each.state.kind !== 'ended');
  if (one === undefined || one.state.kind === 'failed' || one.state.kind === 'unattended') return;
  const by = one.state.kind === 'elsewhere' ? one.state.owner : one.owner;
  fail({
    code: 'node-locked',
    message: `Force maintenance of ${one.nodeName} was refused: ${commandWords[one.command]} by ${by} is under way on it.`,
    advice:
      'Nothing was begun. Wait until it has ended, or cancel it; where it gets stuck, Force is offered on its page.',
  });
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
export function requireConfirmed(
  overrides: readonly ForceOverride[],
  input: Pick<CallInput<'force.start'>, 'ticked' | 'statements'>,
): void {
  const ticked = new Set(input.ticked);
  for (const { id, title, statement, isTold } of overrides) {
    const isGiven = isTold || (statement === null ? ticked.has(id) : isTyped(input.statements, id, statement));
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

/** Typed for its own line; what every object has is not typed. */
function isTyped(statements: Readonly<Record<string, string>>, id: string, statement: string): boolean {
  return Object.hasOwn(statements, id) && isSame(statements[id] ?? '', statement);
}

const isSame = (typed: string, statement: string): boolean =>
  typed.trim().normalize('NFC') === statement.trim().normalize('NFC');
