import type { CallInput } from '#shared/contract/contract.ts';
import { noOperationChoices, type RecordedVm } from '#shared/model/cluster.ts';
import type { PreparedRemoval } from '#shared/model/maintenance.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import type { RemovalFacts } from '../lifecycle/preflight/facts.ts';
import { removalPreflight } from '../lifecycle/preflight/removal.ts';
import { requireAvailable } from './begin.ts';
import { gatherRemoval, type Gathering } from './prepare/gather.ts';
import { removalWouldRun } from './prepare/would-run-return.ts';
import type { RegionOperations } from './operations-of-region.ts';
import { requireSamePlan } from './start-maintenance.ts';
import { outIdentity } from './steps/mark-out.ts';

/** What a person stated, as it is kept in the operation’s reason for everybody to read. */
const statedWords = (statement: string): string => `stated: “${statement}”`;

/** Preflight of a removal, read now. Changes nothing. @throws ProblemError `not-available` and what the reads throw. */
export async function prepareRemoval(gathering: Gathering, nodeId: NodeId): Promise<PreparedRemoval> {
  requireAvailable(gathering.region, nodeId, 'remove', gathering.now());
  return (await judge(gathering, nodeId)).judged;
}

async function judge(
  gathering: Gathering,
  nodeId: NodeId,
): Promise<{ readonly judged: PreparedRemoval; readonly facts: RemovalFacts }> {
  const facts = await gatherRemoval(gathering, nodeId);
  const judged = removalPreflight(facts);
  const identity = outIdentity(gathering.region, facts.answer, facts.node, 'USER', facts.now);
  return { judged: { ...judged, wouldRun: removalWouldRun(judged, facts, identity) }, facts };
}

/**
 * Begins a removal; everything is judged again while the admission is held.
 * @throws ProblemError `name-mismatch`, `statement-missing`, `preflight-failed`, `plan-changed`, and what `RegionOperations.start` throws.
 */
export async function startRemoval(
  operations: RegionOperations,
  gathering: Gathering,
  input: CallInput<'removal.start'>,
): Promise<Operation> {
  const { operationId, nodeId, digest, reason } = input;
  const row = gathering.region.rows().find(({ id }) => id === nodeId);
  // The same call again, after the node has left: it is the operation that is asked for (R3).
  const name = row?.name ?? input.typedName;
  requireName(input.typedName, name);
  const statements = [input.poolStatement, input.powerOffStatement].map((text) => text.trim()).filter(Boolean);
  return operations.start(
    {
      operationId,
      nodeId,
      command: 'remove',
      decided: 'remove',
      reason: [reason, ...statements.map((text) => statedWords(text.normalize('NFC')))].filter(Boolean).join('; '),
      purpose: `removal of ${name}`,
      judge: async () => {
        const { judged, facts } = await judge({ ...gathering, ownOperation: operationId }, nodeId);
        requireName(input.typedName, judged.nodeName);
        requireSamePlan(judged, digest);
        requireStatements(judged, input);
        return {
          choices: { ...noOperationChoices, isStatedOff: judged.powerOffStatement !== null },
          vms: pinnedVms(facts),
          undo: [],
          shown: [],
        };
      },
    },
    '',
  );
}

/** Spaces around it are nothing that was typed, as in the dialog. */
const isTyped = (typed: string, wanted: string): boolean =>
  typed.trim().normalize('NFC') === wanted.trim().normalize('NFC');

/** @throws ProblemError `name-mismatch`. */
export function requireName(typed: string, name: string): void {
  if (isTyped(typed, name)) return;
  fail({
    code: 'name-mismatch',
    message: `${name} was not removed: “${typed}” was typed, and its name is “${name}”.`,
    advice: 'Nothing was changed. Type its name exactly as it is shown.',
  });
}

/** @throws ProblemError `statement-missing` where one is asked for and another text was given. */
export function requireStatements(
  judged: Pick<PreparedRemoval, 'nodeName' | 'poolStatement' | 'powerOffStatement'>,
  typed: { readonly poolStatement: string; readonly powerOffStatement: string },
): void {
  const missing = (['poolStatement', 'powerOffStatement'] as const).flatMap((which) => {
    const wanted = judged[which];
    return wanted === null || isTyped(typed[which], wanted) ? [] : [`“${wanted}”`];
  });
  if (missing.length === 0) return;
  fail({
    code: 'statement-missing',
    message: `${judged.nodeName} was not removed: ${missing.join(' and ')} ${missing.length === 1 ? 'has' : 'have'} to be typed.`,
    advice: 'Nothing was changed. Type it only where you know that it is true.',
  });
}

/** VMs that its maintenance moved away: nothing happens to them, but their pins are for a way home that there is not any more. */
function pinnedVms({ answer, node }: RemovalFacts): readonly RecordedVm[] {
  const known = new Set(answer.vms.map(({ resource }) => resource));
  return (answer.records.nodes[node]?.maintenance?.movedVms ?? [])
    .filter((resource) => known.has(resource))
    .map((resource) => ({ resource, target: null, effect: 'cannot-move', isDone: false }));
}
