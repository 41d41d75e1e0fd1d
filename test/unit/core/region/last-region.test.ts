import { expect, test } from 'vitest';
import { regionId } from '#shared/model/ids.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import { createLastRegion } from '../../../../electron/core/region/last-region.ts';
import { simulatedClock } from '../../../helpers/simulated-clock.ts';

const profileOf = (id: string, demoLabel: string | null): RegionProfile => ({
  id: regionId(id),
  name: id,
  colour: 'teal',
  seeds: [{ host: 'c1', port: 22 }],
  login: { user: 'root', port: 22, methods: [] },
  jumps: [],
  nodeLogins: {},
  demoLabel,
});

function lastRegion(shown: string | null) {
  const clock = simulatedClock();
  const opened: string[] = [];
  const last = createLastRegion({
    clock,
    shownLast: () => shown,
    profiles: () => [profileOf('fra2', null), profileOf('demo', 'Demo')],
    open: (id) => {
      opened.push(id);
      return Promise.reject(new Error('the region cannot be opened'));
    },
  });
  return { clock, opened, last };
}

test('the region that was shown last is opened while its page is loaded, once its files are sent, whatever comes of it', () => {
  const { clock, opened, last } = lastRegion('fra2');
  last.openSoon();
  clock.advance(99);
  expect(opened).toEqual([]);
  last.openSoon();
  clock.advance(100);
  expect([opened, clock.pending()]).toEqual([['fra2'], 0]);
});

test.each([['demo'], ['removed'], [null]])('%s is not opened before it is asked for', (shown) => {
  const { clock, opened, last } = lastRegion(shown);
  last.openSoon();
  clock.advance(1000);
  expect(opened).toEqual([]);
});

test('a program that ends opens nothing more', () => {
  const { clock, opened, last } = lastRegion('fra2');
  last.openSoon();
  last.close();
  clock.advance(1000);
  expect(opened).toEqual([]);
});
