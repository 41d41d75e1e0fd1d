import type { DemoFault } from '#shared/model/demo.ts';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import { useRegions } from './regions.ts';
import { activeClient, readRegions, showRegion } from './session.ts';

/** Shows the demo region, which begins with that. @throws ProblemError where it cannot be added */
export async function exploreDemo(): Promise<void> {
  const { id } = await activeClient().call('demo.add', {});
  await show(id);
}

/** Ends the demo region and shows a new one. @throws ProblemError */
export async function resetDemo(): Promise<void> {
  const { id } = await activeClient().call('demo.reset', {});
  await show(id);
}

/** Lets something go wrong in the demo region. @throws ProblemError `demo-fault-refused`, `demo-ended` */
export async function injectFault(regionId: RegionId, fault: DemoFault): Promise<void> {
  await activeClient().call('demo.inject', { regionId, fault });
}

/** What was let go wrong since the last heal; nothing where it is not known. */
export function readFaults(regionId: RegionId, signal: AbortSignal): Promise<readonly DemoFault[]> {
  return activeClient()
    .call('demo.faults', { regionId }, signal)
    .catch(() => []);
}

/** Names of the VMs that run on a node, sorted; none where they are not known. */
export async function readVms(regionId: RegionId, nodeId: NodeId, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const { domains } = await activeClient().call('nodes.detail', { regionId, nodeId }, signal);
    const names = domains.kind === 'known' ? domains.value.map(({ name }) => name) : [];
    return names.toSorted((one, other) => one.localeCompare(other, undefined, { numeric: true }));
  } catch {
    return [];
  }
}

async function show(id: RegionId): Promise<void> {
  await readRegions();
  location.hash = '#/nodes';
  // The list, which is told to every page, may have led there already.
  if (useRegions.getState().currentId !== id) await showRegion(id);
}
