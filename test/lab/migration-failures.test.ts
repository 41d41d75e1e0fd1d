import { describe, expect, test } from 'vitest';
import type { Operation } from '#shared/model/operation.ts';
import { waitFor } from './lab-api.ts';
import { processesOf, startMidMove } from './mid-move.ts';
import { careOf, domainsOn, isOver, slowDown, tracesOf, untilOperation } from './node-operations.ts';
import { rowOf } from './rackside.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// The ways in which a migration fails by itself. `lead` goes to c1 and is what the operation is held in while the target of `tail`, c3, is broken.
/** What refuses the source alone at c3: the laptop still gets in. */
const refusal = '/etc/ssh/sshd_config.d/00-refusal.conf';
const libvirt = 'libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket';
const disk = '/etc/pacemaker/vms/tail.img';

describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('a migration fails', { timeout: 600_000 }, () => {
  // They are moved in the order of their resources.
  const laptop = useLaptop(
    useLab(
      [
        { name: 'lead', memoryMiB: 40, node: 'c2', memory: 'filled' },
        { name: 'tail', memoryMiB: 24, node: 'c2', memory: 'filled' },
      ],
      async (lab) => {
        await lab
          .node('c3')
          .exec(
            `rm -f ${refusal}; systemctl reload ssh; systemctl start ${libvirt} libvirtd.service; [ ! -e ${disk}.away ] || mv ${disk}.away ${disk}`,
          );
      },
    ),
  );

  const targets = { lead: 'c1', tail: 'c3' };
  const at = (operation: Operation) => ({ regionId: laptop.region, operationId: operation.id });

  /** The operation has stopped with this reason; the VM runs on in the process it had, in the cluster’s care. */
  async function expectStayed(operation: Operation, domain: string, process: string, why: RegExp): Promise<void> {
    const { app, lab, region } = laptop;
    const failed = await untilOperation(app, region, operation.id, isOver);
    const words = failed.state.kind === 'failed' ? failed.state.problem.message : failed.state.kind;
    expect(words).toMatch(new RegExp(`${domain} was not moved`, 'u'));
    expect(words).toMatch(why);
    expect(await processesOf(lab, domain)).toEqual([process]);
    expect(await careOf(lab, domain)).toEqual({ on: ['c2'], isManaged: true });
    // R1: it is not in maintenance while one of its VMs runs there.
    expect((await rowOf(app, region, 'c2')).status.status).toBe('entering-maintenance');
  }

  /** Continues, once what was wrong is mended: everything has moved, live. */
  async function expectContinued(operation: Operation): Promise<void> {
    const { app, lab, region } = laptop;
    for (const domain of await domainsOn(lab.node('c2'))) await slowDown(lab.node('c2'), domain, 1000);
    await app.call('operations.continue', at(operation));
    const over = await untilOperation(app, region, operation.id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    for (const domain of ['lead', 'tail'] as const) {
      expect(await processesOf(lab, domain)).toEqual([`${targets[domain]} live`]);
      expect(await careOf(lab, domain)).toEqual({ on: [targets[domain]], isManaged: true });
    }
    await untilShown(laptop, 'c2', 'in-maintenance');
  }

  /** Starts with `lead` in mid-move, breaks c3, and lets `lead` arrive. */
  async function brokenBeforeTail(breakIt: () => Promise<void>): Promise<Operation> {
    const c2 = laptop.lab.node('c2');
    await slowDown(c2, 'tail', 1000);
    const operation = await startMidMove(laptop, 'c2', 'lead', 1, { targets });
    await breakIt();
    await slowDown(c2, 'lead', 1000);
    return operation;
  }

  test('R2, R9, R31: a migration that somebody aborts leaves the same QEMU process, managed; the operation says why, and continuing moves it', async () => {
    const { lab } = laptop;
    const [before = ''] = await processesOf(lab, 'lead');
    await slowDown(lab.node('c2'), 'tail', 1000);
    const operation = await startMidMove(laptop, 'c2', 'lead', 1, { targets });
    await lab.node('c2').mustExec('virsh -c qemu:///system domjobabort lead');
    await expectStayed(operation, 'lead', before, /cancell?ed by client|aborted/u);
    // R7: it does not hold back the other one.
    expect(await processesOf(lab, 'tail')).toEqual(['c3 live']);
    await expectContinued(operation);
  });

  test('R2, R9, R31: ssh that the target refuses leaves the VM where it was, managed; rolled back, the node is Active', async () => {
    const { app, lab, region } = laptop;
    const c3 = lab.node('c3');
    const [before = ''] = await processesOf(lab, 'tail');
    const operation = await brokenBeforeTail(async () => {
      await c3.mustExec(
        `echo 'DenyUsers root@${lab.node('c2').address}' >${refusal}; systemctl reload ssh; grep -q '^Include' /etc/ssh/sshd_config`,
      );
    });
    await expectStayed(operation, 'tail', before, /Permission denied|Connection (?:closed|reset)|cannot|Cannot/u);
    await app.call('operations.rollBack', at(operation));
    const over = await untilOperation(app, region, operation.id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
    expect(await processesOf(lab, 'tail')).toEqual([before]);
    expect(await careOf(lab, 'tail')).toEqual({ on: ['c2'], isManaged: true });
    expect(await processesOf(lab, 'lead')).toEqual(['c1 live']);
    await untilShown(laptop, 'c2', 'active');
    // `lead` has its home here: its pin stays, else the cluster would move it by itself.
    expect(await tracesOf(lab)).toEqual(['rackside-move-lead']);
  });

  test('R2, R9, R31: libvirt that is off on the target leaves the VM where it was, managed; continuing moves it', async () => {
    const { app, lab, region } = laptop;
    const c3 = lab.node('c3');
    const [before = ''] = await processesOf(lab, 'tail');
    const operation = await brokenBeforeTail(async () => {
      await c3.mustExec(`systemctl stop ${libvirt} libvirtd.service`);
    });
    // libvirt’s own refusal, or R4’s, where the table has seen it by then.
    await expectStayed(operation, 'tail', before, /libvirt|c3 is not Active/u);
    await c3.mustExec(`systemctl start ${libvirt} libvirtd.service`);
    await waitFor(
      'c3 is Active again',
      async () => (await rowOf(app, region, 'c3')).status.status === 'active',
      120_000,
    );
    await expectContinued(operation);
  });

  test('R2, R9, R31: a disk that the target lacks leaves the VM where it was, managed; continuing moves it', async () => {
    const { lab } = laptop;
    const c3 = lab.node('c3');
    const [before = ''] = await processesOf(lab, 'tail');
    const operation = await brokenBeforeTail(async () => {
      await c3.mustExec(`mv ${disk} ${disk}.away`);
    });
    await expectStayed(operation, 'tail', before, /Cannot access storage file/u);
    await c3.mustExec(`mv ${disk}.away ${disk}`);
    await expectContinued(operation);
  });
});
