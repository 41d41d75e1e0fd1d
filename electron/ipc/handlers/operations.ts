import type { RegionId } from '#shared/model/ids.ts';
import type { ActingCall, Operations } from '../../core/operations/operations.ts';
import type { Handlers } from './call.ts';

/** The calls that act on nodes. Each goes to the operations of its own region. @throws ProblemError `region-not-open`. */
export function operationHandlers(of: (regionId: RegionId) => Operations): Pick<Handlers, ActingCall> {
  return {
    'maintenance.prepare': (input) => of(input.regionId)['maintenance.prepare'](input),
    'maintenance.start': (input) => of(input.regionId)['maintenance.start'](input),
    'maintenance.startMany': (input) => of(input.regionId)['maintenance.startMany'](input),
    'force.arm': (input) => of(input.regionId)['force.arm'](input),
    'force.disarm': (input) => of(input.regionId)['force.disarm'](input),
    'force.start': (input) => of(input.regionId)['force.start'](input),
    'activate.prepare': (input) => of(input.regionId)['activate.prepare'](input),
    'activate.start': (input) => of(input.regionId)['activate.start'](input),
    'activate.startMany': (input) => of(input.regionId)['activate.startMany'](input),
    'services.prepareStop': (input) => of(input.regionId)['services.prepareStop'](input),
    'services.stop': (input) => of(input.regionId)['services.stop'](input),
    'removal.prepare': (input) => of(input.regionId)['removal.prepare'](input),
    'removal.start': (input) => of(input.regionId)['removal.start'](input),
    'vms.shutDown': (input) => of(input.regionId)['vms.shutDown'](input),
    'operations.list': (input) => of(input.regionId)['operations.list'](input),
    'operations.get': (input) => of(input.regionId)['operations.get'](input),
    'operations.transcript': (input) => of(input.regionId)['operations.transcript'](input),
    'operations.export': (input) => of(input.regionId)['operations.export'](input),
    'operations.cancel': (input) => of(input.regionId)['operations.cancel'](input),
    'operations.continue': (input) => of(input.regionId)['operations.continue'](input),
    'operations.rollBack': (input) => of(input.regionId)['operations.rollBack'](input),
    'operations.handOver': (input) => of(input.regionId)['operations.handOver'](input),
    'nodes.rename': (input) => of(input.regionId)['nodes.rename'](input),
    'nodes.changeTags': (input) => of(input.regionId)['nodes.changeTags'](input),
    'nodes.acceptIdentity': (input) => of(input.regionId)['nodes.acceptIdentity'](input),
    'regions.setLimits': (input) => of(input.regionId)['regions.setLimits'](input),
    'regions.overrideBrake': (input) => of(input.regionId)['regions.overrideBrake'](input),
  };
}
