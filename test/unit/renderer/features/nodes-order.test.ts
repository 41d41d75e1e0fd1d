import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeRow } from '#shared/model/node.ts';
import { unknown } from '#shared/model/reading.ts';
import { nodeStatuses } from '#shared/lifecycle/statuses.ts';
import { countMoved, orderNodes } from '../../../../renderer/features/nodes/order.ts';
import { compareNaturally, foldText } from '../../../../renderer/ui/natural-order.ts';
import { nodeColumnIds } from '../../../../renderer/state/node-columns.ts';
import { defaultSort, noFilter } from '../../../../renderer/state/view.ts';
import type { NodeSort } from '../../../../renderer/state/view.ts';
import { row } from '../../../e2e/helpers/rows.ts';
import type { RowWords } from '../../../e2e/helpers/rows.ts';

const now = Date.UTC(2026, 10, 23, 13, 2);
const rows = (...words: readonly RowWords[]): readonly NodeRow[] => words.map((one) => row(one, now));
const namesBy = (all: readonly NodeRow[], sort: NodeSort): readonly string[] =>
  orderNodes(all, noFilter, sort).map((id) => id.replace(/^\w+:/, ''));

test('status sorts by attention, then by name', () => {
  const all = rows(...nodeStatuses.toReversed().map((status): RowWords => ({ name: status, status })), {
    name: 'a-node',
  });
  expect(namesBy(all, defaultSort)).toEqual([...nodeStatuses.slice(0, -1), 'a-node', 'active']);
});

test('names sort as a person counts, without case or accents', () => {
  const all = rows({ name: 'n10' }, { name: 'N2' }, { name: 'Ärger' }, { name: 'arm' }, { name: 'n1' });
  expect(namesBy(all, { column: 'name', direction: 'ascending' })).toEqual(['Ärger', 'arm', 'n1', 'N2', 'n10']);
});

test('what is not known stands last in both directions, on every column of numbers', () => {
  const gone = { ...row({ name: 'gone' }, now), cpuPercent: unknown('it is silent') };
  const all = [gone, ...rows({ name: 'low', cpu: 3 }, { name: 'high', cpu: 90 })];
  expect(namesBy(all, { column: 'cpu', direction: 'ascending' })).toEqual(['low', 'high', 'gone']);
  expect(namesBy(all, { column: 'cpu', direction: 'descending' })).toEqual(['high', 'low', 'gone']);
});

test('addresses sort by their numbers', () => {
  const all = rows(
    { name: 'b', address: '10.42.10.2' },
    { name: 'a', address: '10.42.9.30' },
    { name: 'c', address: null },
  );
  expect(namesBy(all, { column: 'address', direction: 'ascending' })).toEqual(['a', 'b', 'c']);
});

test('every column sorts, and the other direction is its mirror but for what is not known', () => {
  const all = rows({ name: 'n1', cpu: 1, vcpus: 8, tags: ['a'] }, { name: 'n2', cpu: 2, vcpus: 16, tags: ['b'] });
  for (const column of nodeColumnIds) {
    const up = orderNodes(all, noFilter, { column, direction: 'ascending' });
    const down = orderNodes(all, noFilter, { column, direction: 'descending' });
    expect([up.length, down.length], column).toEqual([2, 2]);
  }
});

const natural = (a: string, b: string): number => compareNaturally(foldText(a), foldText(b));

test('natural order compares numbers of any length as numbers, whatever stands before them, and leading zeros count nothing', () => {
  const rising = [
    '',
    '2',
    '10',
    'a',
    'ä2',
    'A10',
    'ab',
    'n1',
    'n1-9',
    'n1-10',
    'n02',
    'n10',
    'n10a',
    'r9-n10',
    'r10-n9',
    '京',
  ];
  for (const [index, one] of rising.entries()) {
    for (const [place, other] of rising.entries()) {
      expect(Math.sign(natural(one, other)), `${one} beside ${other}`).toBe(Math.sign(index - place));
    }
  }
  for (const [one, other] of [
    ['n1', 'n001'],
    ['Über', 'uber'],
    ['r¹', 'R1'],
  ] as const) {
    expect([natural(one, other), natural(other, one)].map(Math.abs), one).toEqual([0, 0]);
  }
});

test('natural order is one order for any texts', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'B', 'ä', '\u0301', '0', '1', '2', '²', '-', '京'),
    maxLength: 6,
  });
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expect(Math.sign(natural(a, b)) + Math.sign(natural(b, a))).toBe(0);
      const [low, middle, high] = [a, b, c].toSorted(natural) as [string, string, string];
      expect([natural(low, middle) <= 0, natural(middle, high) <= 0, natural(low, high) <= 0]).toEqual([
        true,
        true,
        true,
      ]);
    }),
    { numRuns: 20_000 },
  );
});

test('moved counts the fewest rows whose moving would bring the rest into order', () => {
  const sort: NodeSort = { column: 'cpu', direction: 'ascending' };
  const before = rows({ name: 'a', cpu: 1 }, { name: 'b', cpu: 2 }, { name: 'c', cpu: 3 }, { name: 'd', cpu: 4 });
  const shown = orderNodes(before, noFilter, sort);
  const after = (...changed: readonly RowWords[]): ReadonlyMap<NodeRow['id'], NodeRow> =>
    new Map([...before, ...rows(...changed)].map((one) => [one.id, one]));
  expect(countMoved(shown, after(), noFilter, sort)).toBe(0);
  expect(countMoved(shown, after({ name: 'a', cpu: 50 }), noFilter, sort)).toBe(1);
  expect(countMoved(shown, after({ name: 'a', cpu: 50 }, { name: 'b', cpu: 60 }), noFilter, sort)).toBe(2);
  expect(countMoved(shown, after({ name: 'e', cpu: 2 }), noFilter, sort)).toBe(1);
  const filtered = { ...noFilter, statuses: ['active' as const] };
  expect(countMoved(shown, after({ name: 'b', cpu: 2, status: 'failed' }), filtered, sort)).toBe(1);
});
