import type { OperationRecord } from '#shared/model/cluster.ts';
import type { Operation, OperationVm } from '#shared/model/operation.ts';
import type { Definition } from '../definitions.ts';
import type { OperationContext, Step } from '../step.ts';
import { pause } from '../time.ts';
import { dropPinsStep, dropTracesStep, settleMovesStep } from '../steps/back.ts';
import { emptyOrStoppedStep, emptyStep } from '../steps/empty.ts';
import { holdStep } from '../steps/hold.ts';
import { recordMaintenanceStep } from '../steps/maintenance-record.ts';
import { moveVmsStep } from '../steps/move-vms.ts';
import { foundOut, only, takenOut } from '../steps/only.ts';
import { quietUnstandbyStep } from '../steps/quiet-unstandby.ts';
import { standbyStep } from '../steps/standby.ts';
import { startAgainStep } from '../steps/start-again.ts';
import { mayBoot, mayBootWords, stopServicesStep } from '../steps/stop-services.ts';

/** Maintenance: the VMs leave one by one as planned, then the empty node goes into standby; never the other way round (docs/safety.md). */
export const maintenance: Definition = {
  command: 'maintenance',
  purpose: (node) => `maintenance of ${node}`,
  steps: ({ choices }: Pick<OperationRecord, 'choices'>): readonly Step[] =>
    choices.movesOnlyWhatCan
      ? [holdStep, moveVmsStep, dropTracesStep, dropPinsStep]
      : [
          holdStep,
          moveVmsStep,
          standbyStep,
          choices.stopsServices ? emptyOrStoppedStep : emptyStep,
          recordMaintenanceStep,
          ...(choices.stopsServices ? [stopServicesStep] : []),
        ],
  undo: [
    settleMovesStep,
    only('member', startAgainStep),
    only('member', quietUnstandbyStep),
    dropTracesStep,
    dropPinsStep,
  ],
  outcome(operation) {
    if (operation.steps.some(({ id }) => id === standbyStep.id))
      return {
        outcome: 'succeeded',
        left: [...boundWords(operation), ...stoppedWords(operation), ...powerWords(operation)],
      };
    const stays = operation.vms.filter(({ state }) => state === 'stays' || state === 'waiting');
    const names = stays.map(({ domain, effect }) => `${domain} (${whyHere[effect] ?? 'not ticked'})`);
    const here = names.length === 0 ? 'No VM is left here.' : `Still here, as planned: ${names.join(', ')}.`;
    return { outcome: 'partly', left: [`${here} The node is Active.`, ...leftOf(operation)] };
  },
  left: leftOf,
  settled: (context, outcome) => untilStatus(context, outcome === 'succeeded' ? 'in-maintenance' : 'active'),
};

const whyHere: Partial<Record<OperationVm['effect'], string>> = {
  'cannot-move': 'cannot move',
  stop: 'would be stopped',
};

/** Of a node that stays Active, or that somebody has removed. */
function leftOf(operation: Operation): readonly string[] {
  const kept = operation.vms.filter(({ detail }) => detail.startsWith('its pin is kept'));
  return [
    ...(foundOut(operation, quietUnstandbyStep.id) ? [takenOut] : []),
    ...movedWords(operation),
    ...kept.map(({ domain, detail }) => `${domain}: ${detail}.`),
  ];
}

/** Of a node that is In maintenance. */
function boundWords(operation: Operation): readonly string[] {
  const moved = operation.vms.filter(({ state }) => state === 'moved' || state === 'restarted');
  return moved.length === 0
    ? []
    : ['The VMs that left are bound to where they are; Activate brings them home, or leaves them there.'];
}

function stoppedWords({ vms }: Operation): readonly string[] {
  const down = vms.filter(({ effect, state }) => effect === 'stop' && state === 'stopped');
  return down.length === 0
    ? []
    : [`Stopped, as ticked, until there is a node for it: ${down.map(({ domain }) => domain).join(', ')}.`];
}

/** A technician is about to open the machine. */
function powerWords({ steps }: Operation): readonly string[] {
  const stop = steps.find(({ id }) => id === stopServicesStep.id);
  if (stop === undefined)
    return [
      'Its cluster services run: cut its power and the cluster fences it, which may switch it on again. Stop Cluster Services… first.',
    ];
  return stop.detail === mayBoot ? [mayBootWords] : [];
}

function movedWords(operation: Operation): readonly string[] {
  const moved = operation.vms.filter(({ state }) => state === 'moved' || state === 'restarted');
  return moved.length === 0
    ? []
    : [`Stays where it went: ${moved.map(({ domain, target }) => `${domain} on ${target ?? '?'}`).join(', ')}.`];
}

const shownWithinMs = 40_000;

/** Waits until the table shows the status that was brought about; what must settle there takes a second sample. */
export async function untilStatus(
  { region, nodeId, clock, signal }: OperationContext,
  status: 'in-maintenance' | 'active',
): Promise<void> {
  const begun = clock.monotonic();
  while (clock.monotonic() - begun < shownWithinMs) {
    await region.readNode(nodeId);
    await region.readFresh();
    const { status: shown } = region.row(nodeId);
    if (shown.status === status && shown.unknownSince === null) return;
    await pause(clock, 1000, signal);
  }
}
