import type { DemoVm } from '../world/node.ts';

/** `virsh dumpxml` of a domain, as far as a definition of its own goes. */
export function domainXml({ id, uuid, memoryMib, vcpus, gpuSlot }: DemoVm, number: number): string {
  const [domain, bus, slotAndFunction = ''] = (gpuSlot ?? '').split(':');
  const [slot, fn] = slotAndFunction.split('.');
  const gpu =
    gpuSlot === null
      ? ''
      : `    <hostdev mode='subsystem' type='pci' managed='yes'>
      <driver name='vfio'/>
      <source>
        <address domain='0x${domain}' bus='0x${bus}' slot='0x${slot}' function='0x${fn}'/>
      </source>
      <alias name='hostdev0'/>
    </hostdev>
`;
  return `<domain type='kvm' id='${number}'>
  <name>${id}</name>
  <uuid>${uuid}</uuid>
  <memory unit='KiB'>${memoryMib * 1024}</memory>
  <currentMemory unit='KiB'>${memoryMib * 1024}</currentMemory>
  <vcpu placement='static'>${vcpus}</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
    <boot dev='hd'/>
  </os>
  <features>
    <acpi/>
  </features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
${gpu}    <memballoon model='none'/>
  </devices>
</domain>

`;
}
