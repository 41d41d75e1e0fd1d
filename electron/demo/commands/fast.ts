import { countersOf, memoryKib, threadsOf } from '../render/load.ts';
import type { DemoNode } from '../world/node.ts';
import { sectioned } from './command.ts';

/** The fast probe, every few seconds on every machine: no XML and no list is touched for it. */
export const answerFast = sectioned(({ world, node }) => {
  const load = countersOf(world, node);
  const { total, free, available } = memoryKib(world, node);
  const threads = threadsOf(node);
  const busy = Math.round(load.busyTicks);
  const idle = Math.round(load.totalTicks) - busy;
  const uptime = (world.clock.now() - node.bootedAt) / 1000;
  const load1 = Math.max(0.05, (load.busyTicks / Math.max(1, load.totalTicks)) * threads);
  return [
    { name: 'stat', text: `cpu  ${Math.round(busy * 0.72)} 0 ${busy - Math.round(busy * 0.72)} ${idle} 0 0 0 0 0 0\n` },
    { name: 'online', text: `0-${threads - 1}\n` },
    {
      name: 'meminfo',
      text: `MemTotal:       ${total} kB\nMemFree:        ${free} kB\nMemAvailable:   ${available} kB\n`,
    },
    { name: 'boot-id', text: `${node.bootId}\n` },
    { name: 'loadavg', text: `${load1.toFixed(2)} ${load1.toFixed(2)} ${load1.toFixed(2)} 2/1893 40211\n` },
    { name: 'uptime', text: `${uptime.toFixed(2)} ${(idle / 100).toFixed(2)}\n` },
    { name: 'net-dev', text: netDevText(load.rxBytes, load.txBytes) },
    { name: 'diskstats', text: diskstatsText(node, load.readBytes, load.writtenBytes) },
    { name: 'clock', text: `${world.clock.now() + node.clockOffsetMs}000000\n` },
  ];
});

function netDevText(rx: number, tx: number): string {
  const line = (name: string, received: number, sent: number): string => {
    const [r, t] = [Math.round(received), Math.round(sent)];
    return `${name.padStart(6)}: ${r} ${Math.round(r / 900)}    0    0    0     0          0         0 ${t} ${Math.round(t / 900)}    0    0    0     0       0          0\n`;
  };
  return `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
${line('lo', 81_403_551, 81_403_551)}${line('eno1', rx * 0.6, tx * 0.55)}${line('eno2', rx * 0.4, tx * 0.45)}${line('bond0', rx, tx)}${line('br0', rx, tx)}`;
}

function diskstatsText({ hardware, failedDisks }: DemoNode, readBytes: number, writtenBytes: number): string {
  return hardware.disks
    .map(({ name, isOfPool }, index) => {
      const share = failedDisks.has(name) ? 0 : isOfPool ? 0.45 : 0.1;
      const [read, written] = [readBytes, writtenBytes].map((bytes) => Math.round((bytes * share) / 512));
      return `${String(name.startsWith('nvme') ? 259 : 8).padStart(4)} ${String(index).padStart(7)} ${name} ${Math.round((read ?? 0) / 64)} 0 ${read} 1200 ${Math.round((written ?? 0) / 64)} 0 ${written} 900 0 2100 2100 0 0 0 0 0 0\n`;
    })
    .join('');
}
