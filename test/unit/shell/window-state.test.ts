import { expect, test } from 'vitest';
import { placeWindow, readWindowState } from '../../../electron/shell/desktop/window-state.ts';
import type { Rectangle } from '../../../electron/shell/desktop/window-state.ts';

const laptop: Rectangle = { x: 0, y: 25, width: 1920, height: 1055 };
const left: Rectangle = { x: -2560, y: -200, width: 2560, height: 1440 };
const small: Rectangle = { x: 0, y: 0, width: 1280, height: 720 };

const at = (x: number, y: number, width: number, height: number, isMaximized = false) => ({
  bounds: { x, y, width, height },
  isMaximized,
});

test('the first window is in the middle of the primary display', () => {
  expect(placeWindow(undefined, [laptop, left])).toEqual(at(240, 103, 1440, 900));
});

test('a window opens where it was, also at negative coordinates', () => {
  expect(placeWindow(at(100, 100, 1200, 800), [laptop])).toEqual(at(100, 100, 1200, 800));
  expect(placeWindow(at(-2000, -100, 1200, 800, true), [laptop, left])).toEqual(at(-2000, -100, 1200, 800, true));
});

test('a window of a display that is gone comes to the middle of the primary one', () => {
  expect(placeWindow(at(-2000, -100, 1200, 800), [laptop])).toEqual(at(360, 153, 1200, 800));
  expect(placeWindow(at(5000, 5000, 1200, 800), [laptop])).toEqual(at(360, 153, 1200, 800));
});

test('a window of which only a sliver shows comes to the middle', () => {
  expect(placeWindow(at(1900, 100, 1200, 800), [laptop])).toEqual(at(360, 153, 1200, 800));
});

test('a window that hangs over the edge is moved in, title bar first', () => {
  expect(placeWindow(at(1500, 900, 1200, 800), [laptop])).toEqual(at(720, 280, 1200, 800));
  expect(placeWindow(at(-300, -100, 1200, 800), [laptop])).toEqual(at(0, 25, 1200, 800));
});

test('a window between two displays goes to the one that shows more of it', () => {
  expect(placeWindow(at(-900, 100, 1200, 800), [laptop, left]).bounds.x).toBe(-1200);
  expect(placeWindow(at(-300, 100, 1200, 800), [laptop, left]).bounds.x).toBe(0);
});

test('a window that is too large for a smaller display fills that, and is never smaller than it may be', () => {
  expect(placeWindow(at(-50, 0, 2560, 1440), [small])).toEqual(at(0, 0, 1280, 720));
  expect(placeWindow(at(10, 10, 200, 100), [small])).toEqual(at(10, 10, 960, 600));
});

test('without any display a window has its normal size', () => {
  expect(placeWindow(undefined, [])).toEqual(at(0, 0, 1440, 900));
});

test('a saved state that is no state is no state', () => {
  const state = at(1, 2, 3, 4, true);
  expect(readWindowState(JSON.stringify(state))).toEqual(state);
  const broken = ['', '{', 'null', '{"bounds":null}', '{"bounds":{"x":1,"y":2,"width":0,"height":4}}'];
  for (const text of [
    ...broken,
    '{"bounds":{"x":"1","y":2,"width":3,"height":4}}',
    '{"bounds":{"x":1.5,"y":2,"width":3,"height":4}}',
  ]) {
    expect([text, readWindowState(text)]).toEqual([text, undefined]);
  }
});
