import type { ClusterResource } from '#shared/model/cluster.ts';

/** The cluster's resources once these VMs are where they are planned to go: what must keep apart from one of them keeps apart from it there. */
export function resourcesAfter(
  resources: readonly ClusterResource[],
  at: ReadonlyMap<string, string>,
): readonly ClusterResource[] {
  if (at.size === 0) return resources;
  return resources.map((resource) => {
    const target = at.get(resource.id);
    return target === undefined ? resource : { ...resource, nodes: [target] };
  });
}
