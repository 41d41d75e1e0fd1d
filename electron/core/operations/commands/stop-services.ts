import type { Operation } from '#shared/model/operation.ts';
import type { Definition } from '../definitions.ts';
import { emptyOrStoppedStep } from '../steps/empty.ts';
import { foundOut, only, takenOut } from '../steps/only.ts';
import { startAgainStep } from '../steps/start-again.ts';
import { mayBoot, mayBootWords, stopServicesStep } from '../steps/stop-services.ts';
import { untilStatus } from './maintenance.ts';

/** Stops the cluster services of a node that is In maintenance and stays so: its maintenance ended without it, and somebody wants to cut its power. */
export const stopClusterServices: Definition = {
  command: 'stop-services',
  purpose: (node) => `stopping the cluster services of ${node}`,
  steps: () => [emptyOrStoppedStep, stopServicesStep],
  undo: [only('member', startAgainStep)],
  // Fenced meanwhile it is down, and its services were not stopped: that is not told as done.
  outcome: (operation) =>
    wasFenced(operation)
      ? { outcome: 'partly', left: [mayBootWords] }
      : { outcome: 'succeeded', left: [canBeOffWords] },
  left: (operation) =>
    foundOut(operation, startAgainStep.id)
      ? [takenOut]
      : operation.steps.some(({ id, detail }) => id === startAgainStep.id && detail === '')
        ? ['Nothing was stopped.']
        : ['The node stays In maintenance. Its cluster services run: cut its power and the cluster fences it.'],
  settled: (context) => untilStatus(context, 'in-maintenance'),
};

const wasFenced = ({ steps }: Operation): boolean =>
  steps.some(({ id, detail }) => id === stopServicesStep.id && detail === mayBoot);

const canBeOffWords = 'It can be powered off: the cluster fences nobody for it. Activate starts its services again.';
