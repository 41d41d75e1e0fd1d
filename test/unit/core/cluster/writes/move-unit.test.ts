import { describe, expect, test } from 'vitest';
import { showMoveUnit } from '../../../../../electron/core/cluster/writes/move-unit.ts';
import { sectionedCapture } from '../sectioned-capture.ts';

const read = (name: string) =>
  showMoveUnit({ resource: 'vmove', value: 'captured' }).parse(sectionedCapture(`move-units/${name}`));
const report = { isEnd: true, isManaged: true };

describe('how a move’s unit stands, as nodes have said it', () => {
  test.each([
    ['moved-ended', 0, { ...report, on: 'c3', migrateStatus: 0, result: 0, why: '' }],
    ['lost-ended', 6, { ...report, on: 'c2', migrateStatus: 0, result: 6, why: '' }],
    ['not-ours-ended', 4, { isEnd: true, on: null, isManaged: false, result: 4, why: 'not ours' }],
  ])('%s: ended by itself', (capture, exitStatus, told) => {
    expect(read(capture)).toMatchObject({ kind: 'ended', exitStatus, report: told });
  });

  test.each(['aborted', 'stopped', 'timedout', 'target-off'])(
    '%s: not moved, and handed back on its source',
    (name) => {
      const state = read(`${name}-ended`);
      expect(state).toMatchObject({ kind: 'ended', exitStatus: 1, report: { ...report, on: 'c2', result: 1 } });
      expect(state.kind === 'ended' && state.report?.why).not.toBe('');
    },
  );

  test('one that runs has said nothing yet', () => {
    expect(read('aborted-running')).toEqual({ kind: 'running', report: null });
  });

  test.each([
    ['moved', 0],
    ['aborted', 1],
    ['lost', 6],
  ])('%s: forgotten, and its last words are in the journal still', (name, result) => {
    expect(read(`${name}-forgotten`)).toMatchObject({ kind: 'absent', report: { isEnd: true, result } });
  });
});
