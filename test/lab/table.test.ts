import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { Reading } from '#shared/model/reading.ts';
import { startLab, waitFor, type Lab, type LabNode } from './lab-api.ts';
import { addLiveRegion, rowOf, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';

// Every value of the table beside the node's own answer. Where a container shows its host's value, that is its own answer.
let lab: Lab;
let app: Rackside;
let data: Awaited<ReturnType<typeof temporaryDataFolder>>;
let region: RegionId;

beforeAll(async () => {
  lab = await startLab({ controls: 3, workers: 1 });
  await lab.addVm({ name: 'table1', memoryMiB: 24, node: 'c2' });
  data = await temporaryDataFolder();
  app = await startRackside(data.path);
  region = await addLiveRegion(app, lab);
  await waitFor(
    'every slow fact of every node is read',
    async () => {
      const { nodes } = await app.call('regions.snapshot', { regionId: region });
      return nodes.every((node) => node.storageBytes.kind === 'known' && node.networkRxBitsPerSecond.kind === 'known');
    },
    60_000,
  );
});

afterAll(async () => {
  await app.stop();
  await data.remove();
  await lab.deleteVm('table1');
  await lab.down();
});

function value<T>(reading: Reading<T>): T {
  if (reading.kind !== 'known') throw new Error(`not known: ${JSON.stringify(reading)}`);
  return reading.value;
}

const number = async (node: LabNode, command: string): Promise<number> => Number((await node.mustExec(command)).trim());

describe.each(['c1', 'c2', 'c3', 'w1'])('the row of %s', (name) => {
  let row: NodeRow;
  let node: LabNode;

  beforeAll(async () => {
    node = lab.node(name);
    row = await rowOf(app, region, name);
  });

  test('has the name, the role and the status that its cluster tells', async () => {
    expect(row.hostname).toBe((await node.mustExec('uname -n')).trim());
    expect(row.role).toBe(name.startsWith('w') ? 'worker' : 'control');
    const own = (await lab.cluster('c1')).nodes.find((each) => each.name === name);
    expect({ isOnline: own?.isOnline, isUnclean: own?.isUnclean }).toEqual({ isOnline: true, isUnclean: false });
    expect(row.status).toMatchObject({ status: 'active', unknownSince: null });
  });

  test('has the address it is reached by, and its machine-id', async () => {
    expect(value(row.address)).toBe(node.address);
    expect(value(row.machineId)).toBe((await node.mustExec('cat /etc/machine-id')).trim());
  });

  test('has its vCPUs, its memory and its storage', async () => {
    expect(value(row.vcpus)).toBe(await number(node, 'nproc'));
    const dmi = await node.exec(
      'dmidecode -t 17 | awk \'/^\\tSize: [0-9]/ {n += $2 * ($3 == "GB" ? 1073741824 : 1048576)} END {print n+0}\'',
    );
    const total = (await number(node, "awk '/^MemTotal/ {print $2}' /proc/meminfo")) * 1024;
    expect(value(row.memoryBytes)).toBe(Number(dmi.stdout) || total);
    const disks = await node.mustExec('lsblk -bdnro TYPE,RM,SIZE,NAME');
    const storage = disks
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .filter(
        ([type, removable, , disk = '']) => type === 'disk' && removable === '0' && !/^(loop|ram|zram)/u.test(disk),
      )
      .reduce((sum, [, , size]) => sum + Number(size), 0);
    expect(value(row.storageBytes)).toBe(storage);
  });

  test('has its uptime to the second, and a share of used memory near its own', async () => {
    const own = await number(node, "cut -d' ' -f1 /proc/uptime");
    const now = await rowOf(app, region, name);
    const age = now.uptimeSeconds.kind === 'known' ? (Date.now() - now.uptimeSeconds.readAt) / 1000 : Number.NaN;
    expect(Math.abs(own - (value(now.uptimeSeconds) + age))).toBeLessThan(3);
    const used = await number(
      node,
      "awk '/^MemTotal/ {t=$2} /^MemAvailable/ {a=$2} END {print 100*(t-a)/t}' /proc/meminfo",
    );
    expect(Math.abs(value(now.memoryUsedPercent) - used)).toBeLessThan(5);
  });

  test('has the VM memory of the cluster’s capacity, less what libvirt says its VMs have', async () => {
    const capacity = await lab.node('c1').mustExec(`crm_attribute -t nodes -N ${name} -z -n memory -G -q`);
    const kibibytes = await number(
      node,
      "for d in $(virsh -c qemu:///system list --name); do virsh -c qemu:///system dominfo $d; done | awk '/^Max memory/ {n += $3} END {print n+0}'",
    );
    expect(value(row.vmMemoryTotalBytes)).toBe(Number(capacity) * 1024 * 1024);
    expect(value(row.vmMemoryAllocatedBytes)).toBe(kibibytes * 1024);
    expect(value(row.vmMemoryAvailableBytes)).toBe(Number(capacity) * 1024 * 1024 - kibibytes * 1024);
  });
});

test.each([
  ['Rx', 'c3', 'c1'],
  ['Tx', 'c2', 'c1'],
] as const)('Network %s of %s follows its own counters', async (way, name, peer) => {
  const node = lab.node(name);
  const file = way === 'Rx' ? 'rx_bytes' : 'tx_bytes';
  const counted = () => number(node, `cat /sys/class/net/eth*/statistics/${file} | awk '{n += $1} END {print n}'`);
  const before = await counted();
  const begun = Date.now();
  // About 4 MB/s, which nothing else in the lab has.
  const [from, to] = way === 'Rx' ? [lab.node(peer), node] : [node, lab.node(peer)];
  const load = from.exec(
    `for i in $(seq 10); do head -c 4000000 /dev/zero | ssh ${to.address} 'cat >/dev/null'; sleep 0.7; done`,
  );
  const seen = await waitFor(
    'the table shows the traffic',
    async () => {
      const row = await rowOf(app, region, name);
      const rate = way === 'Rx' ? row.networkRxBitsPerSecond : row.networkTxBitsPerSecond;
      return rate.kind === 'known' && rate.value > 8e6 && rate.readAt > begun ? rate.value : undefined;
    },
    20_000,
  );
  await load;
  const own = (((await counted()) - before) * 8000) / (Date.now() - begun);
  expect(seen).toBeGreaterThan(own / 4);
  expect(seen).toBeLessThan(own * 4);
});

test('Tags and a name are kept in the cluster, whatever their letters, and a second laptop sees them', async () => {
  const [regionId, nodeId] = [region, (await rowOf(app, region, 'c3')).id];
  const tags = ['Gestell 4', 'größer', '電源'];
  await app.call('nodes.changeTags', { regionId, nodeId, add: tags, remove: [] });
  const named = {
    name: 'Zürich 4 “oben”',
    description: 'zweite von oben\u00e9',
    expectedName: 'c3',
    expectedDescription: '',
  };
  await app.call('nodes.rename', { regionId, nodeId, ...named });
  const kept = await lab.node('c1').mustExec('crm_attribute -N c3 -n rackside-tags -G -q');
  const decoded: unknown = JSON.parse(Buffer.from(kept.trim(), 'base64url').toString('utf8'));
  expect(decoded).toMatchObject({ tags });
  const other = await temporaryDataFolder();
  const second = await startRackside(other.path);
  try {
    const secondRegion = await addLiveRegion(second, lab);
    expect(await rowOf(second, secondRegion, 'c3')).toMatchObject({
      tags,
      name: named.name,
      description: named.description,
    });
    // Somebody who still sees the old name writes over nothing.
    const stale = { ...named, name: 'other' };
    await expect(second.call('nodes.rename', { regionId: secondRegion, nodeId, ...stale })).rejects.toThrow(
      /Zürich 4/u,
    );
  } finally {
    await second.stop();
    await other.remove();
    await app.call('nodes.changeTags', { regionId, nodeId, add: [], remove: tags });
    const back = { name: 'c3', description: '', expectedName: named.name, expectedDescription: named.description };
    await app.call('nodes.rename', { regionId, nodeId, ...back });
  }
  expect(await rowOf(app, region, 'c3')).toMatchObject({ tags: [], name: 'c3', description: '' });
});

test('each control node sees the same coordinator as the table', async () => {
  const { region: view } = await app.call('regions.snapshot', { regionId: region });
  const dc = await lab.node('c3').mustExec('crmadmin -D -q 2>/dev/null || crmadmin -D');
  expect(dc).toContain(view.dc);
  expect(view.quorum).toMatchObject({ isQuorate: true, votes: 3, expectedVotes: 3 });
  expect(view.readOnlyBecause).toBeNull();
});
