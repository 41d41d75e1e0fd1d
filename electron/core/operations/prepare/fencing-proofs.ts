import type { FencingProof, NodeInRegion } from '../../lifecycle/preflight/facts.ts';
import type { RegionAccess } from '../../region/region-access.ts';

/** Which fencing devices there are, whether each one's monitor succeeds, and whether it lists the node. */
export function fencingProofs(
  _region: RegionAccess,
  { configuration }: Pick<NodeInRegion, 'answer' | 'configuration' | 'node'>,
): Promise<readonly FencingProof[]> {
  return Promise.resolve(
    configuration.fencingDevices.map(({ resource }) => ({ device: resource, monitor: 'unknown', lists: 'unknown' })),
  );
}
