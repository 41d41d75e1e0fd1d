import type { ClusterNode, ClusterResource } from '#shared/model/cluster.ts';

/**
 * Whether a Worker's connection is only being opened. `crm_mon` calls it online from the moment in which that is tried, also where its machine
 * is off; one with anything on it was there a moment ago.
 */
export function isConnecting(
  { type, isOnline, resourcesRunning }: ClusterNode,
  connection: Pick<ClusterResource, 'role'> | null | undefined,
): boolean {
  return type === 'remote' && isOnline && resourcesRunning === 0 && connection?.role === 'Starting';
}
