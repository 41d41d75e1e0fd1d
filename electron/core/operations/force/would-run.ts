import type { PlannedCommand } from '#shared/model/operation.ts';
import { guardedMerge, guardOf } from '../../cluster/writes/guarded.ts';
import { confirmOff, fence } from '../../cluster/writes/fencing.ts';
import { destroyDomains } from '../../cluster/writes/services.ts';
import { standbyOn } from '../../cluster/writes/standby.ts';
import type { JudgedForce } from '../../lifecycle/force.ts';
import { nodeLeaseName } from '../lease.ts';

/** The commands that a forced maintenance would send, in their order. */
export function forceWouldRun(node: string, { sequence, overrides }: JudgedForce): readonly PlannedCommand[] {
  const guard = guardOf({ leaseName: nodeLeaseName(node), token: '0000000000000000' });
  const standby: PlannedCommand = {
    step: 'standby',
    host: 'control node',
    command: guardedMerge({ guard, changes: standbyOn({ name: node, id: node, type: 'member' }) }).shown,
  };
  if (sequence === 'reachable')
    return [standby, { step: 'end-vms', host: node, command: destroyDomains(['DOMAIN']).shown }];
  const fencing: PlannedCommand = { step: 'fence', host: 'control node', command: fence(node, 'off').shown };
  const isStated = overrides.some(({ statement }) => statement?.endsWith('is powered off') === true);
  const confirm: PlannedCommand = { step: 'fence', host: 'control node', command: confirmOff(node).shown };
  return isStated ? [standby, fencing, confirm] : [standby, fencing];
}
