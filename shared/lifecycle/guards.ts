import { assertNever } from '../assert.ts';
import { enteringCommands } from '../model/operation.ts';
import type { DecisionContext, RegionContext } from './context.ts';
import { statusLabels } from './statuses.ts';
import { ago, asSentence, operationNouns } from './words.ts';

/**
 * The rules beside the status, in the order in which they are told: what holds up the whole region first, then what no change of the
 * node's status would mend. What only a look at the machines can tell (VMs, memory, fencing) is the preflight's matter.
 */
export const guardRules = [
  'region-live',
  'region-writable',
  'status-known',
  'member',
  'more-than-one-node',
  'node-is-itself',
  'no-operation',
  'no-other-operation',
  'no-mass-failure',
] as const;
export type GuardRule = (typeof guardRules)[number];

/** Each rule in few words, for the documents. */
export const guardTitles: Readonly<Record<GuardRule, string>> = {
  'region-live': 'the cluster answers this laptop',
  'region-writable': 'the versions of the region are tested ones',
  'status-known': 'the cluster is quorate and its status was read',
  member: 'it is a member of the cluster',
  'more-than-one-node': 'the cluster has more than one node',
  'node-is-itself': 'the machine that answers is the node (R12)',
  'no-operation': 'no operation is recorded on it (R20)',
  'no-other-operation': 'no operation but a maintenance, forced or not, is recorded on it (R20)',
  'no-mass-failure': 'nodes did not just fail together, or a person lifted the brake (R14)',
};

/** Why a rule does not hold, and what would make it hold; sentences. */
export interface Objection {
  readonly because: string;
  readonly until: string;
}

/** Whether the rule holds here: `undefined`, or what is against it. Pure. */
export function objection(rule: GuardRule, context: DecisionContext): Objection | undefined {
  const { region, name } = context;
  switch (rule) {
    case 'region-live':
      return notLive(region);
    case 'region-writable':
      if (region.readOnlyBecause === null) return undefined;
      return {
        because: `${region.regionName} is open for reading only: ${asRest(region.readOnlyBecause)}`,
        until: 'Available when that is over. Everything can still be looked at.',
      };
    case 'status-known':
      return notKnown(context);
    case 'member':
      if (context.isMember) return undefined;
      return {
        because: `${name} is ${statusLabels[context.status]}, and not a member of the cluster.`,
        until: 'Available once it is a member.',
      };
    case 'more-than-one-node':
      if (region.memberCount > 1) return undefined;
      return {
        because: `${region.regionName} has one node only. Single-node clusters do not support this.`,
        until: 'Available when the cluster has more than one node.',
      };
    case 'node-is-itself':
      if (context.frozenBecause === null) return undefined;
      return {
        because: `${name} is frozen: ${asRest(context.frozenBecause)}`,
        until:
          'Available when the node itself answers again, or once a person has said on its page that it is the same node.',
      };
    case 'no-operation':
      return context.operation === null ? undefined : recorded(context.operation, context);
    case 'no-other-operation':
      // Forcing is what a maintenance that is stuck may end in, and a force whose fencing failed: then with one more statement.
      if (context.operation === null || enteringCommands.has(context.operation.command)) return undefined;
      return recorded(context.operation, context);
    case 'no-mass-failure':
      return braked(region);
    default:
      return assertNever(rule);
  }
}

/** What holds up going on with something, as it holds up its beginning: not the status, which is that of a node under way. */
function notLive({ connection, regionName, now }: RegionContext): Objection | undefined {
  const until = 'Available when the cluster answers again.';
  switch (connection.kind) {
    case 'live':
      return undefined;
    case 'closed':
      return { because: `${regionName} is not open on this laptop.`, until: 'Available once it is open.' };
    case 'connecting':
      return { because: `${regionName} is being reached through ${connection.to}, and has not answered yet.`, until };
    case 'offline':
      // A control node answers, and what it tells is not to be believed.
      if (connection.problem.code === 'no-quorum')
        return {
          because: `${regionName} has no quorum: ${asRest(connection.problem.message)}`,
          until: 'Available when the cluster has quorum again.',
        };
      return { because: `${regionName} does not answer; it went offline ${ago(connection.since, now)}.`, until };
    default:
      return assertNever(connection);
  }
}

function notKnown({ region, name, status, unknownBecause }: DecisionContext): Objection | undefined {
  if (unknownBecause === null && region.isQuorate) return undefined;
  const because = unknownBecause ?? `${region.regionName} has no quorum`;
  return {
    because: `The status of ${name} is not known now, last ${statusLabels[status]}: ${asRest(because)}`,
    until: 'Available when a quorate cluster has told its status again.',
  };
}

function recorded(operation: NonNullable<DecisionContext['operation']>, { name, region }: DecisionContext): Objection {
  const noun = operationNouns[operation.command];
  return {
    because: `${noun} is under way on ${name}, by ${operation.owner}, begun ${ago(operation.startedAt, region.now)}.`,
    until: 'Available when that operation has ended; its page under Operations says how it stands.',
  };
}

function braked({ brake, now }: RegionContext): Objection | undefined {
  if (brake === null || (brake.liftedUntil !== null && now < brake.liftedUntil)) return undefined;
  return {
    because: asSentence(brake.words),
    until:
      'Available when all of them have been Active for 10 minutes, or for 10 minutes once a person has lifted the brake.',
  };
}

/** The rest of a sentence after a colon. */
const asRest = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
