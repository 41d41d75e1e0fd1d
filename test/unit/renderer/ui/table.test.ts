import { expect, test } from 'vitest';
import { columnWidths } from '../../../../renderer/ui/table/column-widths.ts';
import { rowWindow, seenWindow } from '../../../../renderer/ui/table/row-window.ts';
import { nextCell } from '../../../../renderer/ui/table/next-cell.ts';

const columns = [{ width: 100 }, { width: 200, grow: 3 }, { width: 80 }, { width: 100, grow: 1 }];

test('numeric columns keep their width and the rest goes to those that grow', () => {
  expect(columnWidths(columns, 912)).toEqual({ total: 912, columns: [100, 500, 80, 200] });
});

test('no column falls below its width: the table scrolls sideways instead', () => {
  expect(columnWidths(columns, 300)).toEqual({ total: 512, columns: [100, 200, 80, 100] });
});

test('rounding loses no pixel', () => {
  const { total, columns: widths } = columnWidths(columns, 913);
  expect(widths.reduce((sum, width) => sum + width, 32)).toBe(total);
});

test('keys move by cell, the head is above the first row, and the edges hold', () => {
  const size = { rows: 3, columns: 4, page: 2 };
  const from = { row: 0, column: 1 };
  const keys = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageDown', 'PageUp', 'x'];
  expect(keys.map((key) => nextCell(from, key, size))).toEqual([
    { row: -1, column: 1 },
    { row: 1, column: 1 },
    { row: 0, column: 0 },
    { row: 0, column: 2 },
    { row: 0, column: 1 },
    { row: 2, column: 1 },
    { row: 2, column: 1 },
    { row: 0, column: 1 },
    null,
  ]);
  expect(nextCell({ row: 2, column: 3 }, 'ArrowDown', size)).toEqual({ row: 2, column: 3 });
  expect(nextCell({ row: -1, column: 0 }, 'ArrowUp', size)).toEqual({ row: -1, column: 0 });
});

test('the window is whole blocks around the view, of one length, and never leaves the rows', () => {
  expect([0, 27, 2800, 2801, 999_999].map((top) => rowWindow(top, 700, 1000))).toEqual([
    { first: 0, last: 5, end: 48 },
    { first: 0, last: 5, end: 48 },
    { first: 12, last: 17, end: 144 },
    { first: 12, last: 17, end: 144 },
    { first: 119, last: 124, end: 1000 },
  ]);
  expect([rowWindow(0, 700, 3), rowWindow(0, 700, 0), rowWindow(5000, 700, 30)]).toEqual([
    { first: 0, last: 0, end: 3 },
    { first: 0, last: -1, end: 0 },
    { first: 0, last: 3, end: 30 },
  ]);
});

test('the first frame has only the rows that are seen', () => {
  expect([
    seenWindow(0, 740, 20_000),
    seenWindow(2800, 740, 20_000),
    seenWindow(0, 740, 5),
    seenWindow(9999, 740, 30),
  ]).toEqual([
    { first: 0, last: 3, end: 27 },
    { first: 12, last: 15, end: 127 },
    { first: 0, last: 0, end: 5 },
    { first: 3, last: 3, end: 30 },
  ]);
});
