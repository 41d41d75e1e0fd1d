import { describe, expect, test } from 'vitest';
import { parseCib } from '../../../../electron/core/cluster/pacemaker/read/cib.ts';
import { parseCorosyncConf } from '../../../../electron/core/cluster/pacemaker/read/corosync-conf.ts';
import { parseQuorumtool } from '../../../../electron/core/cluster/pacemaker/read/quorumtool.ts';
import { capture } from './capture.ts';

const corosync = parseCorosyncConf(capture('healthy/lab-c1/corosync.conf'));
const healthy = capture('healthy/lab-c1/cib.xml');

describe('the CIB', () => {
  test('members carry corosync’s address or the remote’s server, capacity and standby', () => {
    const rest = { memoryCapacityMib: 128, standby: 'off', actedAt: null };
    expect(parseCib(healthy, corosync)?.members).toEqual([
      { name: 'lab-c1', id: '1', type: 'member', address: '10.213.0.11', ...rest },
      { name: 'lab-c2', id: '2', type: 'member', address: '10.213.0.12', ...rest },
      { name: 'lab-c3', id: '3', type: 'member', address: '10.213.0.13', ...rest },
      { name: 'lab-w1', id: 'lab-w1', type: 'remote', address: '10.213.0.51', ...rest },
    ]);
  });

  test('VMs carry their domain, their memory and whether they may migrate', () => {
    expect(parseCib(healthy, corosync)?.vms).toEqual([
      { resource: 'vm1', domain: 'vm1', memoryMib: 32, canLiveMigrate: true },
      { resource: 'vm2', domain: 'vm2', memoryMib: 48, canLiveMigrate: true },
      { resource: 'vm3', domain: 'vm3', memoryMib: 24, canLiveMigrate: true },
      { resource: 'vm4', domain: 'vm4', memoryMib: 32, canLiveMigrate: true },
      { resource: 'vm5', domain: 'vm5', memoryMib: 32, canLiveMigrate: true },
      { resource: 'gpu1', domain: 'gpu1', memoryMib: 16, canLiveMigrate: false },
    ]);
  });

  test('a domain is named after its file where that differs from the resource', () => {
    const moved = healthy.replace('/etc/pacemaker/vms/vm1.xml', '/etc/libvirt/qemu/web-01.xml');
    expect(parseCib(moved, corosync)?.vms[0]).toMatchObject({ resource: 'vm1', domain: 'web-01' });
  });

  test('standby is told with its lifetime: for ever, or until the node’s cluster services restart', () => {
    const standby = (xml: string) =>
      Object.fromEntries(parseCib(xml, corosync)?.members.map((one) => [one.name, one.standby]) ?? []);
    expect(standby(capture('in-maintenance/lab-c1/cib.xml'))).toEqual({
      'lab-c1': 'off',
      'lab-c2': 'forever',
      'lab-c3': 'off',
      'lab-w1': 'off',
    });
    const untilReboot = healthy.replace(
      '<nvpair id="status-1-.feature-set"',
      '<nvpair id="status-1-standby" name="standby" value="on"/><nvpair id="status-1-.feature-set"',
    );
    expect(standby(untilReboot)['lab-c1']).toBe('reboot');
  });

  test('whom corosync.conf names and the CIB does not know yet is a member that never started', () => {
    const conf = parseCorosyncConf(capture('join-configured-not-started/lab-c1/corosync.conf'));
    const members = parseCib(capture('join-configured-not-started/lab-c1/cib.xml'), conf)?.members ?? [];
    expect(members.find(({ name }) => name === 'lab-x1')).toEqual({
      name: 'lab-x1',
      id: '4',
      type: 'member',
      address: '10.213.0.81',
      memoryCapacityMib: null,
      standby: 'off',
      actedAt: null,
    });
  });

  test('R11: what was last done on a node that has left since is told; a fencing wipes it, and of who is in the cluster it is not asked', () => {
    const acted = (xml: string) => parseCib(xml, corosync)?.members.map(({ name, actedAt }) => [name, actedAt]);
    const at = Date.UTC(2026, 10, 22, 11, 44, 19);
    expect(acted(capture('services-stopped/lab-c1/cib.xml'))).toContainEqual(['lab-x2', at]);
    const fenced = capture('dead-fenced-offline/lab-c1/cib.xml');
    const wiped = [
      ['lab-c1', null],
      ['lab-c2', null],
      ['lab-c3', null],
      ['lab-w1', null],
    ];
    const cameBack = ['lab-y1', Date.UTC(2026, 10, 22, 11, 30, 55)];
    expect(acted(fenced)).toEqual(expect.arrayContaining([...wiped, cameBack]));
    // What was cut short with the connection got its end from nobody who did it.
    expect(acted(fenced.replaceAll('op-status="0"', 'op-status="7"'))).toContainEqual(['lab-y1', null]);
    const newer = fenced.replaceAll('in_ccm="true"', 'in_ccm="1795346408"').replaceAll('in_ccm="false"', 'in_ccm="0"');
    expect(acted(newer)).toEqual(acted(fenced));
  });

  test('of the whole CIB and of the parts that are asked for it tells the same', () => {
    const configuration = /<configuration>.*<\/configuration>/su.exec(healthy)?.[0] ?? '';
    const transient = [...healthy.matchAll(/<transient_attributes.*?<\/transient_attributes>/gsu)].join('');
    const asked = `<xpath-query>${configuration}${transient}</xpath-query>`;
    expect(parseCib(asked, corosync)).toEqual(parseCib(healthy, corosync));
  });

  test('a template’s type and settings are those of the primitive made from it', () => {
    const templated = healthy
      .replace(
        '<primitive id="vm1" class="ocf" type="VirtualDomain" provider="heartbeat">',
        '<primitive id="vm1" template="vm">',
      )
      .replace('<resources>', '<resources><template id="vm" class="ocf" type="VirtualDomain" provider="heartbeat"/>');
    expect(parseCib(templated, corosync)?.vms).toEqual(parseCib(healthy, corosync)?.vms);
  });

  test('what is cut off or no CIB tells nothing', () => {
    for (const bad of ['', healthy.slice(0, 9000), 'Could not connect to the CIB: Transport endpoint is not connected'])
      expect(parseCib(bad, corosync)).toBeUndefined();
  });
});

