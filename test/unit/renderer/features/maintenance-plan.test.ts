import { describe, expect, test } from 'vitest';
import { noChoices, type MaintenanceChoices } from '../../../../shared/model/maintenance.ts';
import { afterOk } from '../../../../renderer/features/maintenance/maintenance-words.ts';
import { planChanges } from '../../../../renderer/features/maintenance/plan-changes.ts';
import {
  isOverLimit,
  percentWords,
  planSummary,
  shares,
} from '../../../../renderer/features/maintenance/plan-words.ts';
import { blocked, doubtful, passes, ready, vm } from '../../../e2e/helpers/maintenance.ts';

const now = Date.UTC(2026, 10, 23, 13, 2, 18);

describe('the plan in words', () => {
  test('its sum says how many VMs, how much memory, and what happens to them', () => {
    expect(planSummary(blocked(now).vms)).toBe('10 VMs, 328 GiB: 8 live-migrate, 1 restarts elsewhere, 1 cannot move');
    expect(planSummary([vm('one', 'n2')])).toBe('1 VM, 16 GiB: 1 live-migrates');
  });

  test('memory that is not known of a VM makes the sum a least one, never a smaller one', () => {
    expect(planSummary(doubtful(now).vms)).toBe('8 VMs, at least 208 GiB: 8 live-migrate');
  });

  test('a target whose whole is not known has no share', () => {
    const target = { node: 'n2', totalBytes: null, beforeBytes: 1, afterBytes: 2 };
    expect(shares(target)).toBe(null);
    expect(shares({ ...target, totalBytes: 4 })).toEqual({ before: 25, after: 50 });
  });

  test('a target reads in its row as in its check: rounded up, and marked from 90 % on', () => {
    const after = (share: number) => ({ node: 'n2', totalBytes: 1000, beforeBytes: 0, afterBytes: 1000 * share });
    expect([0, 0.5, 0.9, 0.902, 0.963].map((share) => percentWords(shares(after(share))?.after ?? NaN))).toEqual([
      '0',
      '50',
      '90',
      '91',
      '97',
    ]);
    expect([0.899, 0.9, 0.902].map((share) => isOverLimit(after(share)))).toEqual([false, true, true]);
  });
});

describe('what happens after OK', () => {
  const node = (change: Partial<MaintenanceChoices>, answer = ready(now)) => ({
    choices: { ...noChoices, ...change },
    answer,
    before: null,
    readingSince: null,
    problem: null,
  });

  test('a node whose VMs all leave goes into maintenance, but not where only what can move was asked for', () => {
    expect(afterOk([node({})])).toContain('then In maintenance');
    const moves = afterOk([node({ movesOnlyWhatCan: true })]);
    expect(moves).toBe('After OK: every VM moves away, and the node ends Active.');
    expect(afterOk([node({ movesOnlyWhatCan: true }, blocked(now))])).toBe(
      'After OK: what can move moves; the rest stays, and the node ends Active.',
    );
  });

  test('of several nodes that move only what can, each ends as Active', () => {
    expect(afterOk([node({}), node({})])).not.toContain('Active');
    expect(afterOk([node({ movesOnlyWhatCan: true }), node({ movesOnlyWhatCan: true })])).toBe(
      'After OK: one after the other, in this order; what can move moves, and each node ends Active. The first that fails stops the rest.',
    );
  });
});

describe('what changed between two plans', () => {
  test('a figure that flickers is no change; a state, an effect, a target, a VM more or less is', () => {
    const before = ready(now);
    const flickers = {
      ...before,
      checks: before.checks.map((check) => ({ ...check, figure: 'other' })),
      targets: before.targets.map((target) => ({ ...target, beforeBytes: target.beforeBytes + 1 })),
    };
    expect(planChanges(before, flickers)).toEqual({ checks: new Set(), vms: new Set(), gone: [] });
    const [first, second, ...rest] = before.vms;
    const changed = {
      ...before,
      checks: [
        { ...passes[0]!, state: 'blocker' as const },
        ...before.checks.filter(({ code }) => code !== passes[0]!.code),
      ],
      vms: [{ ...first!, target: 'fra2-r09-n09' }, ...rest, vm('new-vm', 'fra2-r02-n03')],
    };
    expect(planChanges(before, changed)).toEqual({
      checks: new Set([passes[0]!.code]),
      vms: new Set([first!.resource, 'new-vm']),
      gone: [second!.resource],
    });
  });

  test('without an answer before there is nothing to compare', () => {
    expect(planChanges(null, ready(now)).vms.size).toBe(0);
  });
});
