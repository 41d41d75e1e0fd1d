import { expect, test } from 'vitest';
import { noChoices } from '#shared/model/maintenance.ts';
import { known } from '#shared/model/reading.ts';
import { preflight } from '../../../../electron/core/lifecycle/preflight/preflight.ts';
import { asShown } from '../../../../renderer/features/maintenance/as-shown.ts';
import { factsOf, mib, noon, onNode } from '../../core/lifecycle/preflight/facts-of.ts';

/** Judged with these choices, once lab-c1 has so much of its 128 MiB in use. */
const judged = (choices: typeof noChoices, usedMib: number) =>
  preflight(
    factsOf({
      plan: { choices },
      nodes: onNode('lab-c1', (node) => ({ ...node, vmMemoryAllocatedBytes: known(usedMib * mib, noon, 5000) })),
    }),
  );

test('R4: a plan that was shown stands though a VM moved elsewhere in the region, as long as its own targets have room', () => {
  const shown = judged(noChoices, 0);
  const held = asShown(noChoices, shown);
  expect(judged(held, 0).digest).toBe(shown.digest);
  // The best plan is another one by now.
  expect(judged(noChoices, 64).digest).not.toBe(shown.digest);
  expect(judged(held, 64)).toMatchObject({ isReady: true, digest: shown.digest });
});

test('R4: one whose target has no room any more is held up, and names the VM', () => {
  const held = asShown(noChoices, judged(noChoices, 0));
  const late = judged(held, 120);
  expect(late.isReady).toBe(false);
  expect(late.checks.find(({ code }) => code === 'memory-on-targets')).toMatchObject({
    state: 'blocker',
    subjects: ['vm2'],
  });
});

test('a target that the person chose is the one that is shown', () => {
  const chosen = { ...noChoices, targets: { vm1: 'lab-w1' } };
  expect(asShown(chosen, judged(chosen, 0)).targets['vm1']).toBe('lab-w1');
});
