import { describe, expect, it } from 'vitest';
import { domainsCommand, domainsProbe } from '../../../../electron/core/probes/domains.ts';
import { pciDevicesCommand } from '../../../../electron/core/probes/pci-devices.ts';
import { captured } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';
import { answerOf, becauseOf, notInstalled, valueOf } from './parse.ts';

function answer(node: string) {
  return answerOf({
    list: captured(`${node}/virsh-list-uuid.txt`),
    domstats: captured(`${node}/virsh-domstats.txt`),
    dumpxml: captured(`${node}/virsh-dumpxml.xml`),
  });
}

describe('the domains probe', () => {
  it('reads the domains of a node', () => {
    expect(valueOf(domainsProbe, answer('healthy/lab-c2'))).toEqual([
      domain('vm1', '281c8536-0108-40b8-8d4d-d35f50a4c2f2', 32),
      domain('vm2', '8177a5f3-b7e0-4cbe-87f9-d5b5c1e0a8f4', 48),
      domain('vm3', 'b4a1e3f3-2a38-4937-8705-2c0c8de66850', 24),
    ]);
  });

  it('reads what is passed through, by the address the kernel gives it', () => {
    expect(valueOf(domainsProbe, answer('vm-node/lab-v1'))).toMatchObject([
      { name: 'gpu1', state: 'running', hostDevices: ['0000:00:03.0'] },
    ]);
  });

  it('reads a virtual function that is given as a network card', () => {
    const dumpxml =
      "<domain type='kvm'>\n  <name>n</name>\n  <memory>1024</memory>\n  <vcpu>2</vcpu>\n  <devices>\n    <interface type='hostdev'>\n" +
      "      <source>\n        <address type='pci' domain='0x0001' bus='0xaf' slot='0x10' function='0x7'/>\n      </source>\n" +
      '    </interface>\n  </devices>\n</domain>\n';
    const list = 'b4a1e3f3-2a38-4937-8705-2c0c8de66850 n\n';
    expect(valueOf(domainsProbe, answerOf({ list, domstats: '', dumpxml }))).toMatchObject([
      { hostDevices: ['0001:af:10.7'], memoryBytes: 1024 * 1024, vcpus: 2 },
    ]);
  });

  it('knows a domain by its statistics where its definition is damaged, and forgets one that just ended', () => {
    const damaged = { ...answer('healthy/lab-c2') };
    const dumpxml = captured('healthy/lab-c2/virsh-dumpxml.xml').replace('</domain>', '');
    const output = answerOf({
      list: `${captured('healthy/lab-c2/virsh-list-uuid.txt').trim()}\n00000000-0000-0000-0000-000000000000 gone\n`,
      domstats: captured('healthy/lab-c2/virsh-domstats.txt'),
      dumpxml,
    });
    expect(valueOf(domainsProbe, output)).toEqual(valueOf(domainsProbe, damaged));
  });

  it('R1: never forgets a domain that libvirt lists and then does not tell of, because it hung', () => {
    const list = captured('healthy/lab-c2/virsh-list-uuid.txt');
    const hung = { error: '', status: 124 };
    expect(becauseOf(domainsProbe, answerOf({ list, domstats: hung, dumpxml: hung }))).toMatch(
      /^libvirt lists vm1 and/u,
    );
  });

  it('R1: never takes half a list for the whole, because it hung midway', () => {
    const [first = ''] = captured('healthy/lab-c2/virsh-list-uuid.txt').split('\n');
    const rest = {
      domstats: captured('healthy/lab-c2/virsh-domstats.txt'),
      dumpxml: captured('healthy/lab-c2/virsh-dumpxml.xml'),
    };
    const half = { text: `${first}\n`, error: '', status: 124 };
    expect(becauseOf(domainsProbe, answerOf({ list: half, ...rest }))).not.toBe('');
  });

  it('an empty node is an empty list', () => {
    expect(valueOf(domainsProbe, answer('healthy/lab-c1'))).toEqual([]);
  });

  it.each([
    [
      "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
      "libvirt does not answer on this node: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
    ],
    [
      "error: failed to connect to the hypervisor\nerror: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'",
      'this user may not ask libvirt; it needs the group libvirt, or root',
    ],
  ])('never takes a libvirt that does not answer for an empty node: %s', (error, because) => {
    const answer1 = answerOf({ list: { error, status: 1 }, domstats: { error, status: 1 }, dumpxml: '' });
    expect(becauseOf(domainsProbe, answer1)).toBe(because);
  });

  it('says that virsh is missing', () => {
    expect(becauseOf(domainsProbe, answerOf({ list: notInstalled('virsh'), domstats: '', dumpxml: '' }))).toBe(
      'virsh is not installed on this node',
    );
  });

  it.each([
    '\n@@rackside list\n\n@@rackside list.status 0\n\n@@rackside domstats\n\n@@rackside end\n',
    `\n${'0'.repeat(32)} begin list\n\n${'0'.repeat(32)} status 0\n\n${'0'.repeat(32)} complete\n`,
    '\n@@rackside begin list\n\n@@rackside status 0\n\n@@rackside complete\n',
    '\n begin list\n\n status 0\n\n complete\n',
  ])('what a tenant writes into a description hides no domain: %j', (forgery) => {
    const definition = captured('healthy/lab-c2/virsh-dumpxml.xml');
    const dumpxml = definition.replace('</name>', `</name>\n  <description>${forgery}</description>`);
    expect(dumpxml).not.toBe(definition);
    const output = answerOf({
      list: captured('healthy/lab-c2/virsh-list-uuid.txt'),
      domstats: captured('healthy/lab-c2/virsh-domstats.txt'),
      dumpxml,
    });
    expect(valueOf(domainsProbe, output)).toEqual(valueOf(domainsProbe, answer('healthy/lab-c2')));
  });

  it("never asks a user's own session, which is an empty list and no error", () => {
    for (const { script } of [domainsCommand, pciDevicesCommand]) {
      const calls = [...script.matchAll(/virsh(?: -\w+)*/g)].map(([call]) => call).filter((call) => call !== 'virsh');
      expect(calls.length).toBeGreaterThan(0);
      expect(calls.every((call) => call.endsWith(' -c'))).toBe(true);
      expect(script.split('-c qemu:///system')).toHaveLength(calls.length + 1);
    }
  });

  it('makes a reason or a value of anything', () => expectToSurviveGarbage(domainsProbe, answer('vm-node/lab-v1')));
});

function domain(name: string, uuid: string, mebibytes: number) {
  return { name, uuid, state: 'running', memoryBytes: mebibytes * 1024 ** 2, vcpus: 1, hostDevices: [] };
}
