import { expect, test } from 'vitest';
import type { RegionView } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import { countReached, freshnessWords, unopenedWords } from '../../../../renderer/app/freshness-words.ts';
import { offlineWords } from '../../../../renderer/app/offline-words.ts';
import { readRoute } from '../../../../renderer/app/route.ts';
import { frankfurt, liveView } from '../../../e2e/helpers/region.ts';
import { row } from '../../../e2e/helpers/rows.ts';

const now = Date.UTC(2026, 10, 23, 13, 2, 18);
const view = liveView(frankfurt, now);
const connected = { kind: 'connected' } as const;
const nodes = [row({ name: 'a' }, now), row({ name: 'b', silentForMs: 60_000 }, now)];
const words = (
  connection: RegionView['connection'],
  link = connected as { kind: 'connected' } | { kind: 'lost'; since: number },
) => {
  const { kind, main, detail } = freshnessWords({ ...view, connection }, link, countReached(nodes), now);
  return { kind, main, detail };
};
const problem = (code: Problem['code']): Problem => ({
  code,
  message: 'The login was refused.',
  advice: 'Check the key.',
});

test('live says how old the cluster’s answer is and how many nodes are silent', () => {
  expect(words(view.connection)).toEqual({ kind: 'live', main: 'Live', detail: '4 s ago, 1 node silent' });
});

test('R29: live is never said of an answer older than two of its intervals, nor while this page is cut off', () => {
  const old = { kind: 'live', since: 0, via: 'x', readAt: now - 60_000 } as const;
  expect(words(old).kind).toBe('old');
  expect(words(view.connection, { kind: 'lost', since: now }).kind).toBe('old');
});

test('offline says the state of when is shown', () => {
  const connection = {
    kind: 'offline',
    since: 0,
    lastReadAt: now - 3 * 3_600_000,
    problem: problem('connection-timed-out'),
    nextTryAt: null,
  } as const;
  expect(words(connection).main).toMatch(/^As of \d\d:02, 3 h ago$/);
});

test('R29: while the first try of a start is under way, the state of when is shown, and what is tried', () => {
  const connecting = { kind: 'connecting', since: now - 5000, to: '10.42.0.11' } as const;
  expect(words({ ...connecting, lastReadAt: now - 60_000 })).toEqual({
    kind: 'old',
    main: expect.stringMatching(/^As of \d\d:01, 1 m ago$/) as string,
    detail: 'connecting to 10.42.0.11, 5 s',
  });
  expect(words({ ...connecting, lastReadAt: null })).toEqual({
    kind: 'reading',
    main: 'Connecting',
    detail: 'to 10.42.0.11, 5 s',
  });
});

test('a region that has just come alive says how many of its nodes have been read', () => {
  const waiting = {
    ...row({ name: 'c' }, now),
    reachability: { kind: 'not-tried', because: 'its turn comes' },
  } as const;
  const reached = countReached([...nodes, waiting]);
  const connection = { kind: 'live', since: now - 400, via: 'x', readAt: now - 300 } as const;
  expect(freshnessWords({ ...view, connection }, connected, reached, now).detail).toBe('reading 2 of 3');
});

test('a region that is being opened says so and for how long, and one that was not opened why', () => {
  expect(unopenedWords({ kind: 'loading', since: now - 4000 }, now)).toMatchObject({
    kind: 'reading',
    main: 'Opening',
    detail: '4 s',
  });
  expect(unopenedWords({ kind: 'failed', problem: problem('sudo-missing') }, now)).toEqual({
    kind: 'old',
    main: 'Not opened',
    detail: '',
    tip: 'The login was refused.',
  });
  expect(unopenedWords({ kind: 'idle' }, now)).toBeNull();
});

test('R22: the laptop’s network is suspected where the region says so, whatever its problem is', () => {
  const offline = {
    kind: 'offline',
    since: 0,
    lastReadAt: null,
    problem: problem('no-control-node-answers'),
    nextTryAt: null,
  } as const;
  expect(offlineWords({ name: 'Frankfurt 2', isLaptopSuspect: true }, offline, now)).toEqual({
    title: 'No node of Frankfurt 2 answers, so this laptop’s network is the first suspect.',
    text: 'Nothing of it was ever read.',
  });
  expect(offlineWords({ name: 'No node of', isLaptopSuspect: false }, offline, now)).toEqual({
    title: 'The login was refused.',
    text: 'Check the key. Nothing of it was ever read.',
  });
});

test('a route is read from any hash, and one that is not understood is the list', () => {
  expect(['', '#/nodes', '#/nodes/member%3Afra2-r01-n05', '#/settings', '#/nodes/%', '#/gone'].map(readRoute)).toEqual([
    { page: 'nodes' },
    { page: 'nodes' },
    { page: 'node', nodeId: 'member:fra2-r01-n05' },
    { page: 'settings' },
    { page: 'nodes' },
    { page: 'nodes' },
  ]);
});
