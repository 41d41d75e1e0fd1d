import type { NodeRecord } from '#shared/model/cluster.ts';
import type { SystemFacts } from '#shared/model/hardware.ts';
import { fail, type Problem, type ShownHostKey } from '#shared/problems.ts';
import { checkIdentity, type SeenIdentity } from '../lifecycle/identity.ts';

/** Who a node is as this laptop first saw it under that name; `null` where it was never read. */
export interface FirstSeen {
  readonly machineId: string | null;
  readonly hostKey: ShownHostKey | null;
  readonly serial: string | null;
}

/** What the machine that answers now shows; `system` is missing until that was read. */
export interface ShownIdentity {
  readonly hostKey: ShownHostKey;
  readonly system?: Pick<SystemFacts, 'machineId' | 'serial'> | undefined;
}

/** Who answers, read in full: what a person may take for the node. */
export interface FullIdentity {
  readonly hostKey: ShownHostKey;
  readonly system: Pick<SystemFacts, 'machineId' | 'serial'>;
}

type Recorded = Pick<NodeRecord, 'machineId' | 'hostKey' | 'serial'>;

/** The host key as a node's record names it: with its type, so that another type of the same machine's contradicts nothing. */
export const recordedHostKey = ({ type, fingerprint }: ShownHostKey): string => `${type} ${fingerprint}`;

/** What the record says of a key of this type; `null`: nothing. A record without a type is of every type. */
function recordedFor(hostKey: string | null, shown: ShownHostKey): string | null {
  const [first, second] = hostKey?.split(' ') ?? [];
  if (second === undefined) return first ?? null;
  return first === shown.type ? second : null;
}

/**
 * Refuses a machine that is not the node (R12). The cluster's record says who the node is; where it says nothing, what this
 * laptop saw under that name before; what it saw of a machine that the record does not mean any more says nothing. Host keys are
 * compared within their type, because a server has one of each and which of them it proves is agreed on at every login.
 *
 * @throws ProblemError `node-identity-changed`.
 */
export function requireSameMachine(name: string, record: Recorded, first: FirstSeen, shown: ShownIdentity): void {
  const because = whyFrozen(name, record, first, shown);
  if (because !== null) fail(identityProblem(because));
}

const nobody: FirstSeen = { machineId: null, hostKey: null, serial: null };

/** Why the node is frozen where this machine answers under its name, in words; `null`: it is the node, as far as it shows. Pure. */
export function whyFrozen(name: string, record: Recorded, seen: FirstSeen, shown: ShownIdentity): string | null {
  // Somebody took another machine for the node since: what this laptop saw before is of the old one.
  const isOfAnother = record.machineId !== null && seen.machineId !== null && record.machineId !== seen.machineId;
  const first = isOfAnother ? nobody : seen;
  const expected: SeenIdentity = {
    machineId: record.machineId ?? first.machineId,
    hostKey:
      recordedFor(record.hostKey, shown.hostKey) ??
      (first.hostKey?.type === shown.hostKey.type ? first.hostKey.fingerprint : null),
    serial: record.serial ?? first.serial,
  };
  const check = checkIdentity(expected, {
    machineId: shown.system?.machineId ?? null,
    hostKey: shown.hostKey.fingerprint,
    serial: shown.system?.serial ?? null,
  });
  return check.kind === 'frozen' ? `${name} is frozen: ${check.because}.` : null;
}

/** The problem of a node under whose name another machine answers; `message` says what differs. */
export function identityProblem(message: string): Problem {
  return {
    code: 'node-identity-changed',
    message,
    advice:
      'Look whose address this is, mend the address or the name, and try again. If the machine was replaced on purpose, accept it as the node.',
  };
}

/**
 * What is known of the node's identity after this look: what was seen first stays, what was missing is added. A machine that was taken
 * for the node in the cluster's record takes the old one's place. Pure.
 */
export function withSeen(seen: FirstSeen, shown: ShownIdentity): FirstSeen {
  const isAnother = shown.system !== undefined && seen.machineId !== null && shown.system.machineId !== seen.machineId;
  const first = isAnother ? nobody : seen;
  return {
    machineId: first.machineId ?? shown.system?.machineId ?? null,
    hostKey: first.hostKey ?? shown.hostKey,
    serial: first.serial ?? shown.system?.serial ?? null,
  };
}
