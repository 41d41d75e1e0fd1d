import type { RegionProfile } from './region.ts';

/**
 * How a region is called where its name leaves the window: in an export, a notification. A demo region is never named without saying
 * that nothing in it is real.
 */
export function regionWords({ name, demoLabel }: Pick<RegionProfile, 'name' | 'demoLabel'>): string {
  return demoLabel === null ? name : `${name} (${demoLabel}: simulated data)`;
}
