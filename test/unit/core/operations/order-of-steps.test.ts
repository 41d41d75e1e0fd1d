import { expect, test } from 'vitest';
import { noOperationChoices, type OperationChoices } from '#shared/model/cluster.ts';
import { activate } from '../../../../electron/core/operations/commands/activate.ts';
import { forceMaintenance } from '../../../../electron/core/operations/commands/force-maintenance.ts';
import { maintenance } from '../../../../electron/core/operations/commands/maintenance.ts';
import { remove } from '../../../../electron/core/operations/commands/remove.ts';
import { shutDownVm } from '../../../../electron/core/operations/commands/shut-down-vm.ts';
import { stopClusterServices } from '../../../../electron/core/operations/commands/stop-services.ts';
import type { Definition } from '../../../../electron/core/operations/definitions.ts';
import { emptyRecord } from '../../../../electron/core/operations/operation-words.ts';

/** What each order is for; an order that changes is a change of what is safe (docs/safety.md). */
const orders: readonly (readonly [string, Definition, Partial<OperationChoices>, readonly string[]])[] = [
  [
    // Standby moves and stops by itself, so the VMs leave before it; that it is empty is read before that is recorded.
    'R1: a maintenance empties the node before its standby, and proves it empty before it is recorded',
    maintenance,
    {},
    ['hold', 'move', 'standby', 'empty', 'record'],
  ],
  [
    // A node whose services stop before its maintenance is recorded is one that died, to everybody else.
    'R1: services are stopped last, of a node that was proven empty and recorded',
    maintenance,
    { stopsServices: true },
    ['hold', 'move', 'standby', 'empty', 'record', 'stop-services'],
  ],
  [
    'R1: services that are stopped after the maintenance are those of a node that is proven empty once more',
    stopClusterServices,
    {},
    ['empty', 'stop-services'],
  ],
  [
    // Standby would take along the VMs that were to stay.
    'R7, R9: a maintenance that moves only what can leaves the node in service, and no hold on it',
    maintenance,
    { movesOnlyWhatCan: true },
    ['hold', 'move', 'drop-traces', 'drop-pins'],
  ],
  [
    // With migration allowed the standby would migrate what was to be ended, so a node that hangs holds everything up.
    'R9: Force forbids migration before the standby, and allows it again once the VMs have ended',
    forceMaintenance,
    {},
    ['settle-moves', 'forbid-migration', 'standby', 'end-vms', 'restore-migration', 'elsewhere', 'empty', 'record'],
  ],
  [
    // Fenced first, it could boot and take VMs; believed before it is fenced, a VM runs twice.
    'R11: a silent node is put in standby, then fenced, before anything of it is believed or touched',
    forceMaintenance,
    { isUnreachable: true },
    ['standby', 'fence', 'settle-moves', 'restore-migration', 'elsewhere', 'empty', 'record'],
  ],
  [
    'an Activate finds what is wrong while the node is in standby, and binds and frees VMs only once it is Active',
    activate,
    { bringsVmsHome: true },
    ['services', 'healthy', 'pin-elsewhere', 'unstandby', 'active', 'drop-traces', 'home', 'drop-pins'],
  ],
  [
    'an Activate that brings nothing home moves nothing',
    activate,
    {},
    ['services', 'healthy', 'pin-elsewhere', 'unstandby', 'active', 'drop-traces', 'drop-pins'],
  ],
  [
    // The mark is written while the node can still be asked who it is; pcs ends a Worker's service, which under an open connection is fenced.
    'R16: a removal proves the node empty, marks it, and closes its connection before pcs takes it out',
    remove,
    {},
    ['empty', 'mark-out', 'close', 'leave', 'leftovers', 'drop-pins', 'out'],
  ],
  ['a VM is asked to stop before it is awaited to be off', shutDownVm, {}, ['ask', 'off']],
];

test.each(orders)('%s', (_why, definition, choices, ids) => {
  const record = { ...emptyRecord, choices: { ...noOperationChoices, ...choices } };
  expect(definition.steps(record).map(({ id }) => id)).toEqual(ids);
});

test.each<readonly [string, Definition, readonly string[]]>([
  // Nothing is taken away that keeps VMs off the node while a move of ours is under way to or from it.
  [
    'R6, R31: a maintenance that is given up ends its moves, then starts what it stopped, then leaves the standby',
    maintenance,
    ['settle-moves', 'services', 'unstandby', 'drop-traces', 'drop-pins'],
  ],
  ['R9: what Force ended cannot be given back, so it has no way back', forceMaintenance, []],
  [
    'R31: an Activate that is given up ends its moves before anything else',
    activate,
    ['settle-home', 'unpin-elsewhere', 'stay-stopped', 'drop-traces', 'drop-pins'],
  ],
  [
    'R16: a removal that is given up keeps the node, or ends what pcs began',
    remove,
    ['stay', 'out', 'leftovers', 'drop-pins'],
  ],
  ['a VM that was asked to stop gets its role back', shutDownVm, ['restore-role']],
])('%s', (_why, definition, ids) => {
  expect(definition.undo.map(({ id }) => id)).toEqual(ids);
});
