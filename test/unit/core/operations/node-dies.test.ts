import { describe, expect, test } from 'vitest';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { moveVmsStep } from '../../../../electron/core/operations/steps/move-vms.ts';
import { runStep } from './step-world.ts';
import { at, units, world } from './two-vms.ts';

describe('R2, R9: a node that dies in the middle of it', () => {
  const dead = (answer: ClusterAnswer, isUnclean: boolean): ClusterAnswer => ({
    ...answer,
    nodes: answer.nodes.map((node) => (node.name === 'lab-c2' ? { ...node, isOnline: false, isUnclean } : node)),
  });

  test('has ended its VMs: none is tried to be moved, none is said to run where it was', async () => {
    const one = world();
    one.answer = dead(one.answer, true);
    expect(await runStep(one, moveVmsStep)).toBe(
      'vm1 was not moved: lab-c2 is lost, and not fenced yet: the cluster has not started it elsewhere yet. vm2 was not moved: lab-c2 is lost, and not fenced yet: the cluster has not started it elsewhere yet.',
    );
    expect(one.sent).toEqual([]);
  });

  test('between the look at a VM and its move has ended it: it is not said to run where it was', async () => {
    const one = world();
    one.record = { ...one.record, vms: one.record.vms.slice(0, 1) };
    one.simulates = () => {
      one.answer = dead(one.answer, true);
      return '';
    };
    expect(await runStep(one, moveVmsStep)).toBe(
      'vm1 was not moved: lab-c2 is lost, and not fenced yet: the cluster has not started it elsewhere yet.',
    );
    expect(units(one)).toEqual([]);
  });

  test('has had restarted, not moved, what the cluster runs elsewhere, and that is where it is, not where the plan wanted it', async () => {
    const one = world();
    const event = {
      action: 'reboot',
      target: 'lab-c2',
      status: 'success',
      delegate: 'lab-c1',
      client: '',
      exitReason: '',
    } as const;
    const fencing = [{ ...event, completedAt: one.time.clock.now() }, ...one.answer.fencing];
    for (const name of ['vm1', 'vm2']) one.answer = at(one.answer, name, ['lab-c1']);
    // It is back by now, as after a reboot.
    one.answer = { ...one.answer, fencing };
    expect(await runStep(one, moveVmsStep)).toBe('2 moved');
    for (const name of ['vm1', 'vm2'])
      expect(one.vm(name)).toMatchObject({
        state: 'restarted',
        target: 'lab-c1',
        detail: 'lab-c2 was fenced: the cluster started it again',
      });
    expect(units(one)).toEqual([]);
  });
});
