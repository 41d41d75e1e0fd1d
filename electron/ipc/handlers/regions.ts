import type { RegionSnapshot } from '#shared/model/region.ts';
import type { ActingCall } from '../../core/operations/operations.ts';
import type { OpenRegion } from '../../core/region/open-region.ts';
import type { Regions } from '../../core/region/regions.ts';
import type { ImportHost } from '../../core/ssh/ssh-config.ts';
import type { Handlers } from './call.ts';

type RegionHandlers = Omit<
  Pick<Handlers, Extract<keyof Handlers, `regions.${string}` | `nodes.${string}`>>,
  ActingCall
>;

/** The calls about regions and their nodes. */
export function regionHandlers(regions: Regions, sequence: () => number, importHost: ImportHost): RegionHandlers {
  // The sequence is read in the same turn as the snapshot: an event published later is not in it, an earlier one is.
  const snapshotOf = (region: OpenRegion): RegionSnapshot => ({ sequence: sequence(), ...region.snapshot() });
  return {
    'regions.list': () => regions.list(),
    'regions.add': (input) => regions.add(input),
    'regions.update': ({ regionId, region }) => regions.update(regionId, region),
    'regions.remove': async ({ regionId }) => {
      await regions.remove(regionId);
      return null;
    },
    'regions.open': async ({ regionId }) => snapshotOf(await regions.open(regionId)),
    'regions.close': async ({ regionId }) => {
      await regions.close(regionId);
      return null;
    },
    'regions.snapshot': ({ regionId }) => snapshotOf(regions.get(regionId)),
    'regions.retry': ({ regionId }) => {
      regions.get(regionId).retry();
      return null;
    },
    'regions.importHost': ({ host }) => importHost(host),
    'nodes.detail': ({ regionId, nodeId }) => regions.get(regionId).detail(nodeId),
    'nodes.refresh': ({ regionId, nodeId }) => regions.get(regionId).refresh(nodeId),
  };
}
