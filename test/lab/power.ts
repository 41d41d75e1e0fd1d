/**
 * Power: a node is a systemd-nspawn container that boots a full Debian. Called from the lab's commands and from the power switch,
 * also at the same time, hence a lock for each node.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Layout } from './layout.ts';
import { cgroupsOf, nodeFolder, nodeNamespace, placeOf } from './layout.ts';
import { rootOf } from './node-files.ts';
import { LabError, lock, words } from './shell.ts';
import { setLink, squeeze, unwireNode, wireNode } from './wire.ts';

/** A note in a node's folder that outlives the command which wrote it: a fault that holds, the pid. */
export const note = (layout: Layout, name: string, key: string): string => join(nodeFolder(layout, name), key);

const pidOf = (layout: Layout, name: string): number | undefined => {
  try {
    const pid = Number(readFileSync(note(layout, name, 'pid'), 'utf8'));
    // A number alone may belong to someone else by now.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(rootOf(layout, name)) ? pid : undefined;
  } catch {
    return undefined;
  }
};

/** The pid of a running node's init, seen from the host; undefined when it is off. */
export function initOf(layout: Layout, name: string): number | undefined {
  const pid = pidOf(layout, name);
  if (pid === undefined) return undefined;
  try {
    const first = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
    return first > 0 ? first : undefined;
  } catch {
    return undefined;
  }
}

export const isOn = (layout: Layout, name: string): boolean => initOf(layout, name) !== undefined;
export const isFrozen = (layout: Layout, name: string): boolean => existsSync(note(layout, name, 'frozen'));

/** Boots a node, unless it is on, or is "dead": then the switch takes the command and nothing happens. */
export async function powerOn(layout: Layout, name: string): Promise<void> {
  if (existsSync(note(layout, name, 'dead'))) return;
  using _lock = await lock(note(layout, name, 'lock'));
  if (pidOf(layout, name) !== undefined) return;
  await wireNode(layout, placeOf(layout, name));
  if (existsSync(note(layout, name, 'slow')))
    await squeeze(layout, name, Number(readFileSync(note(layout, name, 'slow'), 'utf8')));
  const cgroups = cgroupsOf(layout, name);
  for (const cgroup of cgroups) mkdirSync(cgroup, { recursive: true });
  const log = openSync(note(layout, name, 'console.log'), 'a');
  // Into its own cgroups before nspawn starts: --keep-unit shares the caller's, and all nodes' systemds would fight over one tree.
  // nsenter before nspawn: with nspawn's own --network-namespace-path the node shows the host's /sys/class/net, and `ip netns exec`
  // loses /sys/fs/cgroup, without which nspawn does not start.
  const child = spawn(
    'sh',
    [
      '-ec',
      'n=$1; shift; while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done; shift; exec nsenter --net="$n" "$@"',
      'sh',
      `/run/netns/${nodeNamespace(layout, name)}`,
      ...cgroups,
      '--',
      'systemd-nspawn',
      '-D',
      rootOf(layout, name),
      ...words(
        `-q -M ${nodeNamespace(layout, name)} --hostname=${name} --register=no --keep-unit --capability=all ` +
          '--link-journal=no --console=pipe --resolv-conf=off --timezone=off',
      ),
      ...['/dev/kvm', '/dev/loop-control'].filter((device) => existsSync(device)).map((device) => `--bind=${device}`),
      '-b',
      'systemd.log_target=journal',
    ],
    {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
    },
  );
  closeSync(log);
  if (child.pid === undefined) throw new LabError(`${name} could not be started.`);
  child.unref();
  writeFileSync(note(layout, name, 'pid'), String(child.pid));
  // The lock is kept until the process can be told by its command line, else a second caller would boot it twice.
  for (let tries = 0; tries < 100 && pidOf(layout, name) === undefined && child.exitCode === null; tries++)
    await sleep(20);
}

/**
 * Takes the power away: the container's init gets SIGKILL, and the kernel takes everything below it. The links go first, so that no
 * FIN or RST of a dying socket tells the peers what a power loss would not.
 */
export async function powerOff(layout: Layout, name: string): Promise<void> {
  using _lock = await lock(note(layout, name, 'lock'));
  const pid = pidOf(layout, name);
  const init = initOf(layout, name);
  if (pid !== undefined)
    for (const link of [0, 1] as const) await setLink(layout, name, link, false).catch(() => undefined);
  if (init !== undefined) process.kill(init, 'SIGKILL');
  // nspawn itself stands in the frozen cgroup too, and must run to see its child dead. The node itself is killed by then.
  thaw(layout, name);
  for (let tries = 0; tries < 250 && pidOf(layout, name) !== undefined; tries++) {
    if (tries === 150 && pid !== undefined) process.kill(pid, 'SIGKILL');
    await sleep(20);
  }
  rmSync(note(layout, name, 'pid'), { force: true });
  await unwireNode(layout, name);
  removeCgroups(cgroupsOf(layout, name));
}

/** Stops every process of a node without any of them noticing, as a hung kernel would. */
export function freeze(layout: Layout, name: string): void {
  writeFileSync(join(cgroupsOf(layout, name)[0] ?? '', 'cgroup.freeze'), '1');
  writeFileSync(note(layout, name, 'frozen'), '');
}

export function thaw(layout: Layout, name: string): void {
  const file = join(cgroupsOf(layout, name)[0] ?? '', 'cgroup.freeze');
  if (existsSync(file)) writeFileSync(file, '0');
  rmSync(note(layout, name, 'frozen'), { force: true });
}

/** Removes cgroups with all below them; a cgroup that still has a process stays. */
export function removeCgroups(cgroups: readonly string[]): void {
  const remove = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) remove(join(folder, entry.name));
    try {
      rmdirSync(folder);
    } catch {
      // Still in use; the next power-on takes it over.
    }
  };
  for (const cgroup of cgroups) if (existsSync(cgroup)) remove(cgroup);
}
