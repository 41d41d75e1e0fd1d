/** Tiny virtual machines: real libvirt domains under Pacemaker, with firmware and no guest, so that four of them cost nothing. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootSector } from './boot-sector.ts';
import { inside, mustInside } from './inside.ts';
import type { Layout } from './layout.ts';
import { isFrozen, isOn } from './power.ts';
import { rootOf } from './node-files.ts';
import { LabError, waitFor } from './shell.ts';
import { findState, namesOf, nodeNames } from './state.ts';

export type VmRequest = {
  readonly name: string;
  readonly memoryMiB: number;
  /** Where it prefers to run; a GPU VM may run nowhere else and never migrates. */
  readonly node: string;
  readonly hasGpu?: boolean;
  /** What runs in it: memory filled once, so that it takes time to move, or written without end. Default: firmware only, and nearly empty memory. */
  readonly memory?: 'filled' | 'rewritten';
  /** libvirt's name of it, where that is not the resource's. */
  readonly domain?: string;
  /** Whether an administrator allows its migration, whatever nodes it may run on. Default: unless it has a GPU. */
  readonly mayMigrate?: boolean;
};

/** A control node that can be asked. */
export function someControl(layout: Layout): string {
  const state = findState(layout);
  const name = namesOf(state?.shape ?? { controls: 0, workers: 0, candidates: 0 }, 'c').find(
    (each) => isOn(layout, each) && !isFrozen(layout, each),
  );
  if (name === undefined) throw new LabError('No control node of the lab is on.');
  return name;
}

function domainXml({ name, memoryMiB, hasGpu, memory, domain = name }: VmRequest): string {
  const hash = createHash('md5').update(`rackside-lab-vm-${name}`).digest('hex');
  const uuid = hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
  // type='qemu' (emulation): nested KVM is not everywhere, and firmware without a guest needs no speed.
  return `<domain type='qemu'>
  <name>${domain}</name>
  <uuid>${uuid}</uuid>
  <metadata><lab:vm xmlns:lab='urn:lab:vm' gpu='${hasGpu === true ? 'yes' : 'no'}'/></metadata>
  <memory unit='MiB'>${memoryMiB}</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type><boot dev='${memory === undefined ? 'hd' : 'fd'}'/></os>
  <features><acpi/></features>
  <cpu mode='custom' match='exact'><model>qemu64</model></cpu>
  <on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>destroy</on_crash>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator><controller type='usb' model='none'/><memballoon model='none'/><serial type='null'/>${
    memory === undefined
      ? ''
      : `<disk type='file' device='floppy'><driver name='qemu' type='raw'/><source file='/etc/pacemaker/vms/${name}.img'/><target dev='fda'/><readonly/></disk>`
  }</devices>
</domain>
`;
}

function resourceXml({ name, memoryMiB, hasGpu, mayMigrate = hasGpu !== true }: VmRequest): string {
  const pair = (set: string, key: string, value: string): string =>
    `<nvpair id="${name}-${set}-${key}" name="${key}" value="${value}"/>`;
  // Utilization is set by the lab: the agent's own would make capacities necessary that the nodes do not have, and no VM would start.
  const parameters = [
    ['config', `/etc/pacemaker/vms/${name}.xml`],
    ['hypervisor', 'qemu:///system'],
    ['migration_transport', 'ssh'],
    ['autoset_utilization_cpu', 'false'],
    ['autoset_utilization_hv_memory', 'false'],
    ['autoset_utilization_host_memory', 'false'],
  ] as const;
  const operations = { start: 60, stop: 30, migrate_to: 60, migrate_from: 60 };
  return `<primitive id="${name}" class="ocf" provider="heartbeat" type="VirtualDomain">
<instance_attributes id="${name}-instance_attributes">${parameters.map(([key, value]) => pair('instance_attributes', key, value)).join('')}</instance_attributes>
<operations>${Object.entries(operations)
    .map(([op, seconds]) => `<op id="${name}-${op}-interval-0s" name="${op}" interval="0s" timeout="${seconds}s"/>`)
    .join('')}<op id="${name}-monitor-interval-10s" name="monitor" interval="10s" timeout="30s"/></operations>
<meta_attributes id="${name}-meta_attributes">${pair('meta_attributes', 'allow-migrate', String(mayMigrate))}</meta_attributes>
<utilization id="${name}-utilization">${pair('utilization', 'memory', String(memoryMiB))}</utilization>
</primitive>`;
}

