import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { Reading } from '#shared/model/reading.ts';
import { startLab, waitFor, type Lab, type LabNode } from './lab-api.ts';
import { ownBounds, ownMeasures, sampleOwn, type MeasuredColumn } from './own-measures.ts';
import { addLiveRegion, rowOf, snapshotOf, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';

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

const measuredColumns = Object.keys(ownMeasures) as readonly MeasuredColumn[];

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

  test('has the speed of its links, where the kernel tells one', async () => {
    const speeds = await node.mustExec('cat /sys/class/net/eth*/speed 2>/dev/null || true');
    const own = speeds
      .split('\n')
      .map(Number)
      .filter((mbit) => mbit > 0);
    const told = row.linkBitsPerSecond.kind === 'known' ? row.linkBitsPerSecond.value : null;
    expect(told).toBe(own.length === 0 ? null : own.reduce((sum, mbit) => sum + mbit * 1e6, 0));
  });

  test('has its uptime to the second', async () => {
    const own = await number(node, "cut -d' ' -f1 /proc/uptime");
    const now = await rowOf(app, region, name);
    const age = now.uptimeSeconds.kind === 'known' ? (Date.now() - now.uptimeSeconds.readAt) / 1000 : Number.NaN;
    expect(Math.abs(own - (value(now.uptimeSeconds) + age))).toBeLessThan(3);
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

test('CPU, memory, Rx and Tx of every node follow its own counters', async () => {
  const seconds = 30;
  // From each node to the next 1 MB/s more than into it, which nothing else in the lab has, and a core that is busy in the middle.
  const load = lab.nodes.map((node, index) => {
    const next = lab.nodes[(index + 1) % lab.nodes.length] ?? node;
    return node.exec(
      `for i in $(seq ${seconds}); do head -c ${(index + 1) * 1_000_000} /dev/zero; sleep 0.9; done | timeout ${seconds + 2} ssh ${next.address} 'cat >/dev/null'`,
    );
  });
  const busy = lab.node('c1').exec('sleep 12; timeout 8 sh -c "while :; do :; done"');
  const sampled = Promise.all(
    lab.nodes.map(async (node) => ({ name: node.name, samples: await sampleOwn(node, seconds) })),
  );
  const seen: NodeRow[] = [];
  const over = new AbortController();
  const end = () => {
    over.abort();
  };
  void sampled.then(end, end);
  while (!over.signal.aborted) {
    seen.push(...(await snapshotOf(app, region)).nodes);
    await sleep(500);
  }
  const held = (await sampled).flatMap(({ name, samples }) =>
    measuredColumns.map((column) => {
      const readings = seen.filter(({ hostname }) => hostname === name).map((row) => row[column]);
      const byTime = new Map(readings.flatMap((one) => (one.kind === 'known' ? [[one.readAt, one.value]] : [])));
      const beside = [...byTime].flatMap(([at, shown]) => {
        const own = ownBounds(samples, column, at);
        return own === undefined ? [] : [{ shown, ...own }];
      });
      return { name, column, beside };
    }),
  );
  expect(held.filter(({ beside }) => beside.length < 2)).toEqual([]);
  const wrong = held.flatMap(({ column, beside, ...of }) =>
    beside
      .filter(({ shown, least, most }) => {
        const slack = column.endsWith('Percent') ? 5 : most / 5;
        return shown < least - slack || shown > most + slack;
      })
      .map((one) => ({ ...of, column, ...one })),
  );
  expect(wrong).toEqual([]);
  // The traffic was seen, and not the rest that the nodes have anyway.
  const rates = held.filter(({ column }) => column.startsWith('network'));
  expect(rates.filter(({ beside }) => !beside.some(({ shown }) => shown > 4e6))).toEqual([]);
  await Promise.all([...load, busy]);
}, 120_000);

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
