import { describe, expect, test } from 'vitest';
import type { Operation } from '#shared/model/operation.ts';
import { answering, killAnswering } from './answering.ts';
import { startRemoval } from './confirm.ts';
import { useLab, useLaptop } from './use-lab.ts';
import { isOver, startMaintenance, untilOperation } from './node-operations.ts';

// pcs runs on the control node that answers, as a unit that dies with it.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('the control node that runs pcs dies', () => {
  const used = useLab();
  const laptop = useLaptop(used);
  const isAtWork = ({ steps }: Operation) =>
    steps.some(({ id, state, detail }) => id === 'leave' && state === 'running' && detail === 'pcs is at work');

  /** Begins the removal of w1, which is In maintenance, and waits until pcs runs. */
  async function removing() {
    const { app, region } = laptop;
    const { id: maintained } = await startMaintenance(app, region, 'w1');
    await untilOperation(app, region, maintained, isOver);
    const id = await startRemoval(app, region, 'w1');
    await untilOperation(app, region, id, isAtWork);
    return id;
  }
  const fencings = async () => (await used.lab.cluster()).fenceEvents.filter(({ target }) => target === 'w1').length;

  test('R2, R3: by itself it is begun once more, on another one, only when that one is fenced; the Worker is out, never fenced', async () => {
    const { app, region, lab } = laptop;
    const before = await fencings();
    const id = await removing();
    const killed = await killAnswering(laptop);
    const over = await untilOperation(app, region, id, isOver, 300_000);
    expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect((await lab.cluster()).nodes.map(({ name }) => name)).not.toContain('w1');
    expect(await fencings()).toBe(before);
    const sent = await app.call('operations.transcript', { regionId: region, operationId: id, after: 0 });
    const begun = sent.filter(({ command }) => command.startsWith('systemd-run'));
    expect(begun.map(({ host }) => host)).toEqual([killed, expect.not.stringMatching(killed)]);
    const fencedAt = (await lab.cluster()).fenceEvents.find(({ target }) => target === killed);
    expect(fencedAt?.status).toBe('success');
  }, 500_000);

  test('R6: cancelled meanwhile, nothing is begun again: the Worker stays, online, or is out', async () => {
    const { app, region, lab } = laptop;
    const before = await fencings();
    const id = await removing();
    // At once: when another one answers, it may have been begun there already.
    await lab.fault(await answering(laptop), 'kill');
    await app.call('operations.cancel', { regionId: region, operationId: id });
    const over = await untilOperation(app, region, id, isOver, 300_000);
    const sent = await app.call('operations.transcript', { regionId: region, operationId: id, after: 0 });
    expect(sent.filter(({ command }) => command.startsWith('systemd-run'))).toHaveLength(1);
    const { nodes } = await lab.cluster();
    const isMember = nodes.some(({ name }) => name === 'w1');
    expect(over.state).toMatchObject({ kind: 'ended', outcome: isMember ? 'cancelled' : 'succeeded' });
    expect(await fencings()).toBe(before);
  }, 500_000);
});
