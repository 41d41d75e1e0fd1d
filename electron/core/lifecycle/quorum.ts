import type { QuorumView } from '#shared/model/cluster.ts';

/** What corosync counts with. Workers are no part of it: they do not vote. */
export interface Votes {
  /** `corosync-quorumtool -s`. */
  readonly view: QuorumView;
  /** Control nodes of the configuration, those that are off included. */
  readonly controls: number;
  /** Control nodes that the cluster calls online, the one that is judged included. */
  readonly online: number;
}

/** Quorum after a step, by votequorum(5). `cautions`: it holds, and only as long as something else does. */
export type QuorumAfter =
  | {
      readonly kind: 'holds';
      readonly votes: number;
      readonly expected: number;
      readonly needed: number;
      readonly cautions: readonly string[];
    }
  | {
      readonly kind: 'lost';
      readonly votes: number;
      readonly expected: number;
      readonly needed: number;
      readonly because: string;
    }
  | { readonly kind: 'unknown'; readonly because: string };

interface Counted {
  readonly votes: number;
  readonly expected: number;
  readonly needed: number;
  /** Votes of the quorum device. */
  readonly device: number;
  readonly has: (flag: string) => boolean;
}

const majority = (expected: number): number => Math.floor(expected / 2) + 1;

/** The figures, where every control has one vote and they add up; else why nothing can be computed. */
function count({ view, controls, online }: Votes): Counted | string {
  const { votes, expectedVotes, neededVotes, flags } = view;
  if (votes === null || expectedVotes === null || neededVotes === null) return 'corosync did not tell its votes';
  if (!view.isQuorate) return 'the cluster has no quorum now';
  const has = (flag: string): boolean => flags.includes(flag);
  const device = has('Qdevice') ? expectedVotes - controls : 0;
  // LastManStanding lowers what is expected while nodes are away; AllowDownscale when they leave.
  const shrinks = has('LastManStanding') || has('AllowDownscale');
  const isOneEach = has('Qdevice') ? device >= 0 : shrinks ? expectedVotes <= controls : expectedVotes === controls;
  if (!isOneEach)
    return `corosync expects ${expectedVotes} votes of ${controls} control nodes: how many each has is not known`;
  if (votes > controls + device || online > controls) return 'the votes are more than the control nodes have';
  return { votes, expected: expectedVotes, needed: neededVotes, device, has };
}

function judge(
  counted: Pick<Counted, 'device' | 'has'>,
  votes: number,
  expected: number,
  needed: number,
  cautions: readonly string[],
): QuorumAfter {
  const { device, has } = counted;
  if (votes < needed) {
    if (has('AutoTieBreaker') && votes * 2 === expected)
      return {
        kind: 'unknown',
        because: 'half of the votes would be left: the tie breaker decides which half goes on',
      };
    if (has('LastManStanding') && has('AutoTieBreaker'))
      return { kind: 'unknown', because: 'last_man_standing decides by time: when it counts anew is not known' };
    return {
      kind: 'lost',
      votes,
      expected,
      needed,
      because: `${votes} of ${expected} ${expected === 1 ? 'vote' : 'votes'} would be left, ${needed} ${needed === 1 ? 'is' : 'are'} needed`,
    };
  }
  const onDevice = device > 0 && votes - device < needed ? ['it holds only as long as the quorum device answers'] : [];
  return { kind: 'holds', votes, expected, needed, cautions: [...cautions, ...onDevice] };
}

const waits = (has: (flag: string) => boolean, left: number): readonly string[] =>
  has('WaitForAll') && left === 1
    ? ['should the last control node restart meanwhile, it waits for the other (wait_for_all)']
    : [];

/**
 * Quorum once a node is powered off or its cluster services are stopped (R15). A node in standby still votes: emptiness changes nothing.
 *
 * @param isOnline the cluster calls it online now.
 */
export function quorumAfterOff(
  node: { readonly isControl: boolean; readonly isOnline: boolean },
  facts: Votes,
): QuorumAfter {
  const counted = count(facts);
  if (typeof counted === 'string') return { kind: 'unknown', because: counted };
  const { votes, expected, needed, device, has } = counted;
  if (!node.isControl) return { kind: 'holds', votes, expected, needed, cautions: [] };
  const others = facts.online - (node.isOnline ? 1 : 0);
  // Pacemaker may be stopped on a node whose corosync still votes: then its vote goes with it all the same.
  const isVoting = node.isOnline || votes - device > others;
  const left = isVoting ? votes - 1 : votes;
  return judge(counted, left, expected, needed, waits(has, left - device));
}

/**
 * Quorum once a node is removed from corosync.conf, as `pcs cluster node remove` writes it: one less is expected, `two_node` comes with
 * two control nodes (unless a tie breaker or a device is there) and goes with one.
 */
export function quorumAfterRemoval(
  node: { readonly isControl: boolean; readonly isOnline: boolean },
  facts: Votes,
): QuorumAfter {
  const counted = count(facts);
  if (typeof counted === 'string') return { kind: 'unknown', because: counted };
  const { votes, expected, needed, device, has } = counted;
  if (!node.isControl) return { kind: 'holds', votes, expected, needed, cautions: [] };
  const controls = facts.controls - 1;
  if (controls === 0) return { kind: 'lost', votes: 0, expected: 0, needed: 1, because: 'it is the last control node' };
  const others = facts.online - (node.isOnline ? 1 : 0);
  const isVoting = node.isOnline || votes - device > others;
  const left = votes - device - (isVoting ? 1 : 0);
  if (device > 0) return afterRemovalWithDevice(counted, facts.controls, left);
  const isPair = controls === 2 && !has('AutoTieBreaker');
  const after = has('LastManStanding') ? Math.min(controls, expected) : controls;
  return judge(counted, left, after, isPair ? 1 : majority(after), isPair ? waits(() => true, left) : []);
}

/** A device votes once (ffsplit), or once less than there are nodes (lms): where both are possible, both have to hold. */
function afterRemovalWithDevice(counted: Counted, controls: number, left: number): QuorumAfter {
  const { device } = counted;
  const possible = new Set([...(device === 1 ? [1] : []), ...(device === controls - 1 ? [controls - 2] : [])]);
  if (possible.size === 0)
    return { kind: 'unknown', because: `the quorum device has ${device} votes: how many it will have is not known` };
  const answers = [...possible].map((votes) => {
    const expected = controls - 1 + votes;
    return judge({ ...counted, device: votes }, left + votes, expected, majority(expected), []);
  });
  const [first] = answers;
  if (first === undefined || new Set(answers.map(({ kind }) => kind)).size > 1)
    return { kind: 'unknown', because: "it depends on the quorum device's algorithm, which is not known" };
  return answers.find((answer) => answer.kind === 'holds' && answer.cautions.length > 0) ?? first;
}

/** Quorum while a node joins as control: it is expected from the moment it is in corosync.conf, and votes only once it has started. */
export function quorumAfterJoin(facts: Votes): QuorumAfter {
  const counted = count(facts);
  if (typeof counted === 'string') return { kind: 'unknown', because: counted };
  const { votes, device, has } = counted;
  if (device > 0 && device === facts.controls - 1 && device !== 1)
    return { kind: 'unknown', because: "the quorum device's votes change with the number of nodes" };
  const controls = facts.controls + 1;
  const expected = (has('LastManStanding') ? Math.min(counted.expected, facts.controls) : facts.controls) + 1 + device;
  const isPair = controls === 2 && device === 0 && !has('AutoTieBreaker');
  return judge(counted, votes, expected, isPair ? 1 : majority(expected), []);
}
