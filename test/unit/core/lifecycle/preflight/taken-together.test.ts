import { expect, it } from 'vitest';
import { preflight } from '../../../../../electron/core/lifecycle/preflight/preflight.ts';
import { memberId } from '../../../../../shared/model/ids.ts';
import { noChoices } from '../../../../../shared/model/maintenance.ts';
import { factsOf } from './facts-of.ts';

const choices = (change: Partial<typeof noChoices>) => ({ plan: { choices: { ...noChoices, ...change } } });
/** Where the plan's VMs would go. */
const targetsIn = (change: Partial<typeof noChoices> = {}) =>
  preflight(factsOf(choices(change))).vms.map(({ target }) => target);

it('none of its VMs goes to a node that is taken out together with it', () => {
  const first = targetsIn()[0] ?? '';
  const alsoOut = [memberId(first)];
  const targets = targetsIn({ alsoOut });
  expect(targets).not.toContain(first);
  expect(targets).not.toContain(null);
  expect(preflight(factsOf(choices({ alsoOut, targets: { vm1: first } }))).vms[0]?.because).toBe(
    `it cannot go to ${first}, which was chosen: it is taken out of service too`,
  );
});
