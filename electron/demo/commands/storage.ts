import type { DemoNode } from '../world/node.ts';
import type { World } from '../world/world.ts';
import { printed, sectioned, toolSection } from './command.ts';

/** The data pool is rebuilt at so many percent an hour of the region's time, and begins again when it is whole. */
const percentAnHour = 12;

export const answerDisks = sectioned(({ node }) => {
  const disks = node.hardware.disks;
  const devices = disks.map(({ name, model, serial, sizeBytes, isRotational, isOfPool }) => ({
    name,
    type: 'disk',
    size: sizeBytes,
    model,
    serial,
    rota: isRotational,
    tran: name.startsWith('nvme') ? 'nvme' : 'sata',
    wwn: `eui.${serial}`,
    rm: false,
    ...(isOfPool
      ? {
          children: [
            {
              name: 'md0',
              type: 'raid1',
              size: sizeBytes,
              model: null,
              serial: null,
              rota: false,
              tran: null,
              wwn: null,
              rm: false,
            },
          ],
        }
      : {}),
  }));
  return [
    printed('lsblk', JSON.stringify({ blockdevices: devices }, undefined, 3)),
    ...disks.map(({ name, model, serial }) => {
      const passed = !node.failedDisks.has(name);
      const type = name.startsWith('nvme') ? 'nvme' : 'ata';
      return toolSection(`smart.${name}`, {
        stdout: `${JSON.stringify(
          {
            json_format_version: [1, 0],
            smartctl: {
              version: [7, 3],
              argv: ['smartctl', '-n', 'standby', '-j', '-i', '-H', `/dev/${name}`],
              exit_status: passed ? 0 : 8,
            },
            device: { name: `/dev/${name}`, info_name: `/dev/${name}`, type, protocol: type.toUpperCase() },
            model_name: model,
            serial_number: serial,
            smart_status: { passed },
          },
          undefined,
          2,
        )}\n`,
        status: passed ? 0 : 8,
      });
    }),
  ];
});

export const answerPools = sectioned(({ world, node }) => {
  const missing = (tool: string) => toolSection(tool, { status: 127 });
  return [
    toolSection('mdstat', { stdout: mdstatText(world, node) }),
    toolSection('btrfs-mounts', { status: 1 }),
    toolSection('btrfs-show', { status: 2 }),
    toolSection('btrfs-stats', {}),
    missing('zpool'),
    printed(
      'lvs',
      '  {\n      "report": [\n          {\n              "lv": [\n              ]\n          }\n      ]\n  }',
    ),
    toolSection('ceph', { status: 1 }),
    missing('drbd'),
    toolSection('drbd-proc', { status: 1 }),
    toolSection('traces', { status: 2 }),
  ];
});

function mdstatText(world: World, { hardware, failedDisks }: DemoNode): string {
  const members = hardware.disks.filter(({ isOfPool }) => isOfPool).map(({ name }) => name);
  const failed = members.filter((name) => failedDisks.has(name)).length;
  const blocks = 7_501_334_528;
  const words = members
    .map((name, index) => `${name}[${index}]${failedDisks.has(name) && failed === members.length ? '(F)' : ''}`)
    .toReversed();
  const head = 'Personalities : [raid1] \n';
  const tail = '\nunused devices: <none>\n';
  if (failed === members.length)
    return `${head}md0 : inactive ${words.join(' ')}\n      ${blocks} blocks super 1.2\n${tail}`;
  if (failed === 0)
    return `${head}md0 : active raid1 ${words.join(' ')}\n      ${blocks} blocks super 1.2 [2/2] [UU]\n      bitmap: 3/56 pages [12KB], 65536KB chunk\n${tail}`;
  const hours = ((world.clock.now() % 86_400_000) / 3_600_000) * world.clock.speed;
  const percent = (23.4 + hours * percentAnHour) % 100;
  const bar = '='.repeat(Math.floor(percent / 5));
  return `${head}md0 : active raid1 ${words.join(' ')}
      ${blocks} blocks super 1.2 [2/1] [U_]
      [${`${bar}>`.padEnd(20, '.').slice(0, 20)}]  recovery = ${percent.toFixed(1)}% (${Math.round((blocks * percent) / 100)}/${blocks}) finish=${Math.round((100 - percent) * 5)}.0min speed=233456K/sec
      bitmap: 21/56 pages [84KB], 65536KB chunk
${tail}`;
}
