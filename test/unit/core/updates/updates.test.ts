import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import type { AppNotice } from '#shared/contract/app.ts';
import { askFeed } from '../../../../electron/core/updates/ask-feed.ts';
import { createUpdates } from '../../../../electron/core/updates/updates.ts';
import { simulatedClock } from '../../../helpers/simulated-clock.ts';

const hourMs = 3_600_000;
const feedOf = (version: string): string => `version: ${version}\nfiles: []\nreleaseDate: '2026-11-23T10:00:00.000Z'\n`;

/** A real web server on loopback. */
async function listen(answer: RequestListener) {
  const http = createServer(answer);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  const close = (): void => {
    http.closeAllConnections();
    http.close();
  };
  onTestFinished(close);
  return { close, host: `127.0.0.1:${String(typeof address === 'object' ? address?.port : undefined)}` };
}

/** `says` is the version that the feed has, `null`: it is out of order. An answer waits for `hold`. */
async function startFeed(first: string | null) {
  const server = { says: first, asked: [] as string[], hold: Promise.resolve() };
  const { host, close } = await listen((request, response) => {
    server.asked.push(request.url ?? '');
    void server.hold.then(() => {
      response.statusCode = server.says === null ? 503 : 200;
      response.end(server.says === null ? 'out of order' : feedOf(server.says));
    });
  });
  return { server, host, close, url: `http://${host}/rackside` };
}

/** What a laptop keeps between two starts of the program. */
function laptop() {
  return {
    memory: null as string | null,
    notices: [] as readonly AppNotice[],
    said: 0,
    feedUrl: '',
    clock: simulatedClock(),
  };
}

function start(of: ReturnType<typeof laptop>, version = '0.1.0') {
  const updates = createUpdates({
    version,
    platform: 'linux',
    arch: 'arm64',
    feedUrl: () => of.feedUrl,
    ask: askFeed,
    clock: of.clock,
    memory: {
      get: () => of.memory,
      set: (text) => {
        of.memory = text;
      },
    },
    notices: {
      add: (notice) => {
        of.said += 1;
        const added = { ...notice, id: String(of.said), at: of.clock.now() };
        of.notices = [...of.notices, added];
        return added;
      },
      dismiss: (id) => {
        of.notices = of.notices.filter((notice) => notice.id !== id);
      },
    },
    log: (line) => expect.fail(line),
  });
  onTestFinished(() => updates.close());
  return updates;
}

const words = (of: ReturnType<typeof laptop>): readonly string[] => of.notices.map(({ message }) => message);

test('without a feed nobody is ever asked, by the button neither', async () => {
  const { server } = await startFeed('0.2.0');
  const mine = laptop();
  const updates = start(mine);
  mine.clock.advance(72 * hourMs);
  expect(await updates.check()).toEqual({ kind: 'off' });
  expect([server.asked, mine.notices, mine.memory]).toEqual([[], [], null]);
});

test('a newer version is announced by one notice, once, and asked for by the name of this platform’s file', async () => {
  const { server, url } = await startFeed('0.2.0');
  const mine = laptop();
  mine.feedUrl = url;
  const updates = start(mine);
  expect(updates.state()).toEqual({ kind: 'not-asked' });
  const available = { kind: 'available', version: '0.2.0', askedAt: mine.clock.now() };
  expect(await updates.check()).toEqual(available);
  expect(updates.state()).toEqual(available);
  expect(server.asked).toEqual(['/rackside/latest-linux-arm64.yml']);
  expect(words(mine)).toEqual(['Rackside 0.2.0 is available; this is 0.1.0.']);

  // Read and dismissed; neither another look nor another start says it again.
  mine.notices = [];
  await updates.check();
  updates.close();
  await start(mine).check();
  expect(mine.notices).toEqual([]);

  server.says = '0.3.0';
  await start(mine).check();
  expect(words(mine)).toEqual(['Rackside 0.3.0 is available; this is 0.1.0.']);
});

