import type { ClusterAnswer } from '../model/cluster.ts';

/**
 * Why an answer is not to be believed about any node, itself included; `undefined` where it is. Only a quorate partition with an
 * elected coordinator knows how the others are: a node that was cut off sees itself and everybody else as unclean and offline.
 */
export function whyNotBelieved(answer: Pick<ClusterAnswer, 'quorum' | 'dc'>): string | undefined {
  const { isQuorate, votes, expectedVotes, neededVotes } = answer.quorum;
  if (isElecting(answer)) return 'the cluster is electing its coordinator';
  if (isQuorate) return undefined;
  if (votes === null || expectedVotes === null) return 'no quorum';
  const needed = neededVotes === null || votes < neededVotes ? '' : ', waiting for all';
  return `no quorum: ${votes} of ${expectedVotes} ${expectedVotes === 1 ? 'vote' : 'votes'}${needed}`;
}

/** True where only an answer of a quorate partition is: see `whyNotBelieved`. */
export function isBelievable(answer: Pick<ClusterAnswer, 'quorum' | 'dc'>): boolean {
  return whyNotBelieved(answer) === undefined;
}

/**
 * No coordinator (DC) yet, and nobody denies quorum: the first 21 s of a new cluster, and a moment after a coordinator was lost.
 * Where corosync was not asked (no figures), nothing denies it.
 */
export function isElecting(answer: Pick<ClusterAnswer, 'quorum' | 'dc'>): boolean {
  return answer.dc === null && (answer.quorum.isQuorate || answer.quorum.votes === null);
}
