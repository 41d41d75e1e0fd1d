import { memoryKib, threadsOf } from '../render/load.ts';
import type { DemoNode } from '../world/node.ts';
import { printed, sectioned, toolSection } from './command.ts';

export const answerSystem = sectioned(({ node }) => {
  const { vendor, model } = node.hardware;
  return [
    printed(
      'os-release',
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian',
    ),
    printed(
      'uname',
      `Linux ${node.name} 6.1.0-28-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22) x86_64 GNU/Linux`,
    ),
    printed('machine-id', node.machineId),
    printed('boot-id', node.bootId),
    printed(
      'dmi',
      `sys_vendor=${vendor}\nproduct_name=${model}\nproduct_serial=${node.serial}\nchassis_serial=${node.serial}\nbios_version=2.4.4`,
    ),
    toolSection('devicetree', {}),
  ];
});

export const answerCpu = sectioned(({ node }) => {
  const { cpuModel, sockets, coresPerSocket } = node.hardware;
  const threads = threadsOf(node);
  const cores = sockets * coresPerSocket;
  const numbers = Array.from({ length: threads }, (_, thread) => thread);
  const socketOf = (thread: number): number => Math.floor((thread % cores) / coresPerSocket);
  const cpuinfo = numbers.map(
    (thread) =>
      `processor\t: ${thread}\nmodel\t\t: 143\nmodel name\t: ${cpuModel}\nphysical id\t: ${socketOf(thread)}\ncore id\t\t: ${thread % coresPerSocket}\n`,
  );
  return [
    toolSection('cpuinfo', { stdout: cpuinfo.join('') }),
    printed('online', `0-${threads - 1}`),
    printed(
      'topology',
      [
        ...numbers.map((thread) => `physical_package_id=${socketOf(thread)}`),
        ...numbers.map((thread) => `thread_siblings_list=${thread % cores},${(thread % cores) + cores}`),
      ].join('\n'),
    ),
    printed(
      'lscpu',
      `Architecture:                       x86_64\nCPU(s):                             ${threads}\nVendor ID:                          ${cpuModel.startsWith('AMD') ? 'AuthenticAMD' : 'GenuineIntel'}\nModel name:                         ${cpuModel}\nThread(s) per core:                 2\nCore(s) per socket:                 ${coresPerSocket}\nSocket(s):                          ${sockets}`,
    ),
  ];
});

export const answerMemory = sectioned(({ world, node }) => {
  const { total, free, available } = memoryKib(world, node);
  const modules = Array.from(
    { length: node.hardware.memoryGib / 64 },
    (_, slot) =>
      `Memory Device\n\tTotal Width: 80 bits\n\tData Width: 64 bits\n\tSize: 64 GB\n\tForm Factor: DIMM\n\tLocator: A${slot + 1}\n\tType: DDR5\n\tSpeed: 4800 MT/s\n`,
  );
  return [
    printed('meminfo', `MemTotal:       ${total} kB\nMemFree:        ${free} kB\nMemAvailable:   ${available} kB`),
    toolSection('dmidecode', { stdout: `${modules.join('\n')}\n` }),
  ];
});

/** Which of the units that the app watches this machine has, and whether they run. */
function unitState(node: DemoNode, unit: string): 'active' | 'inactive' | 'not-found' {
  const cluster = node.services === 'running' ? 'active' : 'inactive';
  switch (unit) {
    case 'corosync.service':
    case 'pacemaker.service':
      return node.role === 'worker' ? 'not-found' : cluster;
    case 'pacemaker_remote.service':
      return node.role === 'worker' ? cluster : 'not-found';
    case 'libvirtd.service':
      return node.libvirt === 'running' ? 'active' : 'inactive';
    case 'pcsd.service':
    case 'virtlogd.service':
    case 'ssh.service':
    case 'sshd.service':
      return 'active';
    default:
      return 'not-found';
  }
}

export const servicesAnswer = (units: readonly string[]) =>
  sectioned(({ world, node }) => {
    const ms = world.clock.now() - node.bootedAt;
    const records = units.map((unit, index) => {
      const state = unitState(node, unit);
      const id = unit === 'sshd.service' ? 'ssh.service' : unit;
      const isActive = state === 'active';
      return [
        'Result=success',
        'NRestarts=0',
        `MemoryCurrent=${isActive ? 20_000_000 + index * 3_111_936 : '[not set]'}`,
        `CPUUsageNSec=${isActive ? Math.round(ms * 900 * (index + 1)) : '[not set]'}`,
        `Id=${id}`,
        `LoadState=${state === 'not-found' ? 'not-found' : 'loaded'}`,
        `ActiveState=${isActive ? 'active' : 'inactive'}`,
        `SubState=${isActive ? 'running' : 'dead'}`,
        `UnitFileState=${state === 'not-found' ? '' : 'enabled'}`,
      ].join('\n');
    });
    return [printed('systemctl', records.join('\n\n'))];
  });

const gib = 1_073_741_824;

export const answerFilesystems = sectioned(({ node }) => {
  const root = 440 * gib;
  const data = 6_900 * gib;
  const used = (30 + (node.index % 17)) * gib;
  const dataUsed = node.domains.size * 180 * gib + 90 * gib;
  const line = (device: string, size: number, taken: number, mount: string): string =>
    `${device.padEnd(14)} ${size} ${taken} ${size - taken} ${String(Math.ceil((taken / size) * 100)).padStart(7)}% ${mount}`;
  const head = 'Filesystem         1-blocks        Used   Available Capacity Mounted on';
  const hasData = node.failedDisks.size < 2;
  const dataLine = line('/dev/md0', data, dataUsed, '/mnt/data');
  const mounts = [
    '/dev/sda2 / ext4',
    'tmpfs /run tmpfs',
    'proc /proc proc',
    ...(hasData ? ['/dev/md0 /mnt/data xfs'] : []),
  ];
  return [
    printed(
      'df',
      [
        head,
        line('/dev/sda2', root, used, '/'),
        line('tmpfs', 6 * gib, 4_194_304, '/run'),
        ...(hasData ? [dataLine] : []),
      ].join('\n'),
    ),
    printed('mounts', mounts.join('\n')),
    printed('df./var/log', [head, line('/dev/sda2', root, used, '/')].join('\n')),
    hasData
      ? printed('df./mnt/data', [head, dataLine].join('\n'))
      : toolSection('df./mnt/data', { stderr: 'df: /mnt/data: Input/output error\n', status: 1 }),
    toolSection('df./mnt/containers', { status: 1 }),
  ];
});
