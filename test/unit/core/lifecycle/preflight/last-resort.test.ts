import { expect, it } from 'vitest';
import { preflight } from '../../../../../electron/core/lifecycle/preflight/preflight.ts';
import { noChoices } from '../../../../../shared/model/maintenance.ts';
import { factsOf, noon } from './facts-of.ts';

it('a node that was fenced within the hour gets VMs only where no other has room', () => {
  const fencing = (minutesAgo: number) => (answer: ReturnType<typeof factsOf>['answer']) => ({
    ...answer,
    fencing: [
      {
        target: 'lab-c3',
        action: 'reboot',
        delegate: 'lab-c1',
        client: 'pacemaker-controld',
        status: 'success' as const,
        completedAt: noon - minutesAgo * 60_000,
        exitReason: '',
      },
    ],
  });
  const targets = (minutesAgo: number) =>
    preflight(factsOf({ answer: fencing(minutesAgo) })).vms.map(({ target }) => target);
  expect(targets(10)).not.toContain('lab-c3');
  expect(targets(61)).toContain('lab-c3');
  const chosen = factsOf({
    answer: fencing(10),
    plan: { choices: { ...noChoices, targets: { vm1: 'lab-c3' } } },
  });
  expect(preflight(chosen).vms[0]).toMatchObject({ resource: 'vm1', target: 'lab-c3' });
});
