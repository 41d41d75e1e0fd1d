import type { Operation } from '#shared/model/operation.ts';
import { readCluster } from '../look.ts';
import type { OperationContext, Step } from '../step.ts';
import { isMember } from './mark-out.ts';

const isOut = 'it has left the cluster already';

/** A step that makes sense only of a member, or only of one that has left: by its removal, or by another tool meanwhile. */
export function only(when: 'member' | 'gone', step: Step): Step {
  const applies = async (context: OperationContext) =>
    isMember(await readCluster(context), context.node) === (when === 'member');
  return {
    ...step,
    isDone: async (context) => !(await applies(context)) || (await step.isDone(context)),
    verify: async (context) => ((await applies(context)) ? step.verify(context) : when === 'member' ? isOut : ''),
  };
}

/** Whether this step, made by `only('member', …)`, found that the node has left. */
export const foundOut = ({ steps }: Operation, stepId: string): boolean =>
  steps.some(({ id, detail }) => id === stepId && detail === isOut);

/** Of an operation whose node another tool has taken out of the cluster meanwhile. */
export const takenOut = 'The node is not a member of the cluster any more: another tool has removed it.';
