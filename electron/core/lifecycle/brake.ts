import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import type { Brake } from '#shared/model/region.ts';

/** Nodes that leave Active within this time of each other leave it at once (R14). */
const togetherMs = 60_000;
/** All of them back in Active for this long: it is over. */
const calmMs = 600_000;
/** A person's override holds this long. */
const liftedMs = 600_000;

/** A member as the brake sees it. */
export interface BrakeNode {
  readonly name: string;
  readonly status: NodeStatus;
  /** No quorate answer tells it now: nothing is concluded from a node that nobody sees (R22). */
  readonly isUnknown: boolean;
  /** An operation is recorded on it, or who put it in maintenance is: it leaves because somebody wanted it to. */
  readonly hasOperation: boolean;
  /** What the machine itself told of libvirt and its data pools; `failed`: that is why it is Failed. */
  readonly hostSays: 'unread' | 'well' | 'failed';
}

/** A brake that holds; plain data, which outlives the process. */
export interface PulledBrake {
  readonly since: number;
  readonly nodes: readonly string[];
  /** UTC ms since when all of them are Active again; `null`: they are not. */
  readonly calmSince: number | null;
  readonly liftedUntil: number | null;
}

/** What has to be kept between two steps; plain data. */
export interface BrakeMemory {
  /** Nodes that were Active when last seen. */
  readonly active: readonly string[];
  /** Those of them that were read themselves, and were well. */
  readonly well: readonly string[];
  /** Who left without an operation, and when it was seen (UTC ms). */
  readonly left: readonly { readonly name: string; readonly at: number }[];
  readonly pulled: PulledBrake | null;
}

export const emptyBrakeMemory: BrakeMemory = { active: [], well: [], left: [], pulled: null };

/** How many have to leave at once in a region of so many members: two, or a fifth, whichever is more. */
export function brakeThreshold(members: number): number {
  return Math.max(2, Math.ceil(members / 5));
}

/**
 * The brake after these rows were seen (R14): pulled once enough nodes have left Active within a minute by no recorded operation, and held
 * until all of them have been Active for ten minutes. Whoever was never seen Active cannot leave it: a node that the cluster calls online
 * and that had not been read yet does not leave Active by its first reading. Pure.
 *
 * @param nodes every member of the cluster.
 * @param now UTC ms.
 */
export function brakeStep(
  before: BrakeMemory,
  nodes: readonly BrakeNode[],
  now: number,
): { readonly memory: BrakeMemory; readonly brake: Brake | null } {
  const seen = nodes.filter(({ isUnknown }) => !isUnknown);
  const wasActive = new Set(before.active);
  const wasWell = new Set(before.well);
  const leaving = seen.filter(
    ({ name, status, hasOperation, hostSays }) =>
      wasActive.has(name) && status !== 'active' && !hasOperation && (hostSays !== 'failed' || wasWell.has(name)),
  );
  const left = [...before.left, ...leaving.map(({ name }) => ({ name, at: now }))].filter(
    // A clock that was set back must not keep an old departure for ever.
    ({ at }) => now - at <= togetherMs && at <= now,
  );
  const unseen = new Set(nodes.filter(({ isUnknown }) => isUnknown).map(({ name }) => name));
  const nowActive = seen.filter(({ status }) => status === 'active');
  const active = [...nowActive.map(({ name }) => name), ...before.active.filter((name) => unseen.has(name))];
  const isWell = ({ name, hostSays }: BrakeNode): boolean =>
    hostSays === 'well' || (hostSays === 'unread' && wasWell.has(name));
  const well = [...nowActive.filter(isWell).map(({ name }) => name), ...before.well.filter((name) => unseen.has(name))];
  const gone = [...new Set(left.map(({ name }) => name))];
  const pulled = nextPulled(before.pulled, gone, brakeThreshold(nodes.length), nodes, now);
  return { memory: { active, well, left, pulled }, brake: pulled === null ? null : brakeOf(pulled) };
}

function nextPulled(
  before: PulledBrake | null,
  gone: readonly string[],
  threshold: number,
  nodes: readonly BrakeNode[],
  now: number,
): PulledBrake | null {
  const isEnough = gone.length >= threshold;
  if (before === null)
    return isEnough ? { since: now, nodes: gone.toSorted(), calmSince: null, liftedUntil: null } : null;
  const names = [...new Set([...before.nodes, ...gone])].toSorted();
  const isMore = isEnough && names.length > before.nodes.length;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  // One that is no member any more, or that somebody now works on, cannot come back by itself: it holds nothing up.
  const isBack = names.every((name) => {
    const node = byName.get(name);
    return node === undefined || (!node.isUnknown && (node.status === 'active' || node.hasOperation));
  });
  const calmSince = isBack ? (before.calmSince ?? now) : null;
  if (calmSince !== null && now - calmSince >= calmMs) return null;
  const wasLifted = before.liftedUntil !== null && before.liftedUntil > now && !isMore;
  const liftedUntil = wasLifted ? before.liftedUntil : null;
  // The same object while it says the same, so that it is written to the disk once.
  const isSame =
    names.length === before.nodes.length && calmSince === before.calmSince && liftedUntil === before.liftedUntil;
  return isSame ? before : { since: before.since, nodes: names, calmSince, liftedUntil };
}

/** The brake as a person is told of it. */
export function brakeOf({ since, nodes, liftedUntil }: PulledBrake): Brake {
  const names = nodes.length <= 4 ? nodes.join(', ') : `${nodes.slice(0, 3).join(', ')} and ${nodes.length - 3} more`;
  const words = `${nodes.length} nodes left Active at once without an operation: ${names}. Destructive actions are off.`;
  return { since, nodes, words, liftedUntil };
}

/** A person lifts it, by the region's name, for ten minutes. More nodes that leave meanwhile pull it again. */
export function liftBrake(memory: BrakeMemory, now: number): BrakeMemory {
  return memory.pulled === null ? memory : { ...memory, pulled: { ...memory.pulled, liftedUntil: now + liftedMs } };
}
