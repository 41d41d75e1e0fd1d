import { expect, test } from 'vitest';
import type { Tick } from '#shared/model/maintenance.ts';
import { recordedPlan } from '../../../../electron/core/operations/start-maintenance.ts';
import { planOf } from '../../../../electron/core/lifecycle/preflight/plan.ts';
import { factsOf, never, onVm, withConstraint } from '../lifecycle/preflight/facts-of.ts';

test('R9: a VM that would restart or stop is recorded as one that stays, unless its own row was ticked', () => {
  const bans = ['lab-c1', 'lab-c3', 'lab-w1'].map((node) => never('vm2', node));
  const banned = withConstraint(...bans);
  const restarts = onVm('vm1', { allowMigrate: null });
  const { vms } = planOf(factsOf({ configuration: (before) => restarts(banned(before)) }));
  const effects = (ticked: readonly Tick[]) => recordedPlan(vms, { ticked }).map(({ effect }) => effect);
  expect(effects([])).toEqual(['cannot-move', 'cannot-move', 'live-migrate']);
  expect(effects([{ resource: 'vm1', effect: 'restart-elsewhere' }])).toEqual([
    'restart-elsewhere',
    'cannot-move',
    'live-migrate',
  ]);
  expect(
    effects([
      { resource: 'vm2', effect: 'stop' },
      { resource: 'vm3', effect: 'stop' },
    ]),
  ).toEqual(['cannot-move', 'stop', 'live-migrate']);
  // At its turn behind other nodes a row may read otherwise than when it was ticked.
  expect(
    effects([
      { resource: 'vm1', effect: 'stop' },
      { resource: 'vm2', effect: 'restart-elsewhere' },
    ]),
  ).toEqual(['cannot-move', 'cannot-move', 'live-migrate']);
});
