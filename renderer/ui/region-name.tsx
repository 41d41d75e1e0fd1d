import type { ReactElement } from 'react';
import type { RegionProfile } from '#shared/model/region.ts';
import { RegionBar } from './region-bar.tsx';

/** What names a region; a profile and a view have it. */
export type NamedRegion = Pick<RegionProfile, 'name' | 'colour' | 'demoLabel'>;

/** A region's name wherever one is shown: after its colour, before the label of a demo. `otherwise`: what is said of one that is gone. */
export function RegionName(props: {
  readonly region: NamedRegion | undefined;
  readonly otherwise?: string;
}): ReactElement {
  const { region, otherwise = 'the region' } = props;
  return (
    <span className="rk-region__name">
      <RegionBar colour={region?.colour ?? 'violet'} /> {region?.name ?? otherwise}
      <DemoLabel region={region} />
    </span>
  );
}

/** That nothing in this region is real; nothing where it is. */
function DemoLabel({ region }: { readonly region: NamedRegion | undefined }): ReactElement | null {
  if (region === undefined || region.demoLabel === null) return null;
  return <span className="rk-tag">{region.demoLabel}</span>;
}
