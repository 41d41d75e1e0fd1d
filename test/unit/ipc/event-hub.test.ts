import { expect, test } from 'vitest';
import type { AppNotice } from '#shared/contract/app.ts';
import type { EventEnvelope } from '#shared/contract/contract.ts';
import { createEventHub } from '../../../electron/ipc/event-hub.ts';

const notice = (id: string): AppNotice => ({ id, level: 'info', message: id, advice: '', at: 0 });

function hubWithPeer() {
  const errors: unknown[] = [];
  const hub = createEventHub({ onError: (error) => errors.push(error) });
  const peer = { got: [] as EventEnvelope[], canTake: true };
  const subscription = hub.subscribe((event) => peer.got.push(event), { canTake: () => peer.canTake });
  const sequences = (): number[] => peer.got.map(({ sequence }) => sequence);
  return { hub, peer, subscription, sequences, errors };
}

test('every subscriber gets every event, numbered without a gap over all names', () => {
  const { hub, peer } = hubWithPeer();
  hub.publish('app.notice', notice('a'));
  hub.publish('regions.changed', []);
  expect(peer.got).toEqual([
    { sequence: 1, name: 'app.notice', payload: notice('a') },
    { sequence: 2, name: 'regions.changed', payload: [] },
  ]);
  expect(hub.sequence()).toBe(2);
});

test('a peer that could take no more sees a gap at the next event it gets', () => {
  const { hub, peer, sequences } = hubWithPeer();
  hub.publish('app.notice', notice('a'));
  peer.canTake = false;
  hub.publish('app.notice', notice('b'));
  hub.publish('app.notice', notice('c'));
  peer.canTake = true;
  hub.publish('app.notice', notice('d'));
  expect(sequences()).toEqual([1, 4]);
});

test('a peer that was slow sees the gap even if nothing else ever happens', () => {
  const { hub, peer, subscription, sequences } = hubWithPeer();
  peer.canTake = false;
  hub.publish('app.notice', notice('a'));
  hub.publish('app.notice', notice('b'));
  peer.canTake = true;
  subscription.drained();
  subscription.drained();
  expect(sequences()).toEqual([2]);
});

test('a peer that was closed gets nothing any more, not even what it lost', () => {
  const { hub, peer, subscription, sequences } = hubWithPeer();
  peer.canTake = false;
  hub.publish('app.notice', notice('a'));
  subscription.close();
  peer.canTake = true;
  subscription.drained();
  hub.publish('app.notice', notice('b'));
  expect([sequences(), hub.subscribers()]).toEqual([[], 0]);
});

test('a subscriber that throws is closed and told of, and the others go on', () => {
  const { hub, errors, sequences } = hubWithPeer();
  const bug = new Error('broken');
  hub.subscribe(() => {
    throw bug;
  });
  hub.publish('app.notice', notice('a'));
  hub.publish('app.notice', notice('b'));
  expect([errors, sequences(), hub.subscribers()]).toEqual([[bug], [1, 2], 1]);
});
