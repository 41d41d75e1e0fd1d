import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { FromDemo, ToDemo } from '../../../electron/demo/messages.ts';

test('the demo region lives in a process of its own, takes faults, and ends when it is asked to', async ({
  onTestFinished,
}) => {
  const child = fork(fileURLToPath(new URL('../../../electron/demo/process.ts', import.meta.url)), { stdio: 'pipe' });
  onTestFinished(() => void child.kill());
  const ask = async (message: ToDemo): Promise<FromDemo> => {
    const answer = once(child, 'message');
    child.send(message);
    const [told] = (await answer) as [FromDemo];
    return told;
  };
  const ready = await ask({ kind: 'start', options: { nodes: 6, seed: 1, speed: 1 } });
  expect(ready).toMatchObject({
    kind: 'ready',
    jump: { address: '127.0.0.1' },
    seeds: ['10.77.0.11', '10.77.0.12', '10.77.0.13'],
  });
  expect(ready.kind === 'ready' ? ready.hostKeys.length : 0).toBe(1 + 6 + 5);
  const fault = { kind: 'node-dies', node: 'nobody' } as const;
  expect(await ask({ kind: 'fault', id: 7, fault })).toEqual({
    kind: 'fault-done',
    id: 7,
    problem: 'there is no node nobody',
  });
  const exit = once(child, 'exit');
  child.send({ kind: 'close' });
  expect((await exit)[0]).toBe(0);
});
