import { expect, test } from 'vitest';
import { closeQuestion, createCloseGuard } from '../../../electron/shell/desktop/close-guard.ts';
import type { CloseChoice } from '../../../electron/shell/desktop/close-guard.ts';

function guardWith(running: number) {
  const asked: number[] = [];
  let answer: (choice: CloseChoice) => void = () => undefined;
  const handingOver = Promise.withResolvers<void>();
  const errors: unknown[] = [];
  const guard = createCloseGuard({
    running: () => running,
    ask: (count) => {
      asked.push(count);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    handOver: () => handingOver.promise,
    onError: (error) => errors.push(error),
  });
  const proceeded: string[] = [];
  const mayClose = (): boolean => guard.mayClose(() => proceeded.push('closed'));
  return { mayClose, asked, proceeded, errors, handingOver, answer: (choice: CloseChoice) => answer(choice) };
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

test('handing over closes once it is done, not before, and is not asked again on the way out', async () => {
  const { mayClose, asked, proceeded, handingOver, answer } = guardWith(1);
  mayClose();
  answer('hand-over');
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect([mayClose(), proceeded]).toEqual([false, []]);
  handingOver.resolve();
  await expect.poll(() => proceeded).toEqual(['closed']);
  expect([mayClose(), asked]).toEqual([true, [1]]);
});

test('what fails while handing over is told, and closes all the same', async () => {
  const { mayClose, proceeded, errors, handingOver, answer } = guardWith(1);
  mayClose();
  answer('hand-over');
  const error = new Error('no network');
  handingOver.reject(error);
  await expect.poll(() => proceeded).toEqual(['closed']);
  expect(errors).toEqual([error]);
});

test('a question that cannot be asked closes nothing', async () => {
  const guard = createCloseGuard({
    running: () => 1,
    ask: () => Promise.reject(new Error('no display')),
    handOver: () => Promise.resolve(),
    onError: () => undefined,
  });
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
