import { expect, test } from 'vitest';
import { closeQuestion, createCloseGuard } from '../../../electron/shell/desktop/close-guard.ts';
import type { CloseChoice } from '../../../electron/shell/desktop/close-guard.ts';

function guardWith(running: number) {
  const asked: number[] = [];
  let answer: (choice: CloseChoice) => void = () => undefined;
  const guard = createCloseGuard({
    running: () => running,
    ask: (count) => {
      asked.push(count);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  });
  const proceeded: string[] = [];
  const mayClose = (): boolean => guard.mayClose(() => proceeded.push('closed'));
  return { mayClose, asked, proceeded, answer: (choice: CloseChoice) => answer(choice) };
}

test('nothing is asked while nothing runs', () => {
  const { mayClose, asked } = guardWith(0);
  expect([mayClose(), asked]).toEqual([true, []]);
});

test('while an operation runs, closing asks once, and keeping it running closes nothing', async () => {
  const { mayClose, asked, proceeded, answer } = guardWith(2);
  expect([mayClose(), mayClose(), asked]).toEqual([false, false, [2]]);
  answer('keep-running');
  await expect.poll(() => mayClose() || asked.length).toBe(2);
  expect(proceeded).toEqual([]);
});

test('handing over closes, and is not asked again on the way out', async () => {
  const { mayClose, asked, proceeded, answer } = guardWith(1);
  mayClose();
  answer('hand-over');
  await expect.poll(() => proceeded).toEqual(['closed']);
  expect([mayClose(), asked]).toEqual([true, [1]]);
});

test('a question that cannot be asked closes nothing', async () => {
  const guard = createCloseGuard({ running: () => 1, ask: () => Promise.reject(new Error('no display')) });
  let isClosed = false;
  expect(
    guard.mayClose(() => {
      isClosed = true;
    }),
  ).toBe(false);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect(isClosed).toBe(false);
});

test('the harmless answer is the default and what Escape gives', () => {
  const { buttons, defaultId, cancelId } = closeQuestion(1);
  expect([buttons[defaultId], buttons[cancelId]]).toEqual(['Keep running', 'Keep running']);
});
