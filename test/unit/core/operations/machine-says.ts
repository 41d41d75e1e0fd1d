import { unknown, type Reading } from '#shared/model/reading.ts';
import type { StepWorld } from './step-world.ts';

/** The Worker of this world answers when it is read, and says whether its pacemaker_remote runs. */
export function machineSays(world: StepWorld, runs: Reading<boolean>): void {
  const parts = ['system', 'memory', 'links', 'disks', 'domains', 'pools', 'filesystems', 'packages', 'clock'];
  const unread = Object.fromEntries(parts.map((part) => [part, unknown('not read')]));
  const state = (isActive: boolean) => [
    { unit: 'pacemaker_remote.service', activeState: isActive ? 'active' : 'inactive' },
  ];
  const services = runs.kind === 'known' ? { ...runs, value: state(runs.value) } : runs;
  Object.assign(world.context.region, {
    readNode: async () => ({
      membership: { role: 'worker' },
      observation: {
        reachability: { kind: 'reachable', at: world.time.clock.now() },
        clockOffsetMs: unread['clock'],
        slow: { ...unread, services },
      },
    }),
  });
}