describe('corosync', () => {
  test('corosync.conf names its nodes in whatever other sections stand around them', () => {
    expect(corosync).toEqual([
      { name: 'lab-c1', id: '1', address: '10.213.0.11' },
      { name: 'lab-c2', id: '2', address: '10.213.0.12' },
      { name: 'lab-c3', id: '3', address: '10.213.0.13' },
    ]);
    expect(parseCorosyncConf('')).toEqual([]);
  });

  test('quorum carries its figures and flags; "Activity blocked" is no part of the figure', () => {
    expect(parseQuorumtool(capture('healthy/lab-c1/quorumtool.txt'))).toEqual({
      isQuorate: true,
      votes: 3,
      expectedVotes: 3,
      neededVotes: 2,
      flags: ['Quorate'],
    });
    expect(parseQuorumtool(capture('no-quorum/lab-c1/quorumtool.txt'))).toEqual({
      isQuorate: false,
      votes: 1,
      expectedVotes: 3,
      neededVotes: 2,
      flags: [],
    });
    expect(parseQuorumtool(capture('cutnet/lab-c2/quorumtool.txt'))).toMatchObject({ flags: ['2Node', 'WaitForAll'] });
  });

  test('a login without root, a Worker or a stopped corosync tells nothing of quorum', () => {
    expect(parseQuorumtool('Cannot initialize CMAP service\n')).toBeUndefined();
    expect(parseQuorumtool('')).toBeUndefined();
  });
});
