import type { CallInput } from '#shared/contract/contract.ts';
import { fail } from '#shared/problems.ts';
import { nodePath } from '../cluster/writes/configuration.ts';
import { identityRecord, onNode, stillOnNode } from '../cluster/writes/records.ts';
import { recordedHostKey, whyFrozen, type FullIdentity } from '../region/node-identity.ts';
import type { RegionNode } from '../region/region-node.ts';
import { requireTyped, requireWritable, standing, write, type SmallChanges } from './names-and-tags.ts';
import { memberOf } from './steps/on-node.ts';

/**
 * Takes the machine that answers under a frozen node's name for the node (R12), for everybody: only the one that the freeze names, as it
 * answers now, and only in words that a person typed. Whether its host key is trusted stays the question of the known hosts.
 * @throws ProblemError `not-available`, `name-mismatch`, `changed-meanwhile`, and whatever the way there or the write throws.
 */
export async function acceptIdentity(changes: SmallChanges, input: CallInput<'nodes.acceptIdentity'>): Promise<null> {
  const { region } = changes;
  const { nodeId, typedName } = input;
  requireFrozen(region.node(nodeId));
  requireWritable(region);
  requireTyped(typedName, region.row(nodeId).name, 'the node');
  const answer = await region.readFresh();
  const frozenBecause = requireFrozen(region.node(nodeId));
  const identity = await region.whoAnswers(nodeId);
  const node = region.node(nodeId);
  requireShown(node, frozenBecause, identity);
  requireNobodyElse(region.nodes(), node, identity);
  const member = memberOf(answer, node.name);
  const { machineId, serial } = identity.system;
  const record = identityRecord({ machineId, serial, hostKey: recordedHostKey(identity.hostKey) });
  await write(changes, onNode(member, record), [
    stillOnNode(member, 'rackside-identity', standing(answer, node.name, 'rackside-identity')),
    { requires: nodePath(member) },
  ]);
  changes.onDone(`the machine with machine-id ${machineId} is ${node.name} from now on`);
  await region.takeForNode(nodeId, identity);
  return null;
}

/** Why the node is frozen. @throws ProblemError `not-available` where it is not. */
function requireFrozen({ name, observation }: RegionNode): string {
  return (
    observation.frozenBecause ??
    fail({
      code: 'not-available',
      message: `${name} is not frozen: the machine that answers under its name is the one that is known.`,
      advice: 'There is nothing to accept.',
    })
  );
}

/** Refuses whom the freeze does not name: the person has seen another machine. */
function requireShown(node: RegionNode, frozenBecause: string, identity: FullIdentity): void {
  const { name, membership, observation } = node;
  const why = (shown: Parameters<typeof whyFrozen>[3]) =>
    whyFrozen(name, membership.record, observation.firstSeen, shown);
  // A host key that differs freezes before anything else is read: then it alone is named.
  if (frozenBecause === why(identity) || frozenBecause === why({ hostKey: identity.hostKey })) return;
  const now = why(identity);
  fail({
    code: 'changed-meanwhile',
    message:
      now === null
        ? `${name} itself answers again.`
        : `Another machine answers now than the one that was shown. ${now}`,
    advice: 'Nothing was changed. Try again to reach it, and look at what is shown then.',
  });
}

/** Refuses a machine that is another node of the region already: an address leads to the wrong one. */
function requireNobodyElse(nodes: readonly RegionNode[], node: RegionNode, { system }: FullIdentity): void {
  const owner = nodes.find(
    ({ id, membership, observation }) =>
      id !== node.id &&
      membership.kind === 'member' &&
      (membership.record.machineId ?? observation.firstSeen.machineId) === system.machineId,
  );
  if (owner === undefined) return;
  fail({
    code: 'not-available',
    message: `The machine that answers under the name ${node.name} is ${owner.name}: the address of ${node.name} leads to it.`,
    advice: `Mend the address of ${node.name}. A machine can be one node only.`,
  });
}
