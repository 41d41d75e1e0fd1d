import { expect, test } from 'vitest';
import type { NodeRow } from '#shared/model/node.ts';
import { unknown } from '#shared/model/reading.ts';
import { nodeStatuses } from '#shared/lifecycle/statuses.ts';
import { countMoved, orderNodes } from '../../../../renderer/features/nodes/order.ts';
import { naturalKey } from '../../../../renderer/features/nodes/sort-keys.ts';
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

test('natural keys compare numbers of any length', () => {
  expect(naturalKey('r9-n10') < naturalKey('r10-n9')).toBe(true);
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
