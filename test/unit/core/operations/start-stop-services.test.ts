import { describe, expect, test } from 'vitest';
import { emptyNodeRecord } from '#shared/model/cluster.ts';
import { memberId, operationId, regionId } from '#shared/model/ids.ts';
import { actingRegion, type ActingRegion } from './acting-region.ts';
import { maintained } from './maintained-region.ts';
import { at } from './two-vms.ts';

const onFirst = {
  regionId: regionId('00000000-0000-4000-8000-000000000000'),
  operationId: operationId('11111111-1111-4111-8111-111111111111'),
  nodeId: memberId('lab-c1'),
};

describe('the cluster services of a node In maintenance', () => {
  const stop = async (world: ActingRegion, meanwhile?: () => void) => {
    const { digest } = await world.calls['services.prepareStop'](onFirst);
    meanwhile?.();
    return world.codeOf(world.calls['services.stop']({ ...onFirst, digest }));
  };

  test('stop once they were judged again, with the commands that were shown', async () => {
    const world = maintained();
    const { wouldRun, isReady } = await world.calls['services.prepareStop'](onFirst);
    expect([isReady, wouldRun.map(({ step }) => step)]).toEqual([true, ['record', 'stop-services']]);
    expect(await stop(world)).toBe('begun');
    expect(world.begun).toMatchObject([{ command: 'stop-services', vms: [] }]);
  });

  test.each<readonly [string, (world: ActingRegion) => void, string]>([
    ['R1: a VM has come', (world) => void (world.answer = at(world.answer, 'vm1', ['lab-c1'])), 'preflight-failed'],
    [
      'R15: another control is gone',
      (world) => {
        const nodes = world.answer.nodes.map((one) => (one.name === 'lab-c3' ? { ...one, isOnline: false } : one));
        world.answer = { ...world.answer, nodes, quorum: { ...world.answer.quorum, votes: 2 } };
      },
      'preflight-failed',
    ],
    [
      'R11: it went offline',
      (world) => {
        const nodes = world.answer.nodes.map((one) => (one.name === 'lab-c1' ? { ...one, isOnline: false } : one));
        world.answer = { ...world.answer, nodes };
      },
      'preflight-failed',
    ],
  ])('do not stop where meanwhile %s', async (_what, meanwhile, code) => {
    const world = maintained();
    expect(await stop(world, () => meanwhile(world))).toBe(code);
    expect(world.begun).toEqual([]);
  });

  test('R2: that run again, because the machine was switched on, stop a second time whatever is recorded', async () => {
    const world = maintained();
    const { records } = world.answer;
    const { maintenance } = records.nodes['lab-c1']!;
    const stopped = { ...emptyNodeRecord, maintenance: { ...maintenance!, isStopped: true } };
    world.answer = { ...world.answer, records: { ...records, nodes: { 'lab-c1': stopped } } };
    expect(await stop(world)).toBe('begun');
  });

  test('of a node that is Active are not for stopping', async () => {
    const world = actingRegion();
    expect(await world.codeOf(world.calls['services.prepareStop'](onFirst))).toBe('not-available');
  });
});
