import { expect, test } from 'vitest';
import { createLaptopClock } from '../../../../electron/core/demo-region/laptop-clock.ts';
import { createNap } from '../../../../electron/core/demo-region/nap.ts';
import { fakeClock } from '../ssh/fake-clock.ts';

test('while the laptop sleeps its monotonic clock and what waits on it stand still, and the wall clock goes on', () => {
  const machine = fakeClock();
  const laptop = createLaptopClock(machine);
  const rung: string[] = [];
  laptop.after(1_000, () => rung.push('before'));
  laptop.after(5_000, () => rung.push('across'));
  const cancel = laptop.after(5_000, () => rung.push('cancelled in its sleep'));
  machine.advance(2_000);
  const [now, wall] = [laptop.now(), laptop.wall()];
  laptop.fallAsleep();
  machine.advance(60_000);
  cancel();
  laptop.after(1_000, () => rung.push('begun in its sleep'));
  machine.advance(60_000);
  expect([laptop.now() - now, laptop.wall() - wall, rung]).toEqual([0, 120_000, ['before']]);
  laptop.wake();
  machine.advance(1_000);
  expect([laptop.now() - now, rung]).toEqual([1_000, ['before', 'begun in its sleep']]);
  machine.advance(2_000);
  expect(rung).toEqual(['before', 'begun in its sleep', 'across']);
});

/** A nap, and what happened in its order. */
function nap() {
  const machine = fakeClock();
  const said: string[] = [];
  const say = (word: string) => () => void said.push(word);
  return {
    machine,
    said,
    nap: createNap({
      clock: { fallAsleep: say('time stands still'), wake: say('time goes on') },
      suspend: say('suspend'),
      resume: say('resume'),
      setNetwork: (isUp) => said.push(isUp ? 'network up' : 'network down'),
      wall: machine,
    }),
  };
}

test('the app is told before it sleeps and after it woke, as the shell tells it', () => {
  const { machine, said, nap: sleeping } = nap();
  expect(sleeping.begin(30_000)).toBeNull();
  expect(said.splice(0)).toEqual(['suspend', 'time stands still', 'network down']);
  expect(sleeping.begin(30_000)).toBe('the laptop sleeps already');
  machine.advance(29_000);
  expect(said).toEqual([]);
  machine.advance(1_000);
  expect(said.splice(0)).toEqual(['time goes on', 'network up', 'resume']);
  expect(sleeping.begin(30_000)).toBeNull();
});

test('a laptop that is woken before its time is woken once', () => {
  const { machine, said, nap: sleeping } = nap();
  sleeping.end();
  expect(said).toEqual([]);
  sleeping.begin(30_000);
  sleeping.end();
  machine.advance(60_000);
  expect(said.filter((word) => word === 'resume')).toEqual(['resume']);
});
