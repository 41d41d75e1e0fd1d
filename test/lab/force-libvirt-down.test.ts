import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ArmedForce } from '#shared/model/maintenance.ts';
import { untilArmed } from './broken-off.ts';
import { forceConfirmed } from './confirm.ts';
import { waitFor } from './lab-api.ts';
import { processesOf } from './mid-move.ts';
import { careOf, isOver, qemuOf, untilOperation } from './node-operations.ts';
import { rowOf } from './rackside.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// libvirt of a node is stopped while Pacemaker runs there: the machine answers, its VMs run on, and only fencing can end them.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('the libvirt of a node is down', { timeout: 600_000 }, () => {
  const used = useLab();
  const laptop = useLaptop(used);

  const fencingsOf = async (node: string) =>
    (await used.lab.cluster('c1')).fenceEvents.filter(({ target, status }) => target === node && status === 'success');

  /** Stops libvirt on a node, by its sockets too, so that nothing starts it again, and waits until the table says so. */
  async function stopLibvirt(node: string): Promise<void> {
    await used.lab
      .node(node)
      .mustExec('systemctl stop libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service');
    await waitFor(
      `${node} is Failed, because its libvirt does not answer, and it is reachable`,
      async () => {
        const { status, reachability } = await rowOf(laptop.app, laptop.region, node);
        if (status.status === 'failed' && /libvirt/u.test(status.reason) && reachability.kind === 'reachable')
          return true;
        throw new Error(`${status.status}: ${status.reason}; ${reachability.kind}`);
      },
      90_000,
    );
  }

  /** Forces a node as a person who waits, ticks and types. @returns what was sent to fence it. */
  async function forced(armed: ArmedForce): Promise<readonly string[]> {
    const { app, region } = laptop;
    await sleep(armed.timerMs + 500);
    const { id } = await app.call('force.start', forceConfirmed(region, armed));
    const over = await untilOperation(app, region, id, isOver, 400_000);
    expect(over.state, JSON.stringify([over.steps, over.vms])).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    const sent = await app.call('operations.transcript', { regionId: region, operationId: id, after: 0 });
    return sent.filter(({ command }) => command.startsWith('stonith_admin')).map(({ command }) => command);
  }

  test.each(['c2', 'w1'])(
    'R9, R11, R13: with a VM of the cluster, on %s: the node is fenced, never confirmed off, and the VM starts once elsewhere',
    async (node) => {
      const { lab } = laptop;
      await lab.addVm({ name: 'held', memoryMiB: 32, node, memory: 'filled' });
      try {
        const [before] = await qemuOf(lab.node(node), 'held');
        const fencings = (await fencingsOf(node)).length;
        await stopLibvirt(node);
        const armed = await untilArmed(laptop, node);
        expect(armed).toMatchObject({ sequence: 'unreachable', refused: null });
        expect(armed.overrides.map(({ id, statement }) => [id, statement])).toEqual(
          expect.arrayContaining([
            ['vm:held', null],
            ['told:fence', null],
          ]),
        );
        // The VM runs on: nobody has stopped it for that.
        expect(await qemuOf(lab.node(node), 'held')).toEqual([before]);
        expect(await forced(armed)).toEqual([`stonith_admin --fence ${node} --timeout 120`]);
        expect((await fencingsOf(node)).length).toBeGreaterThan(fencings);
        const { on, isManaged } = await careOf(lab, 'held');
        expect([on.length, on.includes(node), isManaged]).toEqual([1, false, true]);
        expect(await processesOf(lab, 'held')).toEqual([expect.not.stringContaining('live')]);
        await untilShown(laptop, node, 'in-maintenance');
      } finally {
        await lab.deleteVm('held');
      }
    },
  );

  test('R10, R11: without a VM of the cluster: that nobody says what runs there has a tick of its own, and what runs ends with the node', async () => {
    const { lab } = laptop;
    await lab
      .node('c2')
      .mustExec(
        `printf '%s' "<domain type='qemu'><name>stranger</name><memory unit='MiB'>16</memory><os><type arch='x86_64'>hvm</type></os></domain>" >/tmp/stranger.xml && virsh -c qemu:///system create /tmp/stranger.xml`,
      );
    const fencings = (await fencingsOf('c2')).length;
    await stopLibvirt('c2');
    const armed = await untilArmed(laptop);
    expect(armed).toMatchObject({ sequence: 'unreachable', refused: null });
    const asked = armed.overrides.filter(({ isTold }) => !isTold).map(({ id }) => id);
    expect(asked).toEqual(['check:libvirt-answers']);
    expect(await qemuOf(lab.node('c2'), 'stranger')).toHaveLength(1);
    expect(await forced(armed)).toEqual(['stonith_admin --fence c2 --timeout 120']);
    expect((await fencingsOf('c2')).length).toBeGreaterThan(fencings);
    await untilShown(laptop, 'c2', 'in-maintenance');
    expect(await processesOf(lab, 'stranger')).toEqual([]);
  });
});
