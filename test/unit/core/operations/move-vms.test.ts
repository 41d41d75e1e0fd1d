import { describe, expect, test } from 'vitest';
import { known } from '#shared/model/reading.ts';
import { fail } from '#shared/problems.ts';
import { homeStep } from '../../../../electron/core/operations/steps/home.ts';
import { moveVmsStep } from '../../../../electron/core/operations/steps/move-vms.ts';
import { CancelledByPerson } from '../../../../electron/core/operations/run-steps.ts';
import { inTime, lost, runStep, stepWorld, type StepWorld } from './step-world.ts';
import { at, planned, units, world } from './two-vms.ts';

const mib = 1_048_576;
const minute = 60_000;

describe('R7: VMs that can move are not held back', () => {
  test('by one whose move is refused, though they share a worker; its reason is told', async () => {
    const one = world();
    const before = one.onSent;
    let marks = 0;
    one.onSent = (line, xml) => {
      if (line === 'merge move' && (marks += 1) === 1)
        fail({ code: 'write-refused', message: 'The cluster refused a change.', advice: 'Look.' });
      return before(line, xml);
    };
    expect(await runStep(one, moveVmsStep)).toBe('vm1: The cluster refused a change.');
    expect(units(one)).toHaveLength(1);
    expect([one.vm('vm1')?.state, one.vm('vm2')?.state]).toEqual(['failed', 'moved']);
  });

  test('but a lock that is another’s ends all of them', async () => {
    const one = world();
    one.onSent = () => fail({ code: 'lease-lost', message: 'It is another’s.', advice: 'Look.' });
    expect(await runStep(one, moveVmsStep)).toBe('It is another’s.');
    expect(one.sent).toEqual(['merge move']);
  });
});

describe('R4, R31: a VM that the cluster would not keep on its target', () => {
  test('is not begun to be moved, and the other moves; why is told', async () => {
    const one = world();
    const kept = one.simulates;
    one.simulates = (edits) => kept(edits.map((edit) => edit.replace('rsc="vm1"', 'rsc="barred"')));
    expect(await runStep(one, moveVmsStep)).toBe(
      'vm1 was not moved and runs on where it was: the cluster’s own scheduler would not keep it on lab-c3: look at its constraints and at what lab-c3 can carry.',
    );
    expect(units(one)).toHaveLength(1);
    expect(one.sent.filter((line) => line === 'merge move')).toHaveLength(1);
    expect([one.vm('vm1')?.state, one.vm('vm2')?.state]).toEqual(['failed', 'moved']);
  });

  test('nor one whose simulation says nothing', async () => {
    const one = world();
    one.simulates = () => '<rsc_action';
    expect(await runStep(one, moveVmsStep)).toMatch(/vm1 was not moved .* is not known: .*vm2 was not moved/u);
    expect(units(one)).toEqual([]);
  });

  test('nor one that is to be restarted there', async () => {
    const one = world();
    one.record = { ...one.record, vms: [{ ...planned('vm1'), effect: 'restart-elsewhere' }] };
    one.simulates = () => '';
    expect(await runStep(one, moveVmsStep)).toMatch(/^vm1 was not moved .* would not keep it on lab-c3/u);
    expect(one.sent).toEqual([]);
  });
});

describe('R2: a VM that is restarted elsewhere', () => {
  const restarted = (): StepWorld => {
    const one = world();
    one.record = { ...one.record, vms: [{ ...planned('vm1'), effect: 'restart-elsewhere' }] };
    return one;
  };

  test('and was found started there by whoever continues was restarted, not moved live', async () => {
    const one = restarted();
    one.answer = at(one.answer, 'vm1', ['lab-c3']);
    expect(await runStep(one, moveVmsStep)).toBe('1 moved');
    expect(one.vm('vm1')?.state).toBe('restarted');
  });

  test('and runs nowhere is not done with: the step fails and names it', async () => {
    const one = restarted();
    one.answer = at(one.answer, 'vm1', []);
    expect(await runStep(one, moveVmsStep)).toBe(
      'vm1 was stopped for its restart and does not run yet: the cluster has not started it on lab-c3 within five minutes.',
    );
    expect([one.vm('vm1')?.state, one.record.vms[0]?.isDone]).toEqual(['failed', false]);
  });
});

