import { expect, test } from 'vitest';
import { nodeId } from '#shared/model/ids.ts';
import { nodePageOf } from '../../../../renderer/features/operations/node-page.ts';
import { row } from '../../../e2e/helpers/rows.ts';

const now = Date.UTC(2026, 10, 23, 13, 2);
const operation = { nodeId: nodeId('member:c4'), node: 'c4' };

test('an operation leads to its node, and after a removal to the identity that it left behind', () => {
  const member = { ...row({ name: 'c4' }, now), id: operation.nodeId };
  const left = { ...row({ name: 'c4', status: 'out' }, now), id: nodeId('out:8d1f04c2e7aa') };
  expect(nodePageOf(new Map([member, left].map((one) => [one.id, one])), operation)).toBe(operation.nodeId);
  expect(nodePageOf(new Map([[left.id, left]]), operation)).toBe(left.id);
  // Another node that was removed is not it.
  expect(nodePageOf(new Map([[left.id, { ...left, hostname: 'c5' }]]), operation)).toBe(null);
});
