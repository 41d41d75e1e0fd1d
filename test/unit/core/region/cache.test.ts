import { describe, expect, test } from 'vitest';
import type { CachedPart, Inventory, NodePart } from '../../../../electron/core/db/inventory.ts';
import { withProblem } from '../../../../electron/core/region/apply.ts';
import { createRegionCache } from '../../../../electron/core/region/cache.ts';
import { fromLastTime } from '../../../../electron/core/region/region-node.ts';
import { regionId } from '../../../../shared/model/ids.ts';
import { answerOf } from '../cluster/capture.ts';
import { openTestStore, temporaryFolder } from '../db/store-folder.ts';
import { memberOf, observed } from './nodes.ts';
import { problem } from './scripted-pool.ts';

const region = regionId('r1');
const answer = answerOf('healthy/lab-c1');
const nodes = [memberOf('lab-c2', observed('c2', 1000)), memberOf('lab-w1', observed('w1', 2000))];

/** The region's inventory, with a note of what is written to it. */
function noting(inventory: Inventory): Inventory & { readonly saved: Record<NodePart, string[]> } {
  const saved: Record<NodePart, string[]> = { row: [], detail: [], summary: [], 'status-memory': [] };
  return {
    ...inventory,
    saved,
    saveNodes(part, entries) {
      saved[part].push(...entries.map(({ id }) => id));
      inventory.saveNodes(part, entries);
    },
  };
}

test('what was saved is loaded as it was, but for who was reached', () => {
  const store = openTestStore(temporaryFolder());
  const first = createRegionCache(store.openInventory(region));
  first.save(nodes, answer);
  first.close();
  const next = createRegionCache(store.openInventory(region));
  expect(next.load()).toEqual({ nodes: nodes.map(fromLastTime), answer });
});

test('the slow facts, ten times as large, are written only when they changed', () => {
  const store = openTestStore(temporaryFolder());
  const inventory = noting(store.openInventory(region));
  const cache = createRegionCache(inventory);
  cache.save(nodes, answer);
  const [c2, w1] = nodes;
  if (c2 === undefined || w1 === undefined) throw new Error('two nodes');
  const busier = { ...c2, observation: { ...c2.observation, address: '10.0.0.3' } };
  cache.save([busier, { ...w1, observation: observed('w1', 3000) }], answer);
  expect(inventory.saved.row).toEqual([c2.id, w1.id, c2.id, w1.id]);
  expect(inventory.saved.detail).toEqual([c2.id, w1.id, w1.id]);
});

describe('what is of another format', () => {
  const older = ({ id, json, readAt }: CachedPart): CachedPart => ({
    id,
    json: json.replace(/"format":\d+/u, '"format":0'),
    readAt,
  });

  test('is dropped, row by row, and read again from the nodes', () => {
    const store = openTestStore(temporaryFolder());
    const inventory = store.openInventory(region);
    createRegionCache(inventory).save(nodes, answer);
    const [first] = inventory.loadNodes('row');
    if (first === undefined) throw new Error('a row was saved');
    inventory.saveNodes('row', [older(first)]);
    const meta = inventory.loadMeta('answer');
    inventory.saveMeta('answer', meta?.json.replace(/"format":\d+/u, '"format":99') ?? '', 1);
    expect(createRegionCache(inventory).load()).toEqual({ nodes: nodes.slice(1).map(fromLastTime), answer: undefined });
  });

  test('is saved whole once it was read again, slow facts included', () => {
    const store = openTestStore(temporaryFolder());
    const inventory = noting(store.openInventory(region));
    createRegionCache(inventory).save(nodes, answer);
    inventory.saveNodes('row', inventory.loadNodes('row').map(older));
    const cache = createRegionCache(inventory);
    expect(cache.load().nodes).toEqual([]);
    inventory.saved.detail.length = 0;
    cache.save(nodes, answer);
    expect(inventory.saved.detail).toEqual(nodes.map(({ id }) => id));
  });
});

test('R14: a brake that was pulled is there after a restart, and one of another format is none', () => {
  const store = openTestStore(temporaryFolder());
  const brake = { since: 1000, nodes: ['c1', 'c2'], calmSince: null, liftedUntil: null };
  const inventory = store.openInventory(region);
  expect(createRegionCache(inventory).loadBrake()).toBeNull();
  createRegionCache(inventory).saveBrake(brake, 1000);
  expect(createRegionCache(inventory).loadBrake()).toEqual(brake);
  inventory.saveMeta('brake', inventory.loadMeta('brake')?.json.replace(/"format":\d+/u, '"format":0') ?? '', 1);
  expect(createRegionCache(inventory).loadBrake()).toBeNull();
});

test('a node that went is not loaded again', () => {
  const store = openTestStore(temporaryFolder());
  const inventory = store.openInventory(region);
  const cache = createRegionCache(inventory);
  cache.save(nodes, answer);
  for (const { id } of nodes.slice(0, 1)) cache.removeNode(id);
  expect(createRegionCache(inventory).load().nodes).toEqual(nodes.slice(1).map(fromLastTime));
});

test('R29: that a node was reached, or what it asked, is not taken over from the last time', () => {
  for (const old of [
    memberOf('lab-c2', observed('c2', 1000)),
    memberOf('lab-c2', withProblem(observed('c2', 1000), problem('secret-needed'), 2000)),
  ]) {
    expect(fromLastTime(old)).toEqual({
      ...old,
      observation: {
        ...old.observation,
        reachability: { kind: 'not-tried', because: 'not tried since Rackside was started' },
      },
    });
  }
});
