import { expect, test } from 'vitest';
import { known } from '#shared/model/reading.ts';
import { preflight } from '../../../../electron/core/lifecycle/preflight/preflight.ts';
import { askForPlan } from '../../../../electron/core/operations/prepare/ask-for-plan.ts';
import { checkIn, factsOf, mib, noon, onNode } from '../lifecycle/preflight/facts-of.ts';

/** `full` of each reading: the node that is found to have no room. The last one stays. */
async function plannedWhile(full: readonly string[]) {
  const asked: Readonly<Record<string, string>>[] = [];
  const nodes = () =>
    onNode(full[Math.min(asked.length, full.length - 1)] ?? '', (node) => ({
      ...node,
      vmMemoryAllocatedBytes: known(128 * mib, noon, 5000),
    }));
  const { draft, facts } = await askForPlan(
    () => factsOf({ nodes: nodes() }),
    ({ pins }) => {
      asked.push(pins);
      return Promise.resolve();
    },
  );
  const simulated = { ...factsOf({ nodes: nodes() }).simulated, pinned: draft.pins };
  const judged = { ...factsOf({ nodes: nodes() }), ...facts, simulated };
  return { asked, judged };
}

test('a plan that stands after its targets were read is asked for once', async () => {
  const { asked, judged } = await plannedWhile(['']);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ vm1: 'lab-c3' });
  expect(checkIn(judged, 'scheduler-agrees').state).toBe('pass');
});

test('R8: one that is another plan then is asked for as it is, so that the scheduler’s word is of what is shown', async () => {
  const { asked, judged } = await plannedWhile(['', 'lab-c3']);
  expect(asked).toHaveLength(2);
  expect(Object.values(asked[1] ?? {})).not.toContain('lab-c3');
  expect(asked[1]).toEqual(Object.fromEntries(preflight(judged).vms.map(({ resource, target }) => [resource, target])));
  expect(checkIn(judged, 'scheduler-agrees').state).toBe('pass');
});

test('R8: one that never stands is not known, after three times', async () => {
  const { asked, judged } = await plannedWhile(['', 'lab-c3', 'lab-c1', 'lab-w1']);
  expect(asked).toHaveLength(3);
  expect(checkIn(judged, 'scheduler-agrees').state).toBe('unknown');
});
