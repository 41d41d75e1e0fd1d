import { describe, expect, test } from 'vitest';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { moveOwner } from '../../../../electron/core/operations/move-marks.ts';
import type { MoveResult } from '../../../../electron/core/operations/move-result.ts';
import { moveVm } from '../../../../electron/core/operations/move-vm.ts';
import { inTime, lost, stepWorld, type StepWorld } from './step-world.ts';

const move = { resource: 'vm1', domain: 'vm1', source: 'lab-c2', target: 'lab-c3' };
const own = `${moveOwner('11111111-1111-4111-8111-111111111111')}.abcdef`;
const started = { kind: 'started' };

function vm1(answer: ClusterAnswer, change: Partial<ClusterAnswer['resources'][number]>): ClusterAnswer {
  return {
    ...answer,
    resources: answer.resources.map((one) => (one.id === 'vm1' ? { ...one, ...change } : one)),
  };
}
const marked = (answer: ClusterAnswer, value: string | undefined): ClusterAnswer => ({
  ...answer,
  records: { ...answer.records, marks: value === undefined ? [] : [{ name: 'rackside-unit-vm1', value }] },
});
const ended = (result: number): string =>
  `{"rackside":"end","vm":"vm1","on":"lab-c3","managed":true,"move_rc":0,"rc":${result},"s":9,"why":""}`;

/** vm1 runs on lab-c2, managed; marks come and go as they are written. */
function world(): StepWorld {
  const one = stepWorld();
  one.answer = vm1(one.answer, { nodes: ['lab-c2'], role: 'Started', isManaged: true });
  one.onSent = (line, xml) => {
    const value = /value=\\"([0-9a-f]+\.[0-9a-f]+)\\"/u.exec(xml)?.[1];
    if (value !== undefined) one.answer = marked(one.answer, value);
    if (line.startsWith('delete') && line.includes('rackside-unit-vm1')) one.answer = marked(one.answer, undefined);
    if (line.startsWith('merge hand-back') && xml.includes('is-managed'))
      one.answer = vm1(one.answer, { isManaged: false });
    return started;
  };
  return one;
}
const moves = (one: StepWorld): Promise<MoveResult> => inTime(one, moveVm(one.context, move));
const kinds = (one: StepWorld) =>
  one.sent.map((line) => (line.startsWith('systemd-run') ? 'unit' : line.split('"')[0]));

