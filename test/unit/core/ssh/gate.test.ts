import { expect, test } from 'vitest';
import { Gate } from '../../../../electron/core/ssh/gate.ts';

test('R23: no more than the capacity are inside at once, and those who wait enter in the order they came', async () => {
  const gate = new Gate(2);
  const entered: number[] = [];
  let inside = 0;
  let most = 0;
  await Promise.all(
    [0, 1, 2, 3, 4, 5, 6].map(async (number) => {
      const leave = await gate.enter();
      entered.push(number);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
      inside -= 1;
      leave();
      leave();
    }),
  );
  expect({ most, entered, holders: gate.holders }).toEqual({ most: 2, entered: [0, 1, 2, 3, 4, 5, 6], holders: 0 });
});

test('one who gives up while waiting leaves no gap behind', async () => {
  const gate = new Gate(1);
  const leave = await gate.enter();
  const giveUp = new AbortController();
  const gone = gate.enter(giveUp.signal);
  const patient = gate.enter();
  giveUp.abort(new Error('no time'));
  await expect(gone).rejects.toThrow('no time');
  leave();
  (await patient)();
  expect(gate.holders).toBe(0);
});

test('a lowered limit holds from the next one on', async () => {
  const gate = new Gate(6);
  const leaves = await Promise.all([gate.enter(), gate.enter(), gate.enter()]);
  gate.lowerTo(2);
  let isIn = false;
  const waiting = gate.enter().then((leave) => {
    isIn = true;
    return leave;
  });
  leaves[0]?.();
  await Promise.resolve();
  expect(isIn).toBe(false);
  leaves[1]?.();
  (await waiting)();
  expect(gate.capacity).toBe(2);
});
