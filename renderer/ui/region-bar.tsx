import type { ReactElement } from 'react';
import type { RegionColour } from '#shared/model/region.ts';

/** The region's colour beside its name, in the top bar and in every dialog: the wrong region is the costliest misclick. */
export function RegionBar({ colour }: { readonly colour: RegionColour }): ReactElement {
  return <i className={`rk-regbar rk-regbar--${colour}`} aria-hidden="true" />;
}
