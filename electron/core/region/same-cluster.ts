import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { Problem } from '#shared/problems.ts';

/**
 * Why an answer is of another cluster than the region's; `undefined` where it is of the same. The region is the cluster that
 * answered first on this laptop: its name, and at least one member that was there before, at no other address. A seed that was mistyped
 * or given to another cluster must not put that cluster's nodes under this region's name. Pure.
 *
 * @param known the last answer that was believed, this session's or the cache's.
 */
export function otherCluster(
  known: ClusterAnswer | undefined,
  answer: ClusterAnswer,
  host: string,
): Problem | undefined {
  if (known === undefined) return undefined;
  const before = new Map(known.members.map(({ name, address }) => [name, address]));
  // What either side could not read (corosync.conf under another login) contradicts nothing.
  const isShared = answer.members.some(({ name, address }) => {
    const was = before.get(name);
    return was !== undefined && (was === null || address === null || was === address);
  });
  const isNamedAlike =
    known.clusterName === null || answer.clusterName === null || known.clusterName === answer.clusterName;
  if (isNamedAlike && isShared) return undefined;
  return {
    code: 'not-this-region',
    message: `${host} belongs to another cluster: “${answer.clusterName ?? 'without a name'}” with ${answer.members
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ')}; this region is “${known.clusterName ?? 'without a name'}”.`,
    advice:
      'Correct the address in the region’s settings. If the cluster was built anew, remove the region here and add it again.',
  };
}
