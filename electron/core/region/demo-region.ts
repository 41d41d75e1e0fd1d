import type { NewRegion } from '#shared/contract/regions.ts';
import type { RegionProfile } from '#shared/model/region.ts';

const name = 'Demo region';

/**
 * The demo region before its simulation has said how it is reached. A person may have given its name to a region of their own.
 *
 * @param others every region there is.
 */
export function demoRegion(others: readonly Pick<RegionProfile, 'name'>[]): NewRegion {
  const taken = new Set(others.map((other) => other.name.normalize('NFKC').trim().toLowerCase()));
  let [free, count] = [name, 1];
  while (taken.has(free.toLowerCase())) {
    count += 1;
    free = `${name} ${String(count)}`;
  }
  return {
    name: free,
    colour: 'teal',
    seeds: [{ host: 'simulated', port: 22 }],
    login: { user: 'simulated', port: 22, methods: [{ kind: 'password' }] },
    jumps: [],
    nodeLogins: {},
  };
}