describe('R31: a move', () => {
  test('is marked, and its unit started: nothing that this laptop writes takes the VM out of the cluster’s care', async () => {
    const one = world();
    const written: string[] = [];
    const before = one.onSent;
    one.onSent = (line, xml) => {
      written.push(xml);
      if (line.startsWith('systemd-run')) one.answer = marked(vm1(one.answer, { nodes: ['lab-c3'] }), undefined);
      return before(line, xml);
    };
    one.unit = () => ({ properties: 'LoadState=loaded\nActiveState=active\nSubState=exited\n', journal: ended(0) });
    expect(await moves(one)).toEqual({ kind: 'moved' });
    expect(kinds(one)).toEqual(['merge move', 'unit']);
    expect(written.join('')).not.toContain('is-managed');
  });

  test('whose app was killed between the mark and the unit’s start is begun anew by whoever continues', async () => {
    const one = world();
    one.answer = marked(one.answer, own);
    one.unit = (name) =>
      one.sent.some((line) => line.includes(name))
        ? { properties: 'LoadState=loaded\nActiveState=active\nSubState=exited\n', journal: ended(0) }
        : { properties: 'LoadState=not-found\nActiveState=inactive\n' };
    const before = one.onSent;
    one.onSent = (line, xml) => {
      if (line.startsWith('systemd-run')) one.answer = vm1(one.answer, { nodes: ['lab-c3'] });
      return before(line, xml);
    };
    expect(await moves(one)).toEqual({ kind: 'moved' });
    expect(kinds(one)).toEqual([
      'merge hand-back',
      expect.stringContaining('delete resources//primitive') as string,
      expect.stringContaining('delete crm_config') as string,
      'merge move',
      'unit',
    ]);
  });

  test('that cannot be started within a minute leaves the VM in care, without a mark, and says why', async () => {
    const one = world();
    const before = one.onSent;
    one.onSent = (line, xml) => (line.startsWith('systemd-run') ? lost() : before(line, xml));
    expect(await moves(one)).toEqual({
      kind: 'stayed',
      because: 'its move could not be started: The way is lost. (asked for 60 s)',
    });
    expect(one.answer.records.marks).toEqual([]);
  });

  test('R6: that was cancelled is handed back by a unit that nobody stops, the old one being gone', async () => {
    const one = world();
    const cancelled = AbortSignal.abort();
    one.answer = marked(vm1(one.answer, { isManaged: false }), own);
    one.unit = (name) =>
      one.sent.some((line) => line.startsWith('systemd-run') && line.includes(name))
        ? { properties: 'LoadState=loaded\nActiveState=active\nSubState=exited\n', journal: ended(1) }
        : { properties: 'LoadState=not-found\nActiveState=inactive\n' };
    const before = one.onSent;
    one.onSent = (line, xml) => {
      const answered = before(line, xml);
      if (line.startsWith('systemd-run')) one.answer = marked(vm1(one.answer, { isManaged: true }), undefined);
      return answered;
    };
    expect(await inTime(one, moveVm({ ...one.context, cancelled }, move))).toMatchObject({ kind: 'stayed' });
    const stopped = one.sent.filter((line) => line.startsWith('systemctl stop'));
    expect(stopped).toEqual([expect.stringContaining(own)]);
  });

  test('whose hand-back can be started nowhere says so, of both sides, and that it ends by itself', async () => {
    const one = world();
    one.answer = marked(vm1(one.answer, { isManaged: false }), own);
    const before = one.onSent;
    one.onSent = (line, xml) => (line.startsWith('systemd-run') ? lost() : before(line, xml));
    const result = await moves(one);
    expect(result).toMatchObject({ kind: 'unsettled' });
    expect(JSON.stringify(result)).toMatch(/lab-c2: The way is lost.*lab-c3: The way is lost.*by itself/u);
  });
});

describe('R31: a VM that its target lost, or that ended, while it moved', () => {
  const words = 'it ran on neither side any more: its target lost it, or it ended; the cluster started it again';
  const found = (on: string): StepWorld => {
    const one = world();
    const before = one.onSent;
    one.onSent = (line, xml) => {
      if (line.startsWith('systemd-run')) one.answer = marked(vm1(one.answer, { nodes: [on] }), undefined);
      return before(line, xml);
    };
    one.unit = () => ({ properties: 'LoadState=loaded\nActiveState=failed\nSubState=failed\n', journal: ended(6) });
    return one;
  };

  test('is told as restarted, and where it runs', async () => {
    expect(await moves(found('lab-c1'))).toEqual({ kind: 'moved', restarted: words, on: 'lab-c1' });
  });

  test('has not left where the cluster has started it on its source', async () => {
    expect(await moves(found('lab-c2'))).toEqual({ kind: 'stayed', because: words, restarted: true });
  });

  test('is found so by a hand-back as well', async () => {
    const one = world();
    one.answer = marked(vm1(one.answer, { isManaged: false, nodes: [], role: 'Stopped' }), own);
    one.unit = (name) =>
      one.sent.some((line) => line.startsWith('systemd-run') && line.includes(name))
        ? { properties: 'LoadState=loaded\nActiveState=failed\nSubState=failed\n', journal: ended(6) }
        : { properties: 'LoadState=not-found\nActiveState=inactive\n' };
    const before = one.onSent;
    one.onSent = (line, xml) => {
      const answered = before(line, xml);
      if (line.startsWith('systemd-run'))
        one.answer = marked(vm1(one.answer, { isManaged: true, nodes: ['lab-c1'], role: 'Started' }), undefined);
      return answered;
    };
    expect(await moves(one)).toEqual({
      kind: 'moved',
      restarted: `its unit ended without a result; ${words}`,
      on: 'lab-c1',
    });
  });
});