describe('R4, R6: while the cluster is asked what it would do', () => {
  test('Cancel ends the wait at once, and nothing is written', async () => {
    const cancelled = new AbortController();
    const one = stepWorld('lab-c2', cancelled.signal);
    for (const name of ['vm1', 'vm2']) one.answer = at(one.answer, name, ['lab-c2']);
    one.record = { ...one.record, vms: [planned('vm1')] };
    one.simulates = () => {
      cancelled.abort();
      return lost();
    };
    const began = one.time.clock.now();
    await expect(inTime(one, moveVmsStep.act(one.context))).rejects.toThrow(CancelledByPerson);
    expect(one.time.clock.now() - began).toBeLessThan(5000);
    expect(one.sent).toEqual([]);
  });

  test('a VM whose move Cancel keeps from beginning stays: that is no failure', async () => {
    const cancelled = new AbortController();
    const one = stepWorld('lab-c2', cancelled.signal);
    one.answer = at(one.answer, 'vm1', ['lab-c2']);
    one.record = { ...one.record, vms: [planned('vm1')] };
    const kept = one.simulates;
    one.simulates = (edits) => {
      one.free = () => known(0, one.time.clock.now(), minute);
      cancelled.abort();
      return kept(edits);
    };
    await expect(inTime(one, moveVmsStep.act(one.context))).rejects.toThrow(CancelledByPerson);
    expect(one.vm('vm1')?.state).toBe('stays');
  });

  test('a target that has become full meanwhile is none', async () => {
    const one = world();
    one.record = { ...one.record, vms: [planned('vm1')] };
    const kept = one.simulates;
    one.simulates = (edits) => {
      one.free = () => known(0, one.time.clock.now(), minute);
      return kept(edits);
    };
    expect(await runStep(one, moveVmsStep)).toMatch(/^vm1 was not moved .* lab-c3 lacks the memory now/u);
    expect(one.sent).toEqual([]);
  });
});

describe('R2: a VM that is read as stopped', () => {
  const steps = [
    ['leaves', moveVmsStep, 'lab-c2', 'lab-c3'],
    ['comes home', homeStep, 'lab-c3', 'lab-c2'],
  ] as const;
  test.each(steps)('while somebody refreshes it has not ended: it %s all the same', async (_, step, from, to) => {
    const one = world();
    one.record = { ...one.record, vms: [planned('vm1', to)] };
    const [nowhere, there] = [at(one.answer, 'vm1', []), at(one.answer, 'vm1', [from])];
    const began = one.time.clock.now();
    one.answer = there;
    Object.assign(one.context.region, {
      readFresh: async () => (one.sent.length === 0 && one.time.clock.now() - began < 4500 ? nowhere : one.answer),
    });
    one.onSent = (line) => {
      if (line.startsWith('systemd-run')) one.answer = at(one.answer, 'vm1', [to]);
      return { kind: 'started' };
    };
    await runStep(one, step);
    expect(units(one)).toHaveLength(1);
    expect(one.vm('vm1')?.state).toBe('moved');
  });

  test.each(steps)('and stays so is taken for ended (it would have been one that %s)', async (_, step, _from, to) => {
    const one = world();
    one.record = { ...one.record, vms: [planned('vm1', to)] };
    one.answer = at(one.answer, 'vm1', []);
    await runStep(one, step);
    expect([units(one), one.vm('vm1')?.state]).toEqual([[], 'stopped']);
  });
});

