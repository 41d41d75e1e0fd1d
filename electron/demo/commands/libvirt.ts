import { domainXml } from '../render/domain-xml.ts';
import type { MigrationProgress } from '../world/migration.ts';
import { isSilent, type DemoDomain, type DemoNode, type DemoVm } from '../world/node.ts';
import type { World } from '../world/world.ts';
import { noSocket, sectioned, toolSection, type Answer, type AnswerSection } from './command.ts';

/** Why a connection to libvirt's socket fails. */
const because = "Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory";

/** Domains with what the cluster's side of the world knows of them. */
function domainsOf(world: World, node: DemoNode): readonly { readonly vm: DemoVm; readonly domain: DemoDomain }[] {
  return [...node.domains.values()].flatMap((domain) => {
    const vm = world.vms.get(domain.vm);
    return vm === undefined ? [] : [{ vm, domain }];
  });
}

function dumpXml(world: World, node: DemoNode): Partial<Answer> {
  if (node.libvirt !== 'running') return { stderr: noSocket.stderr };
  return {
    stdout: domainsOf(world, node)
      .map(({ vm }, index) => domainXml(vm, index + 1))
      .join(''),
  };
}

const listText = (world: World, node: DemoNode): string =>
  `${domainsOf(world, node)
    .map(({ vm }) => `${vm.uuid} ${vm.id}\n`)
    .join('')}\n`;

export const answerDomains = sectioned(({ world, node }) => {
  if (node.libvirt !== 'running')
    return [
      toolSection('list', noSocket),
      toolSection('domstats', noSocket),
      toolSection('dumpxml', dumpXml(world, node)),
    ];
  const stats = domainsOf(world, node).map(({ vm, domain }) => {
    const kib = vm.memoryMib * 1024;
    return `Domain: '${vm.id}'\n  state.state=${domain.state === 'running' ? 1 : 3}\n  state.reason=1\n  balloon.current=${kib}\n  balloon.maximum=${kib}\n  balloon.rss=${Math.round(kib * 0.93)}\n  vcpu.current=${vm.vcpus}\n  vcpu.maximum=${vm.vcpus}\n\n`;
  });
  return [
    toolSection('list', { stdout: listText(world, node) }),
    toolSection('domstats', { stdout: stats.join('') }),
    toolSection('dumpxml', dumpXml(world, node)),
  ];
});

export const answerPciDevices = sectioned(({ world, node }) => {
  const record = (slot: string, words: Readonly<Record<string, string>>): string =>
    [`Slot:\t${slot}`, ...Object.entries(words).map(([tag, value]) => `${tag}:\t${value}`)].join('\n');
  const intel = 'Intel Corporation [8086]';
  const taken = new Set(domainsOf(world, node).map(({ vm }) => vm.gpuSlot));
  const records = [
    record('0000:00:00.0', {
      Class: 'Host bridge [0600]',
      Vendor: intel,
      Device: 'Ice Lake Memory Map/VT-d [09a2]',
      IOMMUGroup: '0',
    }),
    ...['0000:17:00.0', '0000:17:00.1'].map((slot, index) =>
      record(slot, {
        Class: 'Ethernet controller [0200]',
        Vendor: 'Mellanox Technologies [15b3]',
        Device: 'MT27710 Family [ConnectX-4 Lx] [1015]',
        Driver: 'mlx5_core',
        Module: 'mlx5_core',
        IOMMUGroup: String(20 + index),
      }),
    ),
    ...node.hardware.gpus.map((slot, index) =>
      record(slot, {
        Class: '3D controller [0302]',
        Vendor: 'NVIDIA Corporation [10de]',
        Device: 'GA102GL [A10] [2236]',
        Driver: taken.has(slot) ? 'vfio-pci' : 'nvidia',
        Module: 'nvidia',
        IOMMUGroup: String(40 + index),
      }),
    ),
  ];
  return [
    toolSection('lspci', { stdout: `${records.join('\n\n')}\n\n` }),
    toolSection('sysfs', {}),
    toolSection('dumpxml', node.hardware.gpus.length > 0 ? dumpXml(world, node) : {}),
  ];
});

