import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { known } from '#shared/model/reading.ts';
import type { Reading } from '#shared/model/reading.ts';
import { ReadingCell } from '../../../../renderer/ui/reading-cell.tsx';
import type { ReadingCellProps } from '../../../../renderer/ui/reading-cell.tsx';

const now = Date.UTC(2026, 10, 23, 13, 2);
const intervalMs = 10_000;
const readBefore = (ms: number): Reading<number> => known(64, now - ms, intervalMs);
const cell = (reading: Reading<number>, more: Partial<ReadingCellProps<number>> = {}): string =>
  renderToStaticMarkup(createElement(ReadingCell<number>, { reading, now, format: String, ...more }));
const trend = { series: undefined, top: undefined };

test('R29: an old value without a sparkline is underlined and tells its age, so that not only its colour says it', () => {
  expect(cell(readBefore(60_000))).toBe(
    '<span class="rk-v rk-v--old rk-v--aged">64</span><span class="rk-sr">, 1 m old</span>',
  );
  expect(cell(readBefore(1000))).toBe('<span class="rk-v">64</span>');
});

test('R29: in a sparkline’s place the age stands to be seen, once', () => {
  expect(cell(readBefore(60_000), { trend }).match(/1 m old/g)).toHaveLength(1);
  expect(cell(readBefore(60_000), { trend })).toContain('<span class="rk-age">1 m old</span>');
});

test('R29: a value beside another one’s sparkline tells its own age', () => {
  const html = cell(readBefore(120_000), { trend, trendReading: readBefore(1000) });
  expect(html).toContain('rk-v--aged');
  expect(html).toContain('<span class="rk-sr">, 2 m old</span>');
});
