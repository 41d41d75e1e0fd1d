import { expect, test } from 'vitest';
import { around, placeBeside, placeClearOf } from '../../../../renderer/features/demo/tour-place.ts';

const window = { width: 1280, height: 720 };

test('a step stands beneath its element, at its side where it is low, and in the corner where there is none', () => {
  expect(placeBeside({ left: 261, right: 330, top: 8, bottom: 36 }, window)).toEqual({ left: 261, top: 44 });
  expect(placeBeside({ left: 4, right: 64, top: 640, bottom: 690 }, window)).toEqual({ left: 72, top: 552 });
  expect(placeBeside(undefined, window)).toEqual({ right: 16, bottom: 40 });
});

test('it never leaves the window', () => {
  expect(placeBeside({ left: 1250, right: 1278, top: 8, bottom: 36 }, window)).toEqual({ left: 952, top: 44 });
  expect(placeBeside({ left: -40, right: 0, top: -40, bottom: -10 }, window)).toEqual({ left: 8, top: 8 });
});

test('what is open beneath its element is part of it', () => {
  const label = { left: 261, right: 330, top: 8, bottom: 36 };
  const panel = { left: 255, right: 695, top: 40, bottom: 600 };
  expect(around([label, panel])).toEqual({ left: 255, right: 695, top: 8, bottom: 600 });
  expect(placeBeside(around([label, panel]), window)).toEqual({ left: 703, top: 8 });
  expect(around([])).toBeUndefined();
});

test('it leaves a panel that is open and a node’s head in sight, and stays where it was where they are elsewhere', () => {
  const label = { left: 261, right: 330, top: 8, bottom: 36 };
  const headroom = { left: 560, right: 1000, top: 40, bottom: 400 };
  const freshness = { left: 350, right: 480, top: 8, bottom: 36 };
  const head = { left: 68, right: 1280, top: 76, bottom: 116 };
  expect(placeClearOf(label, [], window)).toEqual({ left: 261, top: 44 });
  expect(placeClearOf(label, [{ ...headroom, left: 600 }], window)).toEqual({ left: 261, top: 44 });
  expect(placeClearOf(freshness, [headroom], window)).toEqual({ left: 350, top: 408 });
  expect(placeClearOf(label, [head], window)).toEqual({ left: 68, top: 124 });
});
