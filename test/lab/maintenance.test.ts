import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import { startLab, waitFor, type Lab } from './lab-api.ts';
import { addLiveRegion, rowOf, startRackside, temporaryDataFolder, watchStatuses, type Rackside } from './rackside.ts';

// Standby is set by another tool; the table tells what is true of the node, not what was asked of it.
let lab: Lab;
let app: Rackside;
let data: Awaited<ReturnType<typeof temporaryDataFolder>>;
let region: RegionId;
const vms = ['move1', 'move2'] as const;

beforeAll(async () => {
  lab = await startLab({ controls: 3, workers: 1 });
  for (const name of vms) await lab.addVm({ name, memoryMiB: 16, node: 'c2' });
  data = await temporaryDataFolder();
  app = await startRackside(data.path);
  region = await addLiveRegion(app, lab);
});

afterAll(async () => {
  await app.stop();
  await data.remove();
  await lab.settle();
  for (const name of vms) await lab.deleteVm(name);
  await lab.down();
});

test('R1: a node in standby is Entering maintenance until its VMs are gone by libvirt and by the cluster, then In maintenance', async () => {
  const c2 = lab.node('c2');
  const domains = async () =>
    (await c2.mustExec('virsh -c qemu:///system list --name')).trim().split('\n').filter(Boolean);
  await waitFor('both VMs run on c2', async () => (await domains()).length === 2, 60_000);
  const statuses = watchStatuses(app, region, 'c2');
  await lab.node('c1').mustExec('crm_attribute -N c2 -n standby -v on');

  const shown = await waitFor(
    'the table says In maintenance',
    async () => {
      const { status } = await rowOf(app, region, 'c2');
      return status.status === 'in-maintenance' ? { status, own: await domains() } : undefined;
    },
    90_000,
    100,
  );
  expect(shown.own).toEqual([]);
  expect(shown.status.reason).toMatch(/outside Rackside/u);
  expect(await statuses.stop()).toEqual(['active', 'entering-maintenance', 'in-maintenance']);
});

test('R1: a VM that runs on a node in standby, unknown to the cluster, makes it Entering maintenance again', async () => {
  const c2 = lab.node('c2');
  await c2.mustExec(
    `virsh -c qemu:///system create /dev/stdin <<'X'
<domain type='qemu'><name>stray</name><memory unit='MiB'>16</memory><os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os><devices><emulator>/usr/bin/qemu-system-x86_64</emulator></devices></domain>
X`,
  );
  const row = await waitFor(
    'the table takes back In maintenance',
    async () => {
      const found = await rowOf(app, region, 'c2');
      return found.status.status === 'entering-maintenance' ? found : undefined;
    },
    30_000,
  );
  expect(row.status.reason).toContain('stray');
  await c2.mustExec('virsh -c qemu:///system destroy stray');
  await waitFor(
    'it is In maintenance again',
    async () => (await rowOf(app, region, 'c2')).status.status === 'in-maintenance',
    30_000,
  );
});

test('a node that leaves standby is Active again', async () => {
  await lab.node('c1').mustExec('crm_attribute -N c2 -n standby -D');
  await waitFor(
    'the table says Active',
    async () => (await rowOf(app, region, 'c2')).status.status === 'active',
    60_000,
  );
});
