import { describe, expect, it } from 'vitest';
import { filesystemsProbe } from '../../../../electron/core/probes/filesystems.ts';
import { captured } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';
import { answerOf, becauseOf, notInstalled, valueOf } from './parse.ts';

/** A line of `df` for one folder: that of the filesystem it lives on. */
function homeOf(text: string, device: string): string {
  const [heading = '', ...lines] = text.split('\n');
  return `${heading}\n${lines.find((line) => line.startsWith(device)) ?? ''}\n`;
}

const df = captured('pool-ok/lab-c1/df.txt');
const node = answerOf({
  df,
  mounts: 'lab-lab-c1 / overlay\n/dev/loop0 /srv/pool btrfs\n/dev/vda /mnt/with\\040space ext4\n',
  'df./var/log': homeOf(df, 'lab-lab-c1'),
  'df./mnt/data': { status: 1 },
  'df./mnt/containers': homeOf(df, '/dev/loop0'),
});

describe('the filesystems probe', () => {
  it('reads real filesystems, and watched folders with where they live', () => {
    expect(
      valueOf(filesystemsProbe, node).map(({ mountPoint, livesOn, type }) => ({ mountPoint, livesOn, type })),
    ).toEqual([
      { mountPoint: '/', livesOn: undefined, type: 'overlay' },
      { mountPoint: '/srv/pool', livesOn: undefined, type: 'btrfs' },
      { mountPoint: '/var/log', livesOn: '/', type: 'overlay' },
      { mountPoint: '/mnt/containers', livesOn: '/srv/pool', type: 'btrfs' },
    ]);
    expect(valueOf(filesystemsProbe, node)[1]).toEqual({
      mountPoint: '/srv/pool',
      device: '/dev/loop0',
      type: 'btrfs',
      sizeBytes: 167772160,
      usedBytes: 31113216,
      availableBytes: 99614720,
    });
  });

  it('lists a watched folder once where it is a mount point of its own', () => {
    const own = `${df}/dev/sdb 1000 400 600 40% /var/log\n`;
    const answer = answerOf({
      df: own,
      mounts: '/dev/sdb /var/log xfs\n',
      'df./var/log': `Filesystem\n/dev/sdb 1000 400 600 40% /var/log\n`,
    });
    const logs = valueOf(filesystemsProbe, answer).filter(({ mountPoint }) => mountPoint === '/var/log');
    expect(logs).toEqual([expect.objectContaining({ mountPoint: '/var/log', type: 'xfs', sizeBytes: 1000 })]);
  });

  it('leaves memory out also where no type is known', () => {
    const answer = answerOf({ df: captured('vm-node/lab-v1/df.txt'), mounts: '' });
    expect(valueOf(filesystemsProbe, answer).map(({ mountPoint }) => mountPoint)).toEqual(['/']);
  });

  it('is unknown without df', () => {
    expect(becauseOf(filesystemsProbe, answerOf({ df: notInstalled('df'), mounts: '' }))).toContain('not installed');
  });

  it('makes a reason or a value of anything', () => expectToSurviveGarbage(filesystemsProbe, node));
});
