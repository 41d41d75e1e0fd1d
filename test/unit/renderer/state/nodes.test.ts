import { beforeEach, expect, test } from 'vitest';
import { beginNodes, putChanges, putSnapshot, useNodes } from '../../../../renderer/state/nodes.ts';
import { frankfurt, liveView, snapshot } from '../../../e2e/helpers/region.ts';
import { row } from '../../../e2e/helpers/rows.ts';

const now = Date.UTC(2026, 10, 23, 13, 2);
const view = liveView(frankfurt, now);
const [a, b] = [row({ name: 'a' }, now), row({ name: 'b' }, now)];

beforeEach(() => {
  beginNodes(frankfurt.id, now);
  putSnapshot(snapshot(view, [a, b], now));
});

test('a row that did not change keeps its identity through a snapshot', () => {
  putSnapshot(snapshot(view, [structuredClone(a), { ...b, name: 'c' }], now, 2));
  const { rows } = useNodes.getState();
  expect(rows.get(a.id)).toBe(a);
  expect(rows.get(b.id)?.name).toBe('c');
});

test('a batch changes and removes only what it names', () => {
  putChanges(frankfurt.id, [{ ...b, name: 'c' }], [a.id]);
  expect([...useNodes.getState().rows.values()].map(({ name }) => name)).toEqual(['c']);
});

test('a batch of another region changes nothing', () => {
  const before = useNodes.getState().version;
  putChanges('zrh1' as typeof frankfurt.id, [{ ...b, name: 'c' }], [a.id]);
  expect(useNodes.getState().version).toBe(before);
});
