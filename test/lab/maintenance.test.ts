import { expect, test } from 'vitest';
import { waitFor } from './lab-api.ts';
import { domainsOn } from './node-operations.ts';
import { rowOf, watchStatuses } from './rackside.ts';
import { useLab, useLaptop } from './use-lab.ts';

// Standby is set by another tool; the table tells what is true of the node, not what was asked of it.
const used = useLab(
  [
    { name: 'move1', memoryMiB: 16, node: 'c2' },
    { name: 'move2', memoryMiB: 16, node: 'c2' },
  ],
  async (lab) => {
    await lab.node('c2').exec('virsh -c qemu:///system destroy stray 2>/dev/null');
  },
);
const laptop = useLaptop(used);

const setStandby = (): Promise<string> => used.lab.node('c1').mustExec('crm_attribute -N c2 -n standby -v on');

test('R1: a node in standby is Entering maintenance until its VMs are gone by libvirt and by the cluster, then In maintenance', async () => {
  const { app, lab, region } = laptop;
  const c2 = lab.node('c2');
  const statuses = watchStatuses(app, region, 'c2');
  await setStandby();

  const shown = await waitFor(
    'the table says In maintenance',
    async () => {
      const { status } = await rowOf(app, region, 'c2');
      return status.status === 'in-maintenance' ? { status, own: await domainsOn(c2) } : undefined;
    },
    180_000,
    100,
  );
  expect(shown.own).toEqual([]);
  expect(shown.status.reason).toMatch(/outside Rackside/u);
  expect(await statuses.stop()).toEqual(['active', 'entering-maintenance', 'in-maintenance']);
});

/** Waits until the table says this of c2, and gives its reason. */
async function untilShown(wanted: string): Promise<string> {
  const { app, region } = laptop;
  return waitFor(
    `the table says ${wanted} of c2`,
    async () => {
      const { status } = await rowOf(app, region, 'c2');
      return status.status === wanted ? status.reason : undefined;
    },
    120_000,
  );
}

test('R1: a VM that runs on a node in standby, unknown to the cluster, makes it Entering maintenance again; out of standby it is Active', async () => {
  const c2 = used.lab.node('c2');
  await setStandby();
  await untilShown('in-maintenance');
  await c2.mustExec(
    `virsh -c qemu:///system create /dev/stdin <<'X'
<domain type='qemu'><name>stray</name><memory unit='MiB'>16</memory><os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os><devices><emulator>/usr/bin/qemu-system-x86_64</emulator></devices></domain>
X`,
  );
  expect(await untilShown('entering-maintenance')).toContain('stray');
  await c2.mustExec('virsh -c qemu:///system destroy stray');
  await untilShown('in-maintenance');
  await used.lab.node('c1').mustExec('crm_attribute -N c2 -n standby -D');
  await untilShown('active');
});
