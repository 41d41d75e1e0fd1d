import type { ReactElement } from 'react';
import { currentProfile, useRegions } from '../state/regions.ts';
import { RegionName } from '../ui/region-name.tsx';

/** Which region a dialog of the window is opened over, with the label of a demo: the wrong one is the costliest mistake. */
export function CurrentRegion(): ReactElement | null {
  const region = useRegions(currentProfile);
  return region ? <RegionName region={region} /> : null;
}
