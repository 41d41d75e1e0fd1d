/** A node's disk: an overlay on the image, and what makes this node itself. Made once, it survives power cycles. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Image } from './image.ts';
import type { Layout, NodePlace } from './layout.ts';
import { allPlaces, nodeFolder } from './layout.ts';
import { LabError, must, run } from './shell.ts';

export const rootOf = (layout: Layout, name: string): string => join(nodeFolder(layout, name), 'root');

const isMounted = async (folder: string): Promise<boolean> => (await run('mountpoint', ['-q', folder])).code === 0;

/** Mounts the node's disk and, the first time, writes its name, ids and host keys. */
export async function prepareNode(layout: Layout, image: Image, place: NodePlace): Promise<void> {
  const folder = nodeFolder(layout, place.name);
  const root = rootOf(layout, place.name);
  for (const part of ['upper', 'work', 'root']) mkdirSync(join(folder, part), { recursive: true });
  if (!(await isMounted(root))) {
    const lower = place.role === 'worker' ? `${image.worker}:${image.base}` : image.base;
    const options = `lowerdir=${lower},upperdir=${join(folder, 'upper')},workdir=${join(folder, 'work')}`;
    await must('mount', ['-t', 'overlay', `${layout.datacenter}-${place.name}`, '-o', options, root]);
  }
  const done = join(folder, 'prepared');
  if (existsSync(done)) return;
  const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
  const number = (layout.id * 256 + place.number).toString(16);
  write('etc/hostname', `${place.name}\n`);
  // Every name that may ever join, on every node: live migration goes to qemu+ssh://NODE, and pcs wants names that resolve.
  write(
    'etc/hosts',
    ['127.0.0.1 localhost', ...allPlaces(layout).map(({ address, name }) => `${address} ${name}`), ''].join('\n'),
  );
  write('etc/machine-id', `d5${number.padStart(30, '0')}\n`);
  // libvirt refuses to migrate between two hosts with the same uuid, and containers all show the host's DMI.
  write(
    'etc/libvirt/libvirtd.conf',
    `host_uuid = "d5d5d5d5-0000-4000-8000-${number.padStart(12, '0')}"\nunix_sock_group = "libvirt"\n`,
  );
  // All key types that Debian makes: ssh-keyscan and known_hosts are then as on a real node.
  await must('ssh-keygen', ['-q', '-A', '-f', root]);
  writeFileSync(done, '');
}

/** Unmounts and deletes a node's disk; the node must be off. */
export async function removeNodeFiles(layout: Layout, name: string): Promise<void> {
  const root = rootOf(layout, name);
  for (let attempt = 0; attempt < 20 && (await isMounted(root)); attempt++)
    if ((await run('umount', [root])).code !== 0) await sleep(250);
  if (await isMounted(root)) throw new LabError(`${root} is still in use and cannot be unmounted.`);
  rmSync(nodeFolder(layout, name), { recursive: true, force: true });
}