/** `virsh domjobinfo --rawstats`. */
function jobInfoText(progress: MigrationProgress | undefined): string {
  if (progress === undefined) return 'Job type: 0\n\n';
  const { totalBytes, processedBytes, remainingBytes, bytesPerSecond, dirtyPagesPerSecond, iteration, elapsedMs } =
    progress;
  return `Job type: 2

operation: 5
time_elapsed: ${elapsedMs}
downtime: 300
setup_time: 3
data_total: ${totalBytes}
data_processed: ${processedBytes}
data_remaining: ${remainingBytes}
memory_total: ${totalBytes}
memory_processed: ${processedBytes}
memory_remaining: ${remainingBytes}
memory_bps: ${bytesPerSecond}
memory_constant: 480
memory_normal: ${Math.round(processedBytes / 4096)}
memory_normal_bytes: ${processedBytes}
memory_dirty_rate: ${dirtyPagesPerSecond}
memory_iteration: ${iteration}
memory_postcopy_requests: 0
memory_page_size: 4096
disk_total: 0
disk_processed: 0
disk_remaining: 0
`;
}

const onTargetOnly = 'error: Operation not supported: migration statistics are available only on the source host\n';

function jobOf(domain: DemoDomain): { readonly text: string; readonly error: string; readonly status: number } {
  if (domain.reason === 'migrating') return { text: '', error: onTargetOnly, status: 1 };
  return { text: jobInfoText(domain.job?.progress()), error: '', status: 0 };
}

export const answerJobs = sectioned(({ node, args }) =>
  args.map((name, index): AnswerSection => {
    const section = String(index + 1);
    const domain = node.domains.get(name);
    if (node.libvirt !== 'running') return toolSection(section, noSocket);
    if (domain === undefined)
      return toolSection(section, { stderr: `error: failed to get domain '${name}'\n`, status: 1 });
    return { name: section, ...jobOf(domain) };
  }),
);

export const answerActiveDomains = sectioned(({ world, node }) => {
  if (node.libvirt !== 'running')
    return [toolSection('list', noSocket), toolSection('jobs', { stderr: noSocket.stderr })];
  const all = domainsOf(world, node).map(({ vm, domain }) => ({ vm, domain, job: jobOf(domain) }));
  return [
    toolSection('list', { stdout: listText(world, node) }),
    toolSection('jobs', {
      stdout: all
        .map(({ vm, domain, job }) => `# ${vm.uuid}\n${domain.state} (${domain.reason})\n${job.text}`)
        .join(''),
      stderr: all.map(({ vm, job }) => `error: # ${vm.uuid}\n${job.error}`).join(''),
      status: all.at(-1)?.job.status ?? 0,
    }),
  ];
});

/** The machine that a way of virsh's leads to; `error`: its words where nobody answers there. */
function atWay(world: World, here: DemoNode, way: string): DemoNode | { readonly error: string } {
  const name = decodeURIComponent(/^qemu\+ssh:\/\/(.+)\/system$/u.exec(way)?.[1] ?? here.name);
  const node = world.nodes.get(name);
  if (node === undefined || isSilent(node))
    return {
      error: `error: failed to connect to the hypervisor\nerror: Cannot recv data: ssh: connect to host ${node?.address ?? name} port 22: No route to host: Connection reset by peer\n`,
    };
  if (node.libvirt !== 'running')
    return {
      error: `error: failed to connect to the hypervisor\nerror: End of file while reading data: virt-ssh-helper: cannot connect to '/var/run/libvirt/libvirt-sock': ${because}: Input/output error\n`,
    };
  return node;
}

export const answerDomainPlaces = sectioned(({ world, node, args: [name = '', ...ways] }) =>
  ways.map((way, index): AnswerSection => {
    const section = String(index + 1);
    const at = atWay(world, node, way);
    if ('error' in at) return toolSection(section, { stderr: at.error, status: 1 });
    const domain = at.domains.get(name);
    if (domain === undefined)
      return toolSection(section, { stderr: `error: failed to get domain '${name}'\n`, status: 1 });
    return toolSection(section, { stdout: `${domain.state} (${domain.reason})\n\n` });
  }),
);

export const answerReachableTargets = sectioned(({ world, node, args }) =>
  args.map((way, index): AnswerSection => {
    const at = atWay(world, node, way);
    return toolSection(String(index + 1), 'error' in at ? { stderr: at.error, status: 1 } : {});
  }),
);