describe('what a source that died in mid-move left behind', () => {
  const dead = (answer: ClusterAnswer, isUnclean: boolean): ClusterAnswer => ({
    ...answer,
    nodes: answer.nodes.map((node) => (node.name === 'lab-c2' ? { ...node, isOnline: false, isUnclean } : node)),
  });
  function afterDeath(isUnclean: boolean, isManaged: boolean): StepWorld {
    const one = world();
    one.answer = marked(dead(vm1(one.answer, { nodes: ['lab-c1'], isManaged }), isUnclean), own);
    Object.assign(one.context.region, { onNode: lost });
    return one;
  }

  test('R31: mark and unmanaging go once it is fenced and the cluster has the VM again; where it runs is told', async () => {
    const one = afterDeath(false, true);
    expect(await moves(one)).toEqual({
      kind: 'moved',
      restarted: 'lab-c2 died while vm1 moved; the cluster started it again',
      on: 'lab-c1',
    });
    expect(one.answer.records.marks).toEqual([]);
    expect(one.sent.filter((line) => line.startsWith('delete'))).toHaveLength(2);
  });

  const fenced = (one: StepWorld): StepWorld => {
    const event = {
      action: 'off',
      target: 'lab-c2',
      status: 'success',
      delegate: 'lab-c1',
      client: 'pacemaker-controld.1',
      exitReason: '',
    } as const;
    one.answer = { ...one.answer, fencing: [{ ...event, completedAt: one.time.clock.now() }, ...one.answer.fencing] };
    return one;
  };

  test('R11, R31: once its fencing proves that it is off, the VM is handed back from its target at once, and nobody asks the source', async () => {
    const one = world();
    const { onNode } = one.context.region;
    one.answer = marked(dead(vm1(one.answer, { nodes: [], isManaged: false }), true), own);
    let looks = 0;
    Object.assign(one.context.region, {
      onNode: (...asked: Parameters<typeof onNode>) => (asked[0] === 'lab-c2' ? lost() : onNode(...asked)),
      // It is unclean for a while.
      readFresh: async () => {
        looks += 1;
        if (looks === 10) one.answer = fenced({ ...one, answer: dead(one.answer, false) }).answer;
        return one.answer;
      },
    });
    const begun: string[] = [];
    const before = one.onSent;
    one.onSent = (line, xml, node) => {
      const answered = before(line, xml);
      if (!line.startsWith('systemd-run')) return answered;
      begun.push(`${node ?? ''} ${line.split(' ‹move-script› ')[1] ?? ''}`);
      one.answer = marked(vm1(one.answer, { isManaged: true, nodes: ['lab-c1'], role: 'Started' }), undefined);
      return answered;
    };
    one.unit = () => ({ properties: 'LoadState=loaded\nActiveState=failed\nSubState=failed\n', journal: ended(6) });
    expect(await moves(one)).toMatchObject({ kind: 'moved', on: 'lab-c1' });
    expect(begun).toEqual([expect.stringMatching(/^lab-c3 vm1 vm1 - lab-c3 /u)]);
  });

  test.each([
    ['it is not fenced yet', true, true],
    ['nobody manages the VM yet', false, false],
  ])('R31: nothing is touched while %s', async (_, isUnclean, isManaged) => {
    const one = afterDeath(isUnclean, isManaged);
    expect(await moves(one)).toMatchObject({ kind: 'unsettled' });
    expect(one.sent).toEqual([]);
  });

  test('R31: a mark that no recorded operation has is undone by the next move; one of a recorded operation is left alone', async () => {
    const one = world();
    one.answer = marked(one.answer, 'fedcba987654.000001');
    one.unit = (name) =>
      one.sent.some((line) => line.includes(name))
        ? { properties: 'LoadState=loaded\nActiveState=active\nSubState=exited\n', journal: ended(1) }
        : { properties: 'LoadState=not-found\nActiveState=inactive\n' };
    expect(await moves(one)).toMatchObject({ kind: 'stayed', because: 'the migration did not succeed' });
    expect(kinds(one).at(-1)).toBe('unit');

    const other = world();
    const operations = [{ ...other.record, id: 'fedcba98-7654-4000-8000-000000000000', node: 'lab-c1' }];
    other.answer = marked(other.answer, 'fedcba987654.000001');
    other.answer = { ...other.answer, records: { ...other.answer.records, operations } };
    expect(await moves(other)).toEqual({ kind: 'stayed', because: 'another operation moves it (fedcba987654.000001)' });
    expect(other.sent).toEqual([]);
  });
});
