import type { QuorumView } from '#shared/model/cluster.ts';

/**
 * Parses `corosync-quorumtool -s`, or `undefined` where it told nothing (no root, a Worker, corosync stopped). Its exit status is no
 * error: 2 says "not quorate". Figures that this version does not print are `null`.
 */
export function parseQuorumtool(text: string): QuorumView | undefined {
  const field = (name: string): string | undefined => new RegExp(`^${name}:[ \\t]*(.*)$`, 'mu').exec(text)?.[1]?.trim();
  const quorate = field('Quorate');
  if (quorate === undefined) return undefined;
  const figure = (name: string): number | null => {
    // `Quorum:           2 Activity blocked`
    const digits = /^\d+/u.exec(field(name) ?? '')?.[0];
    return digits === undefined ? null : Number(digits);
  };
  return {
    isQuorate: quorate === 'Yes',
    votes: figure('Total votes'),
    expectedVotes: figure('Expected votes'),
    neededVotes: figure('Quorum'),
    flags: (field('Flags') ?? '').split(/\s+/u).filter((flag) => flag !== ''),
  };
}
