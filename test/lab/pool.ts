/**
 * A data pool that can degrade: btrfs RAID1 on two loop files, mounted at /srv/pool and known to libvirt as "data". Real I/O errors
 * come from a leg's file losing its blocks under the running file system. (md and LVM need a kernel that small CI machines lack.)
 */
import { existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inside, mustInside } from './inside.ts';
import type { Layout } from './layout.ts';
import { nodeFolder } from './layout.ts';
import { LabError, must, run } from './shell.ts';

export const poolActions = ['ok', 'degrade', 'heal', 'del'] as const;
export type PoolAction = (typeof poolActions)[number];

const legFile = (layout: Layout, name: string, index: 0 | 1): string =>
  join(nodeFolder(layout, name), `pool-leg-${index}.img`);

const loopOf = async (file: string): Promise<string | undefined> =>
  (await run('losetup', ['-j', file])).stdout.split(':')[0]?.trim() || undefined;

const enter = (layout: Layout, name: string, command: string): Promise<string> =>
  mustInside(layout, name, command, { timeoutMs: 120_000 });

/** The loop device of a leg, attached on the host and present in the node. */
async function leg(layout: Layout, name: string, index: 0 | 1): Promise<string> {
  const file = legFile(layout, name, index);
  if (!existsSync(file)) {
    mkdirSync(nodeFolder(layout, name), { recursive: true });
    writeFileSync(file, '');
    truncateSync(file, 320 * 1024 * 1024);
  }
  const device = (await loopOf(file)) ?? (await must('losetup', ['-f', '--show', file])).trim();
  const number = device.replace('/dev/loop', '');
  await enter(
    layout,
    name,
    `[ -c /dev/btrfs-control ] || mknod /dev/btrfs-control c 10 234; [ -b ${device} ] || mknod ${device} b 7 ${number}`,
  );
  return device;
}

export async function pool(layout: Layout, name: string, action: PoolAction): Promise<void> {
  switch (action) {
    case 'ok': {
      const [first, second] = [await leg(layout, name, 0), await leg(layout, name, 1)];
      await enter(
        layout,
        name,
        `mkfs.btrfs -q -f -L pool -d raid1 -m raid1 ${first} ${second} && mkdir -p /srv/pool && mount ${first} /srv/pool &&
         dd if=/dev/urandom of=/srv/pool/disk.img bs=1M count=24 status=none && sync
         virsh pool-define-as data dir --target /srv/pool; virsh pool-start data; virsh pool-autostart data`,
      );
      return;
    }
    case 'degrade': {
      const first = await leg(layout, name, 0);
      const file = legFile(layout, name, 1);
      const second = await loopOf(file);
      if (second === undefined) throw new LabError(`${name} has no pool.`);
      truncateSync(file, 0);
      await run('losetup', ['-c', second]);
      await inside(
        layout,
        name,
        'dd if=/dev/urandom of=/srv/pool/x bs=1M count=4 conv=fsync status=none; btrfs scrub start -B /srv/pool; umount /srv/pool',
      );
      await must('losetup', ['-d', second]);
      rmSync(file);
      await enter(layout, name, `btrfs device scan --forget; mount -o degraded ${first} /srv/pool`);
      return;
    }
    case 'heal': {
      const second = await leg(layout, name, 1);
      await enter(
        layout,
        name,
        `btrfs replace start -B -f 2 ${second} /srv/pool &&
         btrfs balance start -dconvert=raid1,soft -mconvert=raid1,soft /srv/pool && btrfs device stats -z /srv/pool`,
      );
      return;
    }
    case 'del':
      await inside(layout, name, 'virsh pool-destroy data; virsh pool-undefine data; umount /srv/pool');
      return detachPool(layout, name);
    default:
      return action satisfies never;
  }
}

/** Detaches and deletes a node's legs; also called when the lab goes down. */
export async function detachPool(layout: Layout, name: string): Promise<void> {
  for (const index of [0, 1] as const) {
    const file = legFile(layout, name, index);
    if (!existsSync(file)) continue;
    const device = await loopOf(file);
    if (device !== undefined) await run('losetup', ['-d', device]);
    rmSync(file, { force: true });
  }
}
