import { problemOf } from '#shared/problems.ts';
import { readFencing } from '../../cluster/pacemaker/read/fencing.ts';
import type { FencingProof, NodeInRegion } from '../../lifecycle/preflight/facts.ts';
import type { RegionAccess } from '../../region/region-access.ts';
import { controlOf } from '../channels.ts';

const deadlineMs = 45_000;

/** Which fencing devices there are, whether each one's monitor succeeds, and whether it lists the node; what was not told is unknown. */
export async function fencingProofs(
  region: RegionAccess,
  { configuration, node }: Pick<NodeInRegion, 'configuration' | 'node'>,
): Promise<readonly FencingProof[]> {
  try {
    return await readFencing(controlOf(region), node, { deadlineMs });
  } catch (error) {
    if (problemOf(error) === undefined) throw error;
    return configuration.fencingDevices.map(({ resource }) => ({
      device: resource,
      monitor: 'unknown',
      lists: 'unknown',
    }));
  }
}
