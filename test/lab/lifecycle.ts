/** Bringing a lab up and taking it down, whole. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCluster } from './cluster.ts';
import { ensureImage } from './image.ts';
import type { Layout } from './layout.ts';
import { cgroupsOf, nodeNamespace, placeOf, stateFolder } from './layout.ts';
import { prepareNode, removeNodeFiles } from './node-files.ts';
import { detachPool } from './pool.ts';
import { powerOff, powerOn, removeCgroups } from './power.ts';
import { LabError, lock, run, say } from './shell.ts';
import { waitForSsh } from './ssh.ts';
import type { LabState, Shape } from './state.ts';
import { findState, namesOf, nodeNames, writeState } from './state.ts';
import { makeDatacenter, removeDatacenter } from './wire.ts';

const lockOf = (layout: Layout): Promise<Disposable> => lock(join(stateFolder(), `lab-${layout.id}.lock`));
const pidFile = (layout: Layout): string => join(layout.folder, 'switch.pid');

/** Whether the lab is up and whole: `up` came to its end and its power switch still runs (a reboot of the host leaves neither). */
export const isUp = (layout: Layout): boolean =>
  findState(layout)?.isComplete === true && switchPid(layout) !== undefined;

/**
 * Boots the nodes and makes the cluster; candidates stay outside of it. A lab of the same shape that is up is left as it is, the
 * rest of an interrupted `up` is cleared away first, and another shape is refused. An `up` that fails leaves nothing behind.
 */
export async function up(layout: Layout, shape: Shape): Promise<LabState> {
  using _lock = await lockOf(layout);
  const found = findState(layout);
  if (found !== undefined && isUp(layout)) {
    if (JSON.stringify(found.shape) === JSON.stringify(shape)) return found;
    throw new LabError(
      `Lab ${layout.id} is up with another shape: ${JSON.stringify(found.shape)}. Take it down first.`,
    );
  }
  await clear(layout);
  const image = await ensureImage();
  try {
    return await boot(layout, { shape, image, isComplete: false });
  } catch (error) {
    // What came up half goes on taking the machine's time, and the next try's.
    await clear(layout);
    throw error;
  }
}

async function boot(layout: Layout, state: LabState): Promise<LabState> {
  const { shape, image } = state;
  writeState(layout, state);
  await makeDatacenter(layout);
  const names = (['c', 'w', 'x'] as const).flatMap((letter) => namesOf(shape, letter));
  await Promise.all(names.map((name) => prepareNode(layout, image, placeOf(layout, name))));
  await startSwitch(layout);
  await Promise.all(names.map((name) => powerOn(layout, name)));
  say(`booting ${names.join(' ')}`);
  await Promise.all(names.map((name) => waitForSsh(layout, name)));
  say('all answer ssh');
  await makeCluster(layout, namesOf(shape, 'c'), namesOf(shape, 'w'));
  const complete = { ...state, isComplete: true };
  writeState(layout, complete);
  say(`lab ${layout.id} is up`);
  return complete;
}

/** Leaves nothing of the lab: no process, mount, namespace, interface, cgroup, loop device or file. */
export async function down(layout: Layout): Promise<void> {
  using _lock = await lockOf(layout);
  await clear(layout);
}

async function clear(layout: Layout): Promise<void> {
  // The switch first, or it would go on booting what is taken down here.
  const pid = switchPid(layout);
  if (pid !== undefined) process.kill(pid, 'SIGTERM');
  const names = nodeNames(layout);
  await Promise.all(names.map((name) => powerOff(layout, name)));
  await killLeftovers(layout);
  for (const name of names) {
    await detachPool(layout, name);
    await removeNodeFiles(layout, name);
  }
  // A namespace whose node has lost its folder, after an interrupted command.
  if (existsSync('/run/netns'))
    for (const name of readdirSync('/run/netns'))
      if (name.startsWith(nodeNamespace(layout, ''))) await run('ip', ['netns', 'del', name]);
  await removeDatacenter(layout);
  removeCgroups(cgroupsOf(layout));
  rmSync(layout.folder, { recursive: true, force: true });
}

/** Whatever still stands in this lab's cgroups was started by it, and nothing else can be there. */
async function killLeftovers(layout: Layout): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const pids = cgroupsOf(layout).flatMap((cgroup) => processesIn(cgroup));
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself meanwhile.
      }
    }
    await sleep(100);
  }
}

function processesIn(cgroup: string): readonly number[] {
  if (!existsSync(cgroup)) return [];
  const own = readFileSync(join(cgroup, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  const below = readdirSync(cgroup, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...own, ...below.flatMap((entry) => processesIn(join(cgroup, entry.name)))].filter((pid) => pid > 0);
}

function switchPid(layout: Layout): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile(layout), 'utf8'));
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('fence-switch.ts') ? pid : undefined;
  } catch {
    return undefined;
  }
}

async function startSwitch(layout: Layout): Promise<void> {
  mkdirSync(layout.folder, { recursive: true });
  const log = openSync(join(layout.folder, 'switch.log'), 'a');
  const child = spawn(
    'nsenter',
    [
      `--net=/run/netns/${layout.datacenter}`,
      process.execPath,
      join(import.meta.dirname, 'fence-switch.ts'),
      String(layout.id),
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  child.unref();
  writeFileSync(pidFile(layout), String(child.pid));
}
