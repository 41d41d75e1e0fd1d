import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { useRegions } from '../../state/regions.ts';
import { RegionName } from '../../ui/region-name.tsx';

/** The region a dialog is about, with its colour: the wrong one is the costliest misclick. */
export function AboutRegion({ regionId }: { readonly regionId: RegionId }): ReactElement | null {
  const profile = useRegions((state) => state.profiles?.find(({ id }) => id === regionId));
  return profile ? <RegionName region={profile} /> : null;
}
