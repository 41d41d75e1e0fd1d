import { describe, expect, test } from 'vitest';
import { planOf } from '../../../../../electron/core/lifecycle/preflight/plan.ts';
import { preflight } from '../../../../../electron/core/lifecycle/preflight/preflight.ts';
import { noChoices, type Tick } from '../../../../../shared/model/maintenance.ts';
import { known } from '../../../../../shared/model/reading.ts';
import {
  checkIn,
  colocation,
  domainOf,
  factsOf,
  heldBy,
  never,
  noon,
  onHost,
  onVm,
  withConstraint,
  type Changes,
} from './facts-of.ts';

/** The maintenance in which what can move moves, and the rest stays. */
const movesOnly = (changes: Changes = {}) =>
  factsOf({ ...changes, plan: { choices: { ...noChoices, ...changes.plan?.choices, movesOnlyWhatCan: true } } });

describe('what can move, moves', () => {
  test.each([
    ['holds a device', 'passthrough-vms', domainOf('vm1', 32, { hostDevices: ['0000:3b:00.0'] })],
    ['fits nowhere', 'memory-on-targets', domainOf('vm1', 4096)],
  ])('R7: a VM that %s stays, is warned about, and holds back nobody else', (_what, code, vm1) => {
    const nodes = onHost('lab-c2', { domains: known([vm1, domainOf('vm2', 48), domainOf('vm3', 24)], noon, 5000) });
    expect(heldBy(factsOf({ nodes }))).toContain(code);
    const facts = movesOnly({ nodes });
    expect(checkIn(facts, code)).toMatchObject({ state: 'warning', subjects: ['vm1'] });
    expect(preflight(facts)).toMatchObject({ isReady: true, heldUpBy: '' });
    expect(Object.keys(planOf(facts).pins)).toEqual(['vm2', 'vm3']);
    if (code === 'passthrough-vms')
      expect(checkIn(facts, code).fix).toMatch(/^Nothing has to be done: vm1 runs on here\./u);
  });

  test('R7: a VM outside of the cluster stays, and holds back nobody else', () => {
    const domains = [domainOf('vm1', 32), domainOf('vm2', 48), domainOf('vm3', 24), domainOf('stray', 1)];
    const facts = movesOnly({ nodes: onHost('lab-c2', { domains: known(domains, noon, 5000) }) });
    expect(checkIn(facts, 'unmanaged-vms')).toMatchObject({ state: 'warning', subjects: ['stray'] });
    expect(Object.keys(planOf(facts).pins)).toEqual(['vm1', 'vm2', 'vm3']);
  });

  test('R9: one that would restart leaves only by its tick', () => {
    const configuration = onVm('vm1', { allowMigrate: null });
    const pinned = (ticked: readonly Tick[]) =>
      Object.keys(planOf(movesOnly({ configuration, plan: { choices: { ...noChoices, ticked } } })).pins);
    expect(pinned([])).toEqual(['vm2', 'vm3']);
    expect(pinned([{ resource: 'vm1', effect: 'restart-elsewhere' }])).toEqual(['vm1', 'vm2', 'vm3']);
  });
});

test('R8: of two VMs that must be kept apart and have one node left, memory is not blamed', () => {
  const bans = ['vm1', 'vm2'].flatMap((vm) => ['lab-c3', 'lab-w1'].map((node) => never(vm, node)));
  const facts = factsOf({ configuration: withConstraint(...bans, colocation('vm1', 'vm2', '-INFINITY')) });
  expect(heldBy(facts)).toEqual(['vms-that-restart']);
  expect(checkIn(facts, 'vms-that-restart').words).toContain('kept apart from');
});
