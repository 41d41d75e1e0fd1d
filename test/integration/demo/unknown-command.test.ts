import { expect, test, type TestContext } from 'vitest';
import { run } from '../../../electron/core/cluster/writes/shown-command.ts';
import { runSections } from '../../../electron/core/ssh/sections.ts';
import { startDemo } from '../../../electron/demo/demo.ts';
import { openShell } from './shell.ts';

/** A shell of a control, and what the simulation has reported. */
async function reported({ onTestFinished }: TestContext) {
  const unknown: { readonly node: string; readonly script: string }[] = [];
  const demo = await startDemo({ nodes: 3, seed: 1, speed: 1 }, (one) => unknown.push(one));
  // Whoever was opened last is closed first.
  onTestFinished(() => demo.close());
  const shell = await openShell({ onTestFinished }, demo.ready, demo.ready.seeds[0] ?? '');
  return { shell, unknown };
}

const said = 'rackside-demo: unknown command';

test('a script that the simulation does not know ends with 127, and is reported', async (context) => {
  const { shell, unknown } = await reported(context);
  const script = 'cat /etc/shadow';
  const { stdout, stderr, exitStatus } = await shell.run({ script, privilege: 'none' }, { deadlineMs: 20_000 });
  expect([stdout, stderr.trim(), exitStatus]).toEqual(['', said, 127]);
  expect(unknown).toEqual([{ node: 'demo-c1', script }]);
});

test('a program that it does not know likewise, in a script that it knows', async (context) => {
  const { shell, unknown } = await reported(context);
  const { command, parse } = run(['shutdown', '-h', 'now'], 20_000);
  const told = parse(await runSections(shell, command, { deadlineMs: 20_000 }));
  expect(told).toMatchObject({ kind: 'ran', exitStatus: 127, stdout: '' });
  expect(told.kind === 'ran' ? told.stderr.trim() : '').toBe(said);
  expect(unknown).toEqual([{ node: 'demo-c1', script: 'shutdown -h now' }]);
});
