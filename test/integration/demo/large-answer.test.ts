import { expect, test } from 'vitest';
import { hostKeyOf } from '../../../electron/demo/ssh/host-keys.ts';
import { jumpHost, startServers } from '../../../electron/demo/ssh/servers.ts';
import { runningClock } from '../../../electron/demo/world/clock.ts';
import { World } from '../../../electron/demo/world/world.ts';
import { openShell } from './shell.ts';

test('an answer that is larger than a channel’s window arrives whole, with what was said on stderr beside it', async ({
  onTestFinished,
}) => {
  const clock = runningClock(1);
  const world = new World(1, 3, clock);
  const [control] = world.controls();
  if (control === undefined) throw new Error('no control');
  const keyOf = (machine: string) => hostKeyOf(1, machine);
  const answer = { stdout: 'x'.repeat(5_000_000), stderr: 'said', status: 3 };
  const servers = await startServers({
    world,
    registry: { find: () => ({ kind: 'answers', answer: () => answer }) },
    onUnknown: ({ script }) => expect.unreachable(script),
    login: { user: 'root', password: 'secret' },
    keyOf,
  });
  const named = (machine: string, host: string, port: number) => ({
    host,
    port,
    type: 'ssh-ed25519',
    keyBase64: keyOf(machine).keyBase64,
  });
  onTestFinished(async () => {
    clock.stop();
    await servers.close();
  });
  const hostKeys = [named(jumpHost, '127.0.0.1', servers.port), named(control.name, control.address, 22)];
  const shell = await openShell(
    { onTestFinished },
    { port: servers.port, password: 'secret', hostKeys },
    control.address,
  );
  // Twice: what was left over of the first must not be in the second.
  for (let time = 0; time < 2; time += 1) {
    const { stdout, stderr, exitStatus } = await shell.run(
      { script: 'any', privilege: 'none' },
      { deadlineMs: 20_000 },
    );
    expect([stdout.length, stderr, exitStatus]).toEqual([answer.stdout.length, 'said', 3]);
  }
});
