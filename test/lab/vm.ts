/** Tiny virtual machines: real libvirt domains under Pacemaker, with firmware and no guest, so that four of them cost nothing. */
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootSector } from './boot-sector.ts';
import type { Layout } from './layout.ts';
import { isFrozen, isOn } from './power.ts';
import { rootOf } from './node-files.ts';
import { LabError, waitFor } from './shell.ts';
import { mustSsh, ssh } from './ssh.ts';
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

function resourceXml({ name, memoryMiB, node, hasGpu }: VmRequest): string {
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
  return `<configuration><resources><primitive id="${name}" class="ocf" provider="heartbeat" type="VirtualDomain">
<instance_attributes id="${name}-instance_attributes">${parameters.map(([key, value]) => pair('instance_attributes', key, value)).join('')}</instance_attributes>
<operations>${Object.entries(operations)
    .map(([op, seconds]) => `<op id="${name}-${op}-interval-0s" name="${op}" interval="0s" timeout="${seconds}s"/>`)
    .join('')}<op id="${name}-monitor-interval-10s" name="monitor" interval="10s" timeout="30s"/></operations>
<meta_attributes id="${name}-meta_attributes">${pair('meta_attributes', 'allow-migrate', hasGpu === true ? 'false' : 'true')}</meta_attributes>
<utilization id="${name}-utilization">${pair('utilization', 'memory', String(memoryMiB))}</utilization>
</primitive></resources><constraints>${
    hasGpu === true
      ? `<rsc_location id="location-${name}" rsc="${name}"><rule id="location-${name}-rule" score="-INFINITY"><expression id="location-${name}-rule-expr" attribute="#uname" operation="ne" value="${node}"/></rule></rsc_location>`
      : `<rsc_location id="location-${name}-${node}-50" rsc="${name}" node="${node}" score="50"/>`
  }</constraints></configuration>`;
}

/** Defines the VM on every node, makes it a resource, and waits until it runs. Several may be added at once. */
export async function addVm(layout: Layout, vm: VmRequest): Promise<void> {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(vm.name)) throw new LabError(`'${vm.name}' is no name for a VM.`);
  const control = someControl(layout);
  // The XML must lie on every node at the same path, on nodes that are off too: hence by the file system and not by ssh.
  for (const name of nodeNames(layout))
    writeFileSync(join(rootOf(layout, name), `etc/pacemaker/vms/${vm.name}.xml`), domainXml(vm));
  if (vm.memory !== undefined)
    for (const name of nodeNames(layout))
      writeFileSync(
        join(rootOf(layout, name), `etc/pacemaker/vms/${vm.name}.img`),
        bootSector(vm.memoryMiB - 4, vm.memory === 'rewritten'),
      );
  await mustSsh(layout, control, 'cibadmin --modify --allow-create -o configuration --xml-pipe', {
    input: resourceXml(vm),
  });
  await waitFor(
    `${vm.name} runs`,
    async () =>
      / is running on: /.test((await ssh(layout, control, `crm_resource -r ${vm.name} -W 2>&1`)).stdout) &&
      (await ssh(layout, control, 'crm_resource --wait -T 30s')).code === 0,
    60_000,
  );
}

/** Removes the VM and its resource. The guest ignores ACPI, so it is destroyed as soon as Pacemaker has been told to stop it. */
export async function deleteVm(layout: Layout, name: string): Promise<void> {
  const control = someControl(layout);
  await mustSsh(layout, control, `crm_resource -r ${name} --meta -p target-role -v Stopped`);
  await Promise.all(
    nodeNames(layout)
      .filter((node) => isOn(layout, node) && !isFrozen(layout, node))
      .map((node) =>
        ssh(
          layout,
          node,
          `virsh -c qemu:///system destroy "$(sed -n 's|^ *<name>\\(.*\\)</name>$|\\1|p' /etc/pacemaker/vms/${name}.xml)"`,
        ),
      ),
  );
  // cibadmin and not pcs: pcs replaces the whole CIB, and of two deletions at once one would fail.
  await mustSsh(
    layout,
    control,
    `crm_resource --wait -T 60s; cibadmin --delete-all --force --xpath "//rsc_location[@rsc='${name}']"; cibadmin --delete --xpath "//primitive[@id='${name}']"`,
    { timeoutMs: 90_000 },
  );
  for (const node of nodeNames(layout))
    for (const ending of ['xml', 'img'])
      rmSync(join(rootOf(layout, node), `etc/pacemaker/vms/${name}.${ending}`), { force: true });
}
