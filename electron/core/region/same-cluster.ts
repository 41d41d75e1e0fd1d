import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { Problem } from '#shared/problems.ts';

/**
 * Why an answer is of another cluster than the region's; `undefined` where it is of the same. The region is the cluster that
 * answered first on this laptop: its name, and at least one member at an address that was there before. A seed that was mistyped
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
  const before = new Set(known.members.map(({ name, address }) => `${name} ${address ?? ''}`));
  const isShared = answer.members.some(({ name, address }) => before.has(`${name} ${address ?? ''}`));
  if (known.clusterName === answer.clusterName && isShared) return undefined;
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
