import { expect, test } from 'vitest';
import { run } from '../../../electron/core/cluster/writes/shown-command.ts';
import { unitWords } from '../../../electron/core/cluster/writes/unit.ts';
import { stage } from './cases.ts';
import { stillDemo } from './still-demo.ts';

/** Verbs of the tools of which some others are simulated. None of them was captured. */
test.each([
  ['systemctl', 'restart', 'corosync.service'],
  ['systemctl', 'stop', 'corosync.service'],
  ['systemctl', 'start', 'rackside-x.service'],
  ['virsh', '-c', 'qemu:///system', 'shutdown', 'web-001'],
  ['stonith_admin', '--history', 'demo-c3'],
  ['journalctl', '-k'],
  [...unitWords('rackside-x.service', 60, 60), 'pcs', 'cluster', 'node', 'add', 'demo-x1'],
  [...unitWords('rackside-x.service', 60, 60), 'pcs', 'cluster', 'node', 'clear', 'demo-c3'],
])('%s %s %s …: no capture, no answer, and nothing is done', async (...words) => {
  const demo = stillDemo();
  const { version } = demo.world;
  const { command, parse } = run(words, 1_000);
  const asked = demo.ask(stage.control, command);
  demo.pass(10_000);
  expect(parse(await asked)).toMatchObject({ kind: 'ran', exitStatus: 127, stderr: 'rackside-demo: unknown command' });
  expect(demo.unknown).toEqual([words.join(' ')]);
  expect(demo.world.version).toBe(version);
  expect([...(demo.world.nodes.get(stage.control)?.units.keys() ?? [])]).toEqual([]);
});
