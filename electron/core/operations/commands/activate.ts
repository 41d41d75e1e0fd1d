import type { OperationRecord } from '#shared/model/cluster.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { Definition } from '../definitions.ts';
import type { OperationContext, Step } from '../step.ts';
import { dropPinsStep, dropTracesStep } from '../steps/back.ts';
import { activeStep, healthyStep } from '../steps/healthy.ts';
import { homeStep, settleHomeStep } from '../steps/home.ts';
import { foundOut, only, takenOut } from '../steps/only.ts';
import { isInService, quietUnstandbyStep } from '../steps/quiet-unstandby.ts';
import { pinElsewhereStep, unpinElsewhereStep } from '../steps/pin-elsewhere.ts';
import { servicesUpStep } from '../steps/services-up.ts';
import { stayStoppedStep, stoppedStill } from '../steps/stay-stopped.ts';
import { untilStatus } from './maintenance.ts';

const staysOut = 'it stays in standby';

/**
 * What ends an Activate that goes no further is only done of a node that has left its standby: before that everything of its maintenance
 * stays as it is, so that it is activated another time.
 */
function whenInService(step: Step): Step {
  return {
    ...step,
    isDone: async (context) => !(await isInService(context)) || (await step.isDone(context)),
    verify: async (context: OperationContext) => ((await isInService(context)) ? step.verify(context) : staysOut),
  };
}

/**
 * Activate: everything that may be wrong with the node is found while it is in standby; then it is let in with every pin kept, is Active by
 * observation, and only then its VMs come home. It is not undone: given up, it goes no further, and a node that was let in stays Active.
 */
export const activate: Definition = {
  command: 'activate',
  purpose: (node) => `activation of ${node}`,
  steps: ({ choices }: Pick<OperationRecord, 'choices'>): readonly Step[] => [
    servicesUpStep,
    healthyStep,
    pinElsewhereStep,
    quietUnstandbyStep,
    activeStep,
    dropTracesStep,
    ...(choices.bringsVmsHome ? [homeStep] : []),
    dropPinsStep,
  ],
  undo: [
    settleHomeStep,
    unpinElsewhereStep,
    only('member', stayStoppedStep),
    whenInService(only('member', dropTracesStep)),
    whenInService(dropPinsStep),
  ],
  outcome(operation) {
    const isAsked = operation.steps.some(({ id }) => id === homeStep.id);
    // What was only pinned where it runs was not to come.
    const isLess =
      isAsked &&
      operation.vms.some(
        ({ state, effect, target }) => state === 'stays' && !(effect === 'cannot-move' && target !== null),
      );
    return { outcome: isLess ? 'partly' : 'succeeded', left: leftOf(operation) };
  },
  left: (operation) =>
    foundOut(operation, dropTracesStep.id)
      ? [takenOut, ...leftOf(operation)]
      : isStillOut(operation)
        ? [
            operation.steps.some(({ detail }) => detail === stoppedStill)
              ? `The node stays In maintenance: ${stoppedStill}.`
              : 'The node stays In maintenance. Its cluster services may run now: cut its power and the cluster fences it.',
          ]
        : ['The node has left its standby: the cluster places VMs there while it is online.', ...leftOf(operation)],
  undone: (operation, outcome) => (isStillOut(operation) ? outcome : 'partly'),
  settled: (context, outcome) =>
    untilStatus(context, outcome === 'succeeded' || outcome === 'partly' ? 'active' : 'in-maintenance'),
};

function isStillOut({ steps }: Operation): boolean {
  return steps.some(({ id, detail }) => id === dropTracesStep.id && detail === staysOut);
}

/** VMs that run elsewhere still, and pins that are kept, a line each. */
function leftOf({ vms }: Operation): readonly string[] {
  const stay = vms.filter(({ state }) => state === 'stays' || state === 'waiting' || state === 'failed');
  return stay.map(({ domain, detail }) => `${domain}: ${detail === '' ? 'stays where it runs' : detail}.`);
}
