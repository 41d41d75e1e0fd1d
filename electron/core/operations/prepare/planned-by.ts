import type { ClusterAnswer, ClusterMember } from '#shared/model/cluster.ts';
import type { PlannedCommand } from '#shared/model/operation.ts';
import type { Changes } from '../../cluster/writes/configuration.ts';
import { guardedDelete, guardedMerge, guardOf } from '../../cluster/writes/guarded.ts';
import { setResourceOption } from '../../cluster/writes/resource-meta.ts';
import type { ShownCommand } from '../../cluster/writes/shown-command.ts';
import type { GuardedWriter, WriteConditions } from '../guarded-write.ts';
import { nodeLeaseName } from '../lease.ts';

/** Stands for what is made only when the operation begins: its lease's token, a move's name, what is recorded of who and why. */
export const toCome = { token: '0000000000000000', move: 'OPERATION.1', record: 'WHO-AND-WHY' } as const;

/** The member as the CIB has it: its entry there is by an id of the cluster's. `undefined`: it has left. */
export const memberIn = ({ members }: ClusterAnswer, node: string): ClusterMember | undefined =>
  members.find(({ name }) => name === node);

/** Writes down what an operation on this node would send, by the builders of its guarded writer; nothing is sent. */
export function plannedBy(node: string) {
  const guard = guardOf({ leaseName: nodeLeaseName(node), token: toCome.token });
  const at = (step: string, host: string, { shown }: Pick<ShownCommand<unknown>, 'shown'>): PlannedCommand => ({
    step,
    host,
    command: shown,
  });
  const control = (step: string, command: Pick<ShownCommand<unknown>, 'shown'>) => at(step, 'control node', command);
  return {
    at,
    control,
    merge: (step: string, changes: Changes, conditions: WriteConditions = {}) =>
      control(step, guardedMerge({ guard, changes, ...conditions })),
    drop: (step: string, path: string) => control(step, guardedDelete({ guard, path })),
    option: (step: string, setting: Parameters<GuardedWriter['option']>[1]) =>
      control(step, setResourceOption({ guard, ...setting })),
  };
}
