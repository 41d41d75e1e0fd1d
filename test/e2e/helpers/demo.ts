import { regionId } from '#shared/model/ids.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import type { Scenario } from './bridge.ts';
import { frankfurtNodes } from './frankfurt.ts';
import { frankfurt, liveView, snapshot } from './region.ts';
import { firstRun, scenario } from './scenarios.ts';

export const demoRegion: RegionProfile = {
  ...frankfurt,
  id: regionId('demo-1'),
  name: 'Demo region',
  colour: 'teal',
  seeds: [{ host: '10.77.0.11', port: 22 }],
  demoLabel: 'Demo',
};

/** The demo region, open, and Frankfurt beside it; its tour was seen. */
export function demoOpen(now: number, changes: Partial<RegionProfile> = {}): Scenario {
  const profile = { ...demoRegion, ...changes };
  return scenario(
    [
      snapshot(liveView(profile, now), frankfurtNodes(now, 48), now),
      snapshot(liveView(frankfurt, now), frankfurtNodes(now, 30), now),
    ],
    { profiles: [profile, frankfurt], views: { 'demo-tour': 'seen' } },
  );
}

/** The first run, whose first door leads to a demo region that is there at once. */
export function firstRunWithDemo(now: number): Scenario {
  return {
    ...firstRun(),
    snapshots: { [demoRegion.id]: snapshot(liveView(demoRegion, now), frankfurtNodes(now, 48), now) },
    answers: { 'demo.add': demoRegion },
    profilesAfter: { call: 'demo.add', profiles: [demoRegion] },
  };
}
