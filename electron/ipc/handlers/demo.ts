import type { Demo } from '../../core/demo-region/demo.ts';
import type { Regions } from '../../core/region/regions.ts';
import type { Handlers } from './call.ts';

/** The calls that only the demo region has. Everything else is asked of it as of any region. */
export function demoHandlers(
  regions: Regions,
  demo: Pick<Demo, 'inject' | 'faults'>,
): Pick<Handlers, Extract<keyof Handlers, `demo.${string}`>> {
  return {
    'demo.add': () => regions.demo(),
    'demo.reset': () => regions.resetDemo(),
    'demo.inject': async ({ regionId, fault }) => {
      await demo.inject(regionId, fault);
      return null;
    },
    'demo.faults': ({ regionId }) => demo.faults(regionId),
  };
}
