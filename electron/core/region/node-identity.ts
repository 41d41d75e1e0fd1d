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

type Recorded = Pick<NodeRecord, 'machineId' | 'hostKey' | 'serial'>;

/**
 * Refuses a machine that is not the node (R12). The cluster's record says who the node is; where it says nothing, what this
 * laptop saw under that name before. Host keys that were only seen are compared within their type, because a server has one of
 * each and which of them it proves is agreed on at every login.
 *
 * @throws ProblemError `node-identity-changed`.
 */
export function requireSameMachine(name: string, record: Recorded, first: FirstSeen, shown: ShownIdentity): void {
  const expected: SeenIdentity = {
    machineId: record.machineId ?? first.machineId,
    hostKey: record.hostKey ?? (first.hostKey?.type === shown.hostKey.type ? first.hostKey.fingerprint : null),
    serial: record.serial ?? first.serial,
  };
  const check = checkIdentity(expected, {
    machineId: shown.system?.machineId ?? null,
    hostKey: shown.hostKey.fingerprint,
    serial: shown.system?.serial ?? null,
  });
  if (check.kind === 'frozen') fail(identityProblem(`${name} is frozen: ${check.because}.`));
}

/** The problem of a node under whose name another machine answers; `message` says what differs. */
export function identityProblem(message: string): Problem {
  return {
    code: 'node-identity-changed',
    message,
    advice:
      'Look whose address this is, mend the address or the name, and try again. If the machine was replaced on purpose, remove the region from this laptop and add it again: then the new one is taken for the node.',
  };
}

/** What is known of the node's identity after this look: what was seen first stays, what was missing is added. Pure. */
export function withSeen(first: FirstSeen, shown: ShownIdentity): FirstSeen {
  return {
    machineId: first.machineId ?? shown.system?.machineId ?? null,
    hostKey: first.hostKey ?? shown.hostKey,
    serial: first.serial ?? shown.system?.serial ?? null,
  };
}
