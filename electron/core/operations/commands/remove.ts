import type { Operation } from '#shared/model/operation.ts';
import type { Definition } from '../definitions.ts';
import { readCluster } from '../look.ts';
import type { OperationContext, Step } from '../step.ts';
import { dropPinsStep } from '../steps/back.ts';
import { emptyStep } from '../steps/empty.ts';
import { closeConnectionStep, reopenConnection } from '../steps/close.ts';
import { leaveStep, leftConfigured } from '../steps/leave.ts';
import { leftoversStep } from '../steps/leftovers.ts';
import { isMember, markOutStep, outStep, unmark } from '../steps/mark-out.ts';
import { foundOut, only } from '../steps/only.ts';
import { pcsIsOver } from '../steps/pcs-remove.ts';
import { pause } from '../time.ts';
import { untilStatus } from './maintenance.ts';

const staysClosed = 'its connection stays closed: its cluster services do not run, or nobody knows whether they do';

/** Of a node that stays: its mark goes, and a Worker's connection is opened again. */
const stayStep: Step = {
  id: 'stay',
  title: 'Keep it in the cluster',
  isDone: () => Promise.resolve(false),
  async act(context) {
    // Who keeps it must not open its connection while pcs ends its service: that would have it fenced.
    await pcsIsOver(context);
    if (!isMember(await readCluster(context), context.node)) return;
    await unmark(context);
    if (await reopenConnection(context)) keptClosed.add(context.handle);
  },
  verify: ({ handle }) => Promise.resolve(keptClosed.has(handle) ? staysClosed : ''),
};

const keptClosed = new WeakSet<OperationContext['handle']>();

/**
 * Remove: empty by libvirt and by the cluster, marked, then out in the order that fences nobody. Once pcs is through there is no way back:
 * given up after that, it is brought to its end.
 */
export const remove: Definition = {
  command: 'remove',
  purpose: (node) => `removal of ${node}`,
  steps: () => onward,
  undo: [only('member', stayStep), only('gone', outStep), only('gone', leftoversStep), only('gone', dropPinsStep)],
  outcome: (operation) => ({ outcome: hasKept(operation) ? 'partly' : 'succeeded', left: afterwards(operation) }),
  left: (operation) =>
    hasLeft(operation)
      ? afterwards(operation)
      : [
          'The node stays a member of the cluster, In maintenance.',
          ...(stepOf(operation, stayStep.id)?.detail === staysClosed
            ? ['Its connection stays closed, as long as its cluster services do not run: Activate starts them.']
            : []),
        ],
  undone: (operation, outcome) => (hasLeft(operation) ? (hasKept(operation) ? 'partly' : 'succeeded') : outcome),
  async settled(context, outcome) {
    if (outcome === 'cancelled' || outcome === 'rolled-back') return untilStatus(context, 'in-maintenance');
    const { region, nodeId, clock, signal } = context;
    const begun = clock.monotonic();
    while (region.rows().some(({ id }) => id === nodeId) && clock.monotonic() - begun < 20_000) {
      await pause(clock, 1000, signal);
      await region.readFresh();
    }
  },
};

const onward: readonly Step[] = [
  only('member', emptyStep),
  markOutStep,
  only('member', closeConnectionStep),
  leaveStep(),
  leftoversStep,
  dropPinsStep,
  outStep,
];

const hasLeft = (operation: Operation): boolean => foundOut(operation, stayStep.id);
const stepOf = ({ steps }: Operation, id: string) => steps.find((step) => step.id === id);
const hasKept = (operation: Operation): boolean => (stepOf(operation, leftoversStep.id)?.detail ?? '') !== '';

/** The checklist (R16), and what is left in the cluster. */
function afterwards(operation: Operation): readonly string[] {
  const { nodeName } = operation;
  const kept = stepOf(operation, leftoversStep.id)?.detail ?? '';
  const pins = operation.vms.flatMap(({ domain, detail }) =>
    detail.startsWith('its pin is kept') ? [`${domain}: ${detail}.`] : [],
  );
  return [
    `Power ${nodeName} off, or keep it powered off.`,
    'Disable its boot from disk, so that it cannot come back by itself.',
    ...(stepOf(operation, 'leave')?.detail === leftConfigured
      ? [
          `It was off, and still has the configuration of the cluster: pcs cluster destroy on ${operation.node} removes that.`,
        ]
      : []),
    'Wipe it before it is added again: its identity is marked Out.',
    ...(kept === '' ? [] : [`Constraints ${kept}.`]),
    ...pins,
  ];
}
