import type { Operation } from '#shared/model/operation.ts';
import type { Definition } from '../definitions.ts';
import { elsewhereStep } from '../steps/elsewhere.ts';
import { emptyStep } from '../steps/empty.ts';
import {
  endVmsStep,
  fenceStep,
  forbidMigrationStep,
  restoreMigrationStep,
  settleForeignMovesStep,
} from '../steps/force.ts';
import { forcedStandbyStep } from '../steps/forced-standby.ts';
import { recordMaintenanceStep } from '../steps/maintenance-record.ts';
import { foundOut, only, takenOut } from '../steps/only.ts';
import { untilStatus } from './maintenance.ts';

/** Force maintenance: (a) a node that answers has its VMs ended after the standby; (b) one that does not is fenced before anything is believed. */
export const forceMaintenance: Definition = {
  command: 'force-maintenance',
  purpose: (node) => `forced maintenance of ${node}`,
  // What concerns the node alone is over where another tool has removed it meanwhile: what was changed on its VMs is put back all the same.
  steps: ({ choices }) =>
    choices.isUnreachable
      ? [
          only('member', forcedStandbyStep),
          only('member', fenceStep),
          settleForeignMovesStep,
          restoreMigrationStep,
          elsewhereStep,
          only('member', emptyStep),
          only('member', recordMaintenanceStep),
        ]
      : [
          settleForeignMovesStep,
          forbidMigrationStep,
          only('member', forcedStandbyStep),
          only('member', endVmsStep),
          restoreMigrationStep,
          elsewhereStep,
          only('member', emptyStep),
          only('member', recordMaintenanceStep),
        ],
  undo: [],
  outcome: (operation) =>
    foundOut(operation, recordMaintenanceStep.id)
      ? { outcome: 'partly', left: [takenOut, ...leftOf(operation)] }
      : { outcome: 'succeeded', left: leftOf(operation) },
  left: () => [],
  settled: (context) => untilStatus(context, 'in-maintenance'),
};

function leftOf({ vms }: Operation): readonly string[] {
  const stopped = vms.filter(({ state }) => state === 'stopped');
  const named = (effect: 'stop' | 'other', words: string): readonly string[] => {
    const names = stopped.filter((vm) => (vm.effect === 'stop') === (effect === 'stop')).map(({ domain }) => domain);
    return names.length === 0 ? [] : [`Stopped, because ${words}: ${names.join(', ')}.`];
  };
  const again = vms.filter(({ state, detail }) => state === 'restarted' && detail !== '');
  const troubled = [...Map.groupBy(again, ({ detail }) => detail)].map(
    ([trouble, all]) => `To be looked at, because ${trouble}: ${all.map(({ domain }) => domain).join(', ')}.`,
  );
  return [
    ...troubled,
    ...named('other', 'no other node has room for it or may run it'),
    ...named('stop', 'it was outside the cluster, where nobody starts it again'),
  ];
}
