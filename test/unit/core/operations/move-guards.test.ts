import { describe, expect, test } from 'vitest';
import { fail } from '#shared/problems.ts';
import type { WriteConditions } from '../../../../electron/core/operations/guarded-write.ts';
import { holdStep } from '../../../../electron/core/operations/steps/hold.ts';
import { moveVmsStep } from '../../../../electron/core/operations/steps/move-vms.ts';
import { runStep, type StepWorld } from './step-world.ts';
import { at, planned, units, world } from './two-vms.ts';

/** Notes under which conditions marks are written; the mark of another stands in the cluster, which holds a write to its conditions. */
function anothersMark(one: StepWorld): WriteConditions[] {
  const seen: WriteConditions[] = [];
  const { write } = one.context;
  const merge = write.merge.bind(write);
  Object.assign(write, {
    merge: async (step: string, changes: Parameters<typeof merge>[1], conditions: WriteConditions = {}) => {
      await merge(step, changes);
      if (step !== 'move') return;
      seen.push(conditions);
      if (conditions.unless?.includes('rackside-unit-vm1') === true)
        fail({ code: 'changed-meanwhile', message: 'Somebody else changed the same thing.', advice: 'Look.' });
    },
  });
  return seen;
}

test('R31: a VM that somebody else takes in hand at the same moment is not moved by two: the mark is written only where no other stands', async () => {
  const one = world();
  one.record = { ...one.record, vms: [planned('vm1')] };
  const conditions = anothersMark(one);
  expect(await runStep(one, moveVmsStep)).toBe('vm1: Somebody else changed the same thing.');
  expect(units(one)).toEqual([]);
  // Its own mark is no other's, or a write whose answer was lost could not be made again.
  const own = /not\(nvpair\/@value="([0-9a-f]{12}\.[0-9a-f]{6})"\)/u.exec(conditions[0]?.unless ?? '');
  expect(own?.[1]).toMatch(/^111111111111\./u);
  expect(conditions[0]?.requires).toBe('resources/primitive[@id="vm1"]');
});

describe('R9: a VM that is restarted elsewhere', () => {
  const restarts = (): StepWorld => {
    const one = world();
    one.record = { ...one.record, vms: [{ ...planned('vm1'), effect: 'restart-elsewhere' }] };
    one.onSent = (line) => {
      if (line === 'merge move') one.answer = at(one.answer, 'vm1', ['lab-c3']);
      return { kind: 'started' };
    };
    return one;
  };

  test('is bound to its target, where that touches nobody else', async () => {
    const one = restarts();
    expect(await runStep(one, moveVmsStep)).toBe('1 moved');
    expect(one.sent.filter((line) => line === 'merge move')).toHaveLength(1);
    expect(one.vm('vm1')?.state).toBe('restarted');
  });

  test('stays where another VM would be touched by it, which is named', async () => {
    const one = restarts();
    const kept = one.simulates;
    one.simulates = (edits) => `${kept(edits)}<rsc_action action="stop" resource="vm4" node="lab-c3"/>`;
    expect(await runStep(one, moveVmsStep)).toBe(
      'vm1 was not moved and runs on where it was: its restart would touch vm4 too.',
    );
    expect(one.sent).toEqual([]);
  });
});

test('R9: the hold names a VM that has not left, though a refresh shows it nowhere: it would be stopped by it', async () => {
  const one = world();
  const written: string[] = [];
  one.onSent = (line, xml) => {
    if (line === 'merge hold') written.push(xml);
    return undefined;
  };
  for (const name of ['vm1', 'vm2']) one.answer = at(one.answer, name, []);
  one.record = { ...one.record, vms: [planned('vm1'), { ...planned('vm2'), isDone: true }] };
  await runStep(one, holdStep);
  const named = /rsc-pattern=\\"!\^\(([^)]*)\)\$/u.exec(written[0] ?? '')?.[1]?.split('|');
  expect(named).toContain('vm1');
  expect(named).not.toContain('vm2');
  // What runs there and is in no plan is named, too.
  expect(named).toContain('vm3');
});
