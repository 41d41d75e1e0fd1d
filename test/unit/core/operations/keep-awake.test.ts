import { expect, test } from 'vitest';
import { createKeepAwake } from '../../../../electron/core/operations/keep-awake.ts';
import { operationId } from '../../../../shared/model/ids.ts';
import type { OperationState } from '../../../../shared/model/operation.ts';

function awake() {
  const held: string[] = [];
  const keep = createKeepAwake(() => {
    held.push('hold');
    return () => held.push('release');
  });
  const tell = (id: string, state: OperationState, isOurs = true) =>
    keep.onChanged({ id: operationId(id), isOurs, state });
  return { held, keep, tell };
}

const running = { kind: 'running' } as const;
const ended = { kind: 'ended', at: 1, outcome: 'succeeded', left: [] } as const;

test('the computer is kept awake from the first operation to the end of the last, also while one waits for its turn', () => {
  const { held, tell } = awake();
  tell('a', running);
  tell('b', { kind: 'queued', behind: 'c1' });
  tell('a', { kind: 'cancelling', since: 1 });
  tell('a', ended);
  expect(held).toEqual(['hold']);
  tell('b', running);
  tell('b', { kind: 'unattended', since: 1 });
  expect(held).toEqual(['hold', 'release']);
  tell('b', running);
  expect(held).toEqual(['hold', 'release', 'hold']);
});

test('what another laptop drives, or nobody, keeps nothing awake', () => {
  const { held, tell } = awake();
  tell('a', running, false);
  tell('b', { kind: 'elsewhere', owner: 'kim' });
  tell('c', { kind: 'unattended', since: 1 });
  expect(held).toEqual([]);
});

test('closing lets the computer sleep, whatever still runs', () => {
  const { held, keep, tell } = awake();
  tell('a', running);
  keep.close();
  keep.close();
  expect(held).toEqual(['hold', 'release']);
});
