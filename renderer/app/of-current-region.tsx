import type { ReactElement, ReactNode } from 'react';
import { regionWords } from '#shared/model/region-words.ts';
import { currentProfile, useRegions } from '../state/regions.ts';
import { CopiedFrom } from '../ui/copied-from.ts';

/** What is about the region that is shown: copied from a demo, it says first that it is of one. */
export function OfCurrentRegion({ children }: { readonly children: ReactNode }): ReactElement {
  const label = useRegions((state) => {
    const region = currentProfile(state);
    return region === undefined || region.demoLabel === null ? '' : regionWords(region);
  });
  return <CopiedFrom value={label}>{children}</CopiedFrom>;
}
