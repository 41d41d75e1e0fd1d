import { expect, test } from 'vitest';
import { actionsOf } from '../../../../../electron/core/operations/operation-actions.ts';
import { emptyRecord, endedElsewhere } from '../../../../../electron/core/operations/operation-words.ts';
import { operationId } from '../../../../../shared/model/ids.ts';
import { operationCommands, type Operation, type OperationState } from '../../../../../shared/model/operation.ts';

const problem = { code: 'step-failed', message: 'x', advice: 'y' } as const;
const states: readonly OperationState[] = [
  { kind: 'queued', behind: 'c1' },
  { kind: 'running' },
  { kind: 'cancelling', since: 1 },
  { kind: 'failed', at: 1, problem },
  { kind: 'unattended', since: 1 },
  { kind: 'elsewhere', owner: 'anna on kestrel' },
  { kind: 'ended', at: 1, outcome: 'partly', left: [] },
];

test('Force is offered of a maintenance that stands still, forced or not, and of nothing else', () => {
  const offered = states.flatMap((state) =>
    operationCommands.flatMap((command) =>
      actionsOf(state, true, command).some(({ action }) => action === 'force') ? [`${state.kind} ${command}`] : [],
    ),
  );
  expect(offered).toEqual([
    'failed maintenance',
    'failed force-maintenance',
    'unattended maintenance',
    'unattended force-maintenance',
  ]);
});

test('an operation whose place a force took ends as cancelled and says whose; one whose record is just gone does not', () => {
  const old = {
    ...({} as Operation),
    id: operationId('11111111-1111-4111-8111-111111111111'),
    node: 'c2',
    startedAt: 100,
  };
  const force = {
    ...emptyRecord,
    id: 'f',
    node: 'c2',
    command: 'force-maintenance',
    owner: 'anna on kestrel',
  } as const;
  // By the clock of another laptop, which may be slow.
  for (const startedAt of [200, 50])
    expect(endedElsewhere(old, [{ ...force, startedAt }], 300)).toMatchObject({
      state: {
        kind: 'ended',
        at: 300,
        outcome: 'cancelled',
        left: ['Force maintenance by anna on kestrel took its place and goes on from here.'],
      },
      actions: [],
    });
  const others = [
    [{ ...force, node: 'c3' }],
    [{ ...force, command: 'activate' as const }],
    [{ ...force, id: old.id }],
    [],
  ];
  for (const records of others)
    expect(endedElsewhere(old, records, 300).state).toMatchObject({ kind: 'ended', outcome: 'elsewhere' });
});