test('a newer version takes the place of the one announced before, and a notice goes once its version runs', async () => {
  const { server, url } = await startFeed('0.2.0');
  const mine = laptop();
  mine.feedUrl = url;
  const updates = start(mine);
  await updates.check();
  server.says = '0.3.0';
  await updates.check();
  expect(words(mine)).toEqual(['Rackside 0.3.0 is available; this is 0.1.0.']);
  updates.close();
  expect(start(mine, '0.3.0').state()).toEqual({ kind: 'newest', askedAt: mine.clock.now() });
  expect(mine.notices).toEqual([]);
});

test('the same version, an older one and a pre-release of this one are no news', async () => {
  const { server, url } = await startFeed('0.1.0');
  const mine = laptop();
  mine.feedUrl = url;
  const updates = start(mine);
  for (const version of ['0.1.0', '0.0.9', '0.1.0-rc.1', '0.1.0+1']) {
    server.says = version;
    expect(await updates.check()).toEqual({ kind: 'newest', askedAt: mine.clock.now() });
  }
  expect(mine.notices).toEqual([]);
});

test('it is asked once a day, over restarts too, and not while the program starts', async () => {
  const { server, url } = await startFeed('0.1.0');
  const mine = laptop();
  mine.feedUrl = url;
  const first = start(mine);
  expect(server.asked).toHaveLength(0);
  mine.clock.advance(30_000);
  await expect.poll(() => first.state().kind).toBe('newest');
  mine.clock.advance(20 * hourMs);
  first.close();
  const second = start(mine);
  mine.clock.advance(3 * hourMs);
  expect(server.asked).toHaveLength(1);
  mine.clock.advance(2 * hourMs);
  await expect.poll(() => server.asked.length).toBe(2);
  expect(second.state().kind).toBe('newest');
  second.close();
  expect(mine.clock.pending()).toBe(0);
});

test('a feed that does not answer is said by its state alone, and asked again within the hour', async () => {
  const { server, url, host, close } = await startFeed(null);
  const mine = laptop();
  mine.feedUrl = url;
  const updates = start(mine);
  expect(await updates.check()).toEqual({
    kind: 'unanswered',
    because: `http://${host}/rackside/latest-linux-arm64.yml was answered with HTTP 503.`,
    askedAt: mine.clock.now(),
  });
  server.says = '0.2.0';
  mine.clock.advance(2 * hourMs);
  await expect.poll(() => updates.state().kind).toBe('available');

  close();
  expect(await updates.check()).toMatchObject({ kind: 'unanswered', because: `${host} refused the connection.` });
  expect(words(mine)).toEqual(['Rackside 0.2.0 is available; this is 0.1.0.']);
});

test('an answer that comes after another feed was set is not believed', async () => {
  const { server, url } = await startFeed('0.9.0');
  const mine = laptop();
  mine.feedUrl = url;
  const updates = start(mine);
  let answer = (): void => {};
  server.hold = new Promise((resolve) => {
    answer = resolve;
  });
  const asked = updates.check();
  await expect.poll(() => server.asked.length).toBe(1);
  mine.feedUrl = '';
  answer();
  expect(await asked).toEqual({ kind: 'off' });
  expect([mine.notices, mine.memory]).toEqual([[], null]);
});

test('two who ask at once are one request', async () => {
  const { server, url } = await startFeed('0.1.0');
  const mine = laptop();
  mine.feedUrl = url;
  const updates = start(mine);
  await Promise.all([updates.check(), updates.check()]);
  expect(server.asked).toHaveLength(1);
});

test('an answer without end is read for its first 64 KiB', async () => {
  const { host } = await listen((_, response) => {
    response.write(feedOf('0.2.0'));
    const more = (): void => {
      while (response.write(`#${'x'.repeat(8191)}\n`));
      response.once('drain', more);
    };
    more();
  });
  const { text } = await askFeed(new URL(`http://${host}/`));
  expect([text.startsWith('version: 0.2.0\n'), text.length]).toEqual([true, 65_536]);
});
