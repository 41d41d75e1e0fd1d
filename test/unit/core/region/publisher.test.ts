import { expect, test } from 'vitest';
import { createPublisher, type Batch } from '../../../../electron/core/region/publisher.ts';
import { nodeId } from '../../../../shared/model/ids.ts';
import { simulatedClock } from '../../../helpers/simulated-clock.ts';

test('a burst of changes is told once a tick, each node once', () => {
  const clock = simulatedClock();
  const told: Batch[] = [];
  const publisher = createPublisher({ clock, tickMs: 250, holdMs: 0, publish: (batch) => told.push(batch) });
  for (let round = 0; round < 100; round += 1) publisher.markNode(nodeId('member:a'));
  publisher.markNode(nodeId('member:b'));
  clock.advance(249);
  expect(told).toEqual([]);
  clock.advance(1);
  expect(told).toEqual([{ changed: new Set(['member:a', 'member:b']), removed: new Set() }]);
  clock.advance(10_000);
  expect(told).toHaveLength(1);
});

test('a node that changed and then went is told as gone only', () => {
  const clock = simulatedClock();
  const told: Batch[] = [];
  const publisher = createPublisher({ clock, tickMs: 250, holdMs: 0, publish: (batch) => told.push(batch) });
  publisher.markNode(nodeId('member:a'));
  publisher.markRemoved(nodeId('member:a'));
  clock.advance(250);
  expect(told).toEqual([{ changed: new Set(), removed: new Set(['member:a']) }]);
});

test('nothing is told after close', () => {
  const clock = simulatedClock();
  const told: Batch[] = [];
  const publisher = createPublisher({ clock, tickMs: 250, holdMs: 0, publish: (batch) => told.push(batch) });
  publisher.markRegion();
  publisher.close();
  publisher.markNode(nodeId('member:late'));
  clock.advance(1000);
  expect(told).toEqual([]);
});

test('the first batch waits until whoever opened the region has painted it, and holds all that changed till then', () => {
  const clock = simulatedClock();
  const told: Batch[] = [];
  const publisher = createPublisher({ clock, tickMs: 250, holdMs: 500, publish: (batch) => told.push(batch) });
  publisher.markNode(nodeId('member:a'));
  clock.advance(499);
  publisher.markNode(nodeId('member:b'));
  expect(told).toEqual([]);
  clock.advance(1);
  expect(told).toEqual([{ changed: new Set(['member:a', 'member:b']), removed: new Set() }]);
  publisher.markNode(nodeId('member:a'));
  clock.advance(250);
  expect(told).toHaveLength(2);
});