function preferenceXml({ name, node, hasGpu }: VmRequest): string {
  return hasGpu === true
    ? `<rsc_location id="location-${name}" rsc="${name}"><rule id="location-${name}-rule" score="-INFINITY"><expression id="location-${name}-rule-expr" attribute="#uname" operation="ne" value="${node}"/></rule></rsc_location>`
    : `<rsc_location id="location-${name}-${node}-50" rsc="${name}" node="${node}" score="50"/>`;
}

/** Defines a VM on every node. The XML must lie on each at the same path, on nodes that are off too: hence by the file system and not by ssh. */
function define(layout: Layout, vm: VmRequest): void {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(vm.name)) throw new LabError(`'${vm.name}' is no name for a VM.`);
  const { name, memory, memoryMiB } = vm;
  const files: (readonly [string, string | Buffer])[] = [[`${name}.xml`, domainXml(vm)]];
  if (memory !== undefined) files.push([`${name}.img`, bootSector(memoryMiB - 4, memory === 'rewritten')]);
  for (const node of nodeNames(layout))
    for (const [file, content] of files) {
      const path = join(rootOf(layout, node), 'etc/pacemaker/vms', file);
      // A disk that a VM has open is left alone.
      if (!existsSync(path) || !readFileSync(path).equals(Buffer.from(content))) writeFileSync(path, content);
    }
}

/**
 * Defines the VMs on every node, makes them resources in this order, and waits until each runs where it prefers to. VMs that are there
 * already get back what the cluster knew of them at first, and go home: where they were moved, shut down or lost their preference.
 */
export async function addVms(layout: Layout, vms: readonly VmRequest[]): Promise<void> {
  if (vms.length === 0) return;
  const control = someControl(layout);
  for (const vm of vms) define(layout, vm);
  const [resources, constraints] = [vms.map(resourceXml).join(''), vms.map(preferenceXml).join('')];
  await mustInside(layout, control, 'cibadmin --modify --allow-create -o configuration --xml-pipe', {
    input: `<configuration><resources>${resources}</resources><constraints>${constraints}</constraints></configuration>`,
  });
  const roles = vms.map(({ name }) => `//primitive[@id='${name}']//nvpair[@name='target-role']`).join(' | ');
  await inside(layout, control, `cibadmin --delete-all --force --xpath "${roles}"`);
  const where = `for r in ${vms.map(({ name }) => name).join(' ')}; do echo "$r:" $(crm_resource -r $r -W 2>&1 | sed 's/.* is running on: //'); done`;
  const areHome = async (): Promise<boolean> => {
    const lines = (await mustInside(layout, control, where)).trim().split('\n');
    return vms.every(({ name, node }) => lines.includes(`${name}: ${node}`));
  };
  if (await areHome()) return;
  await waitFor(
    vms.map(({ name, node }) => `${name} runs on ${node}`).join(', '),
    async () =>
      (await areHome()) && (await inside(layout, control, 'crm_resource --wait -T 30s')).code === 0 && areHome(),
    120_000,
  );
}

/** Removes the VM and its resource. The guest ignores ACPI, so it is destroyed as soon as Pacemaker has been told to stop it. */
export async function deleteVm(layout: Layout, name: string): Promise<void> {
  const control = someControl(layout);
  await mustInside(layout, control, `crm_resource -r ${name} --meta -p target-role -v Stopped`);
  await Promise.all(
    nodeNames(layout)
      .filter((node) => isOn(layout, node) && !isFrozen(layout, node))
      .map((node) =>
        inside(
          layout,
          node,
          `virsh -c qemu:///system destroy "$(sed -n 's|^ *<name>\\(.*\\)</name>$|\\1|p' /etc/pacemaker/vms/${name}.xml)"`,
        ),
      ),
  );
  // cibadmin and not pcs: pcs replaces the whole CIB, and of two deletions at once one would fail.
  await mustInside(
    layout,
    control,
    `crm_resource --wait -T 60s; cibadmin --delete-all --force --xpath "//rsc_location[@rsc='${name}']"; cibadmin --delete --xpath "//primitive[@id='${name}']"`,
    { timeoutMs: 90_000 },
  );
  for (const node of nodeNames(layout))
    for (const ending of ['xml', 'img'])
      rmSync(join(rootOf(layout, node), `etc/pacemaker/vms/${name}.${ending}`), { force: true });
}