describe('R4: a target is judged by what is true now', () => {
  test('one whose memory was read too long ago is read anew, and refused where that tells nothing', async () => {
    const one = world();
    one.record = { ...one.record, vms: [planned('vm1')] };
    const readAt = one.time.clock.now() - 3 * minute;
    one.free = () => known(1024 ** 4, readAt, minute);
    expect(await runStep(one, moveVmsStep)).toBe('vm1 was not moved: the free memory of lab-c3 was read too long ago.');
    expect([one.readNodes, units(one)]).toEqual([['member:lab-c3'], []]);

    const fresh = world();
    fresh.free = () => known(1024 ** 4, fresh.readNodes.length === 0 ? readAt : fresh.time.clock.now(), minute);
    expect(await runStep(fresh, moveVmsStep)).toBe('2 moved');
  });

  test('one whose memory grew old while the cluster was asked, by a laptop that slept, is read anew', async () => {
    const one = world();
    let hasSlept = false;
    Object.assign(one.context.region, {
      readFresh: async () => {
        hasSlept = true;
        return one.answer;
      },
    });
    const old = one.time.clock.now() - 3 * minute;
    one.free = () => known(1024 ** 4, hasSlept && one.readNodes.length === 0 ? old : one.time.clock.now(), minute);
    expect(await runStep(one, moveVmsStep)).toBe('2 moved');
  });

  test('one that was fenced since a person began or continued is none, and back online it is none either', async () => {
    const one = world();
    const before = one.onSent;
    one.onSent = (line, xml) => {
      // lab-c3 is fenced and comes back while the first of them moves.
      if (line.startsWith('systemd-run')) {
        const event = {
          action: 'reboot',
          target: 'lab-c3',
          status: 'success',
          delegate: 'lab-c1',
          client: '',
          exitReason: '',
        } as const;
        one.answer = {
          ...one.answer,
          fencing: [{ ...event, completedAt: one.time.clock.now() }, ...one.answer.fencing],
        };
      }
      return before(line, xml);
    };
    expect(await runStep(one, moveVmsStep)).toBe(
      'vm2 was not moved: lab-c3 was fenced meanwhile, and what it was fenced for may be there still.',
    );
    expect([one.vm('vm1')?.state, one.vm('vm2')?.state]).toEqual(['moved', 'failed']);
    expect(units(one)).toHaveLength(1);
  });

  test('what other moves of the same moment will take there is counted', async () => {
    const one = world();
    one.maxMovesAtOnce = 2;
    const sizes = new Map(one.answer.vms.map(({ resource, memoryMib }) => [resource, memoryMib ?? 0]));
    const both = (sizes.get('vm1')! + sizes.get('vm2')!) * mib;
    one.free = () => known(both - 1, one.time.clock.now(), minute);
    expect(await runStep(one, moveVmsStep)).toBe(
      'vm2 was not moved: lab-c3 lacks the memory once the VMs that are on their way there have come.',
    );
    const enough = world();
    enough.maxMovesAtOnce = 2;
    enough.free = () => known(both, enough.time.clock.now(), minute);
    expect(await runStep(enough, moveVmsStep)).toBe('2 moved');
  });

  test('so are the moves of other operations, by their marks', async () => {
    const one = world();
    one.record = { ...one.record, vms: [planned('vm1')] };
    const other = { ...one.record, id: '22222222-2222-4222-8222-222222222222', node: 'lab-c1', vms: [planned('vm2')] };
    const size = (resource: string) => one.answer.vms.find((vm) => vm.resource === resource)?.memoryMib ?? 0;
    one.free = () => known((size('vm1') + size('vm2')) * mib - 1, one.time.clock.now(), minute);
    const marks = [{ name: 'rackside-unit-vm2', value: '222222222222.000001' }];
    const { records } = one.answer;
    one.answer = { ...one.answer, records: { ...records, operations: [other], marks } };
    expect(await runStep(one, moveVmsStep)).toMatch(/lacks the memory once the VMs that are on their way/u);
    one.answer = { ...one.answer, records: { ...records, operations: [other], marks: [] } };
    expect(await runStep(one, moveVmsStep)).toBe('1 moved');
  });
});
