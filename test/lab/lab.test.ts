import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { useLab } from './use-lab.ts';

// The lab proves itself here: every other lab test believes its faults.
const vms = ['lab1', 'lab2'] as const;
const used = useLab(vms.map((name) => ({ name, memoryMiB: 16, node: 'c2' })));

const nodeOf = async (name: string, by = 'c1') =>
  (await used.lab.cluster(by)).nodes.find((node) => node.name === name) ?? expect.fail(`${name} is not in the cluster`);

/** Where a VM runs by libvirt's own word, node by node. */
async function hostsOf(vm: string): Promise<readonly string[]> {
  const answers = await Promise.all(
    [...used.lab.controls, ...used.lab.workers].map(async (node) => {
      const { stdout } = await node.exec('virsh -c qemu:///system list --name');
      return stdout.split('\n').includes(vm) ? [node.name] : [];
    }),
  );
  return answers.flat();
}

describe('the lab', () => {
  test('has three control nodes and a worker online in one quorate cluster', async () => {
    const { lab } = used;
    const { hasQuorum, nodes } = await lab.cluster();
    expect(hasQuorum).toBe(true);
    expect(nodes.map(({ name, type, isOnline, isUnclean }) => [name, type, isOnline, isUnclean])).toEqual([
      ['c1', 'member', true, false],
      ['c2', 'member', true, false],
      ['c3', 'member', true, false],
      ['w1', 'remote', true, false],
    ]);
  });

  test('has nodes with identities of their own, and an sshd with the limits that Debian ships', async () => {
    const { lab } = used;
    const identities = await Promise.all(lab.nodes.map((node) => node.mustExec('uname -n; cat /etc/machine-id')));
    expect(new Set(identities.map((text) => text.split('\n')[1])).size).toBe(4);
    expect(identities.map((text) => text.split('\n')[0])).toEqual(['c1', 'c2', 'c3', 'w1']);
    expect(new Set(lab.nodes.flatMap((node) => node.hostKeys.map((key) => key.split(' ')[1]))).size).toBe(12);
    const limits = await lab.node('c1').mustExec("sshd -T | grep -E '^max(sessions|startups)'");
    expect(limits.trim().split('\n').toSorted()).toEqual(['maxsessions 10', 'maxstartups 10:30:100']);
  });

  test('has logins with a sudo that asks, with one that does not, and with none', async () => {
    const { lab } = used;
    const sudo = async (user: string, password: string) =>
      (await lab.node('w1').login(user, 'sudo -k -S -p "" id -un', { input: `${password}\n` })).stdout.trim();
    const { tech, bare, sudoer } = lab.logins;
    expect(await sudo('tech', tech.password)).toBe('root');
    expect(await sudo('tech', 'wrong')).toBe('');
    expect(await sudo('bare', bare.password)).toBe('');
    expect((await lab.node('c1').login(sudoer.user, 'sudo -n id -un')).stdout.trim()).toBe('root');
  });

  test('drops all packets of a cut laptop silently, also on open connections, while the nodes go on; restore heals', async () => {
    const { lab } = used;
    const { address } = lab.node('c1');
    const open = await connectTo(address);
    const heard: Buffer[] = [];
    const failures: Error[] = [];
    open.on('data', (data: Buffer) => heard.push(data)).on('error', (error) => failures.push(error));
    await lab.waitFor('the banner of sshd', () => Buffer.concat(heard).includes('SSH-2.0-'), 30_000, 20);
    const banner = Buffer.concat(heard).length;

    await lab.laptop.cut();
    open.write('SSH-2.0-lab\r\n');
    const late = connect(22, address).on('error', (error) => failures.push(error));
    // Longer than the 3 s after which unanswered ARP would have said "no route to host".
    await sleep(3500);
    expect(failures).toEqual([]);
    expect(Buffer.concat(heard).length).toBe(banner);
    expect(late.readyState).toBe('opening');
    const outlet = await lab.node('c2').exec('fence_lab -o status -n c3 -a "$(crm_resource -r power -g ip)"');
    expect(outlet.code).toBe(0);
    expect((await nodeOf('c1', 'c3')).isOnline).toBe(true);

    await lab.laptop.restore();
    await lab.waitFor('sshd goes on with the open connection', () => Buffer.concat(heard).length > banner, 60_000, 50);
    await lab.waitFor('the late connection comes through', () => late.readyState === 'open', 60_000, 50);
    open.destroy();
    late.destroy();
  });

  test('migrates VMs live when their node goes into standby', async () => {
    const { lab } = used;
    expect(await Promise.all(vms.map((vm) => hostsOf(vm)))).toEqual([['c2'], ['c2']]);
    await lab.node('c1').mustExec('crm_attribute -N c2 -n standby -v on && crm_resource --wait -T 60s');
    const hosts = (await Promise.all(vms.map((vm) => hostsOf(vm)))).flat();
    expect(hosts).toHaveLength(2);
    expect(hosts).not.toContain('c2');
    const history = await lab.node('c1').mustExec('cibadmin -Q -o status');
    for (const vm of vms) expect(history).toMatch(new RegExp(`<lrm_rsc_op id="${vm}_migrate_from_0"[^>]* rc-code="0"`));
    await lab.node('c1').mustExec('crm_attribute -N c2 -n standby -D && crm_resource --wait -T 60s');
    expect(await Promise.all(vms.map((vm) => hostsOf(vm)))).toEqual([['c2'], ['c2']]);
  });

  test('leaves a node UNCLEAN that cannot be fenced, and has it fenced and back once it can', async () => {
    const { lab } = used;
    await lab.fault('c3', 'nofence');
    await lab.fault('c3', 'kill');
    await lab.waitFor('c3 is unclean', async () => (await nodeOf('c3')).isUnclean, 120_000);
    const failed = await lab.waitFor(
      'a fencing has failed',
      async () => (await lab.cluster('c1')).fenceEvents.find((event) => event.status === 'failed'),
      120_000,
    );
    expect(failed.target).toBe('c3');
    expect((await nodeOf('c3')).isUnclean).toBe(true);
    expect(lab.node('c3').isOn()).toBe(false);

    await lab.node('c3').fault('restore');
    await lab.waitFor(
      'the fencing has succeeded',
      async () =>
        (await lab.cluster('c1')).fenceEvents.some((event) => event.target === 'c3' && event.status === 'success'),
      120_000,
    );
    await lab.waitFor(
      'c3 is back',
      async () => {
        const node = await nodeOf('c3');
        return node.isOnline && !node.isPending && !node.isUnclean;
      },
      180_000,
    );
  });
});

async function connectTo(address: string): Promise<Socket> {
  const socket = connect(22, address);
  await once(socket, 'connect');
  return socket;
}
