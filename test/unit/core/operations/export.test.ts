import { expect, test } from 'vitest';
import { nodeId, operationId, regionId } from '#shared/model/ids.ts';
import type { Operation, TranscriptEntry } from '#shared/model/operation.ts';
import { momentToken } from '#shared/model/moment.ts';
import { exportText } from '../../../../electron/core/operations/export.ts';
import { waitingStep, waitingVm } from '../../../../electron/core/operations/view.ts';

const at = Date.UTC(2026, 10, 23, 13, 58);
const operation: Operation = {
  id: operationId('op-1'),
  regionId: regionId('region'),
  nodeId: nodeId('c2'),
  node: 'c2',
  nodeName: 'Rack 4, node 2',
  command: 'maintenance',
  state: { kind: 'ended', at: at + 60_000, outcome: 'partly', left: ['Still here, as planned: gpu1 (cannot move).'] },
  owner: 'anna on kestrel',
  isOurs: true,
  reason: 'disk',
  startedAt: at,
  updatedAt: at,
  steps: [{ ...waitingStep({ id: 'move', title: 'Move the VMs' }), state: 'done', detail: '1 moved' }],
  vms: [{ ...waitingVm('vm1', 'live-migrate', 'c3'), domain: 'web', state: 'moved' }],
  message: '',
  actions: [],
};
const entry: TranscriptEntry = {
  sequence: 1,
  step: 'move',
  host: 'c1',
  command: 'cibadmin --modify',
  startedAt: at,
  endedAt: at + 1230,
  exitStatus: 0,
  stdout: 'one\ntwo\n',
  stderr: '',
  isIntact: true,
};

test('an operation’s text for a ticket says who, what, how it ended, what is left, and every command with its answer, in UTC', () => {
  const lost = {
    ...entry,
    sequence: 2,
    command: 'virsh list',
    endedAt: null,
    exitStatus: null,
    stdout: '',
    isIntact: false,
  };
  expect(exportText(operation, [entry, lost], { name: 'Lab', demoLabel: null }).split('\n')).toEqual([
    'Rackside operation op-1',
    'Region:  Lab',
    'Node:    Rack 4, node 2 (c2)',
    'Command: maintenance',
    'By:      anna on kestrel',
    'Reason:  disk',
    'Began:   2026-11-23T13:58:00.000Z',
    'State:   partly at 2026-11-23T13:59:00.000Z',
    '         Still here, as planned: gpu1 (cannot move).',
    '',
    'Steps',
    '  done     Move the VMs: 1 moved',
    '',
    'VMs',
    '  moved        web → c3',
    '',
    'Commands (secrets removed)',
    '',
    '2026-11-23T13:58:00.000Z c1 [move]',
    '$ cibadmin --modify',
    '  one',
    '  two',
    '  exit 0, 1.23 s',
    '',
    '2026-11-23T13:58:00.000Z c1 [move] (this row of the journal is damaged)',
    '$ virsh list',
    '  no answer was seen',
    '',
  ]);
});

test('what is exported of a demo says so beside its name', () => {
  expect(exportText(operation, [], { name: 'Lakeside', demoLabel: 'Demo' }).split('\n')[1]).toBe(
    'Region:  Lakeside (Demo: simulated data)',
  );
});

test('moments inside words are written out in UTC, and what a node answered is left as it was', () => {
  const detail = `the cluster takes it back by itself at ${momentToken(at)}`;
  const told = { ...operation, vms: operation.vms.map((vm) => ({ ...vm, detail })) };
  const text = exportText(told, [{ ...entry, stdout: momentToken(at) }], { name: 'Lab', demoLabel: null });
  expect(text).toContain(': the cluster takes it back by itself at 2026-11-23T13:58:00.000Z');
  expect(text).toContain(`  ${momentToken(at)}`);
});
