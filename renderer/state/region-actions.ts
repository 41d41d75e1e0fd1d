import type { ImportedHost, NewRegion } from '#shared/contract/regions.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import { activeClient, readRegions } from './session.ts';

/** Adds a region to this laptop; it is not opened by that. @throws ProblemError `invalid-input`, `region-name-taken` */
export async function addRegion(region: NewRegion): Promise<RegionProfile> {
  const profile = await activeClient().call('regions.add', region);
  // The event says the same, but may come after the answer; whoever shows the region next needs it in the list.
  await readRegions();
  return profile;
}

/** Changes a region; an open one is opened anew. @throws ProblemError `invalid-input`, `region-name-taken` */
export async function updateRegion(regionId: RegionId, region: NewRegion): Promise<RegionProfile> {
  const profile = await activeClient().call('regions.update', { regionId, region });
  await readRegions();
  return profile;
}

/** Forgets a region on this laptop. @throws ProblemError */
export async function removeRegion(regionId: RegionId): Promise<void> {
  await activeClient().call('regions.remove', { regionId });
  await readRegions();
}

/** What `~/.ssh/config` says of a host. @throws ProblemError `ssh-config-unreadable`, `invalid-input` */
export function importHost(host: string): Promise<ImportedHost> {
  return activeClient().call('regions.importHost', { host });
}
