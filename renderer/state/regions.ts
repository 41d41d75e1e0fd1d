import { create } from 'zustand';
import type { RegionId } from '#shared/model/ids.ts';
import type { RegionProfile, RegionView } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import type { LinkState } from '../api/transport.ts';

export interface RegionsState {
  /** Every region this laptop knows; `null` until the list was read. */
  readonly profiles: readonly RegionProfile[] | null;
  /** The region that is shown. */
  readonly currentId: RegionId | null;
  /** How each region stands, as far as it was announced. */
  readonly views: Readonly<Record<RegionId, RegionView>>;
  /** Why the list of regions could not be read. */
  readonly problem: Problem | null;
  /** Between this page and the core; never lost in the desktop shell. */
  readonly link: LinkState;
}

export const useRegions = create<RegionsState>(() => ({
  profiles: null,
  currentId: null,
  views: {},
  problem: null,
  link: { kind: 'connected' },
}));

/** Keeps what the core says of a region. */
export function putRegionView(view: RegionView): void {
  useRegions.setState((state) => ({ views: { ...state.views, [view.id]: view } }));
}

/** The profile of the region that is shown. */
export const currentProfile = (state: RegionsState): RegionProfile | undefined =>
  state.profiles?.find(({ id }) => id === state.currentId);

/** How the region that is shown stands; `undefined` before the core has said so. */
export const currentView = (state: RegionsState): RegionView | undefined =>
  state.currentId === null ? undefined : state.views[state.currentId];
