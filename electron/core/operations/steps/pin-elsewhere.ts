import type { RecordedVm } from '#shared/model/cluster.ts';
import { pin, pinPath, vmPath } from '../../cluster/writes/moves.ts';
import { readCluster, readConfigurationNow } from '../look.ts';
import { isRecordedMark, markOf } from '../move-marks.ts';
import { pinsForReturn } from '../pins-for-return.ts';
import { stepFailed } from '../run-steps.ts';
import { simulateNow } from '../simulate.ts';
import type { OperationContext, Step } from '../step.ts';
import { fillVms } from '../view.ts';
import { isInService } from './quiet-unstandby.ts';

/**
 * Binds VMs where they run that the cluster would take along by itself when the standby ends. What comes home does so by planned moves, and
 * not in one rush; that a pin stays is told at the end.
 */
export const pinElsewhereStep: Step = {
  id: 'pin-elsewhere',
  title: 'Pin what would move by itself',
  isDone: isInService,
  async act(context) {
    const { node, write, saveRecord, record, handle } = context;
    const [answer, configuration] = [await readCluster(context), await readConfigurationNow(context)];
    const { pins } = await pinsForReturn(node, answer, configuration, (edits) => simulateNow(context, edits));
    for (const [resource, on] of Object.entries(pins)) {
      await requireAtRest(context, resource);
      const row: RecordedVm = { resource, target: on, effect: 'cannot-move', isDone: false };
      await saveRecord(({ vms }) => ({ vms: vms.some((vm) => vm.resource === resource) ? vms : [...vms, row] }));
      await write.merge('pin-elsewhere', pin(resource, on), { requires: vmPath(resource) });
    }
    fillVms(handle, record());
    pinned.set(handle, Object.keys(pins));
  },
  verify({ handle }) {
    const names = pinned.get(handle) ?? [];
    return Promise.resolve(names.length === 0 ? '' : names.join(', '));
  },
};

/** Its own pin is what a move that is under way brings it to its target by: since the simulations were asked, one may have begun. */
async function requireAtRest(context: OperationContext, resource: string): Promise<void> {
  const answer = await readCluster(context);
  const mark = markOf(answer, resource);
  if (mark !== undefined && isRecordedMark(answer, mark))
    stepFailed(
      `Another operation moves ${resource} now, so it was not pinned where it ran.`,
      'The node is in standby still. Continue once that move is over.',
    );
}

const pinned = new WeakMap<OperationContext['handle'], readonly string[]>();

/** Of a node that stays out: the pins that were only made for its return go again. */
export const unpinElsewhereStep: Step = {
  id: 'unpin-elsewhere',
  title: 'Drop the pins of its return',
  isDone: async (context) => heldBy(context).length === 0 || (await isInService(context)),
  async act(context) {
    for (const { resource, target } of heldBy(context))
      await context.write.delete('unpin-elsewhere', pinPath(resource, target));
  },
  verify: () => Promise.resolve(''),
};

/** A row that was added for its pin alone: it stays, and says where. */
const heldBy = ({ record }: OperationContext) =>
  record().vms.flatMap(({ resource, target, effect }) =>
    effect === 'cannot-move' && target !== null ? [{ resource, target }] : [],
  );
