import { expect, test } from 'vitest';
import { buildRegionView, type RegionFacts } from '../../../../electron/core/region/region-view.ts';
import { frankfurt } from '../../../e2e/helpers/region.ts';

const facts: RegionFacts = {
  profile: frankfurt,
  connection: { kind: 'closed' },
  answer: undefined,
  versions: null,
  readOnlyBecause: null,
  cadence: { fastMs: 5000, clusterMs: 5000, slowMs: 300_000 },
  headroom: null,
  brake: null,
  standingWarning: null,
  isLaptopSuspect: false,
  askedAt: () => 0,
};

test('R22: the suspicion of the laptop’s network is a field of its own, and no warning among others', () => {
  const view = (isLaptopSuspect: boolean) => buildRegionView({ ...facts, isLaptopSuspect }, []);
  expect([true, false].map((is) => [view(is).isLaptopSuspect, view(is).warnings])).toEqual([
    [true, []],
    [false, []],
  ]);
});
