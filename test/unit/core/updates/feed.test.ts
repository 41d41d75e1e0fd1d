import { expect, test } from 'vitest';
import { isFeedUrl } from '#shared/contract/feed-url.ts';
import { feedFileName, readFeed, versionInFeed } from '../../../../electron/core/updates/feed.ts';
import type { FeedAnswer } from '../../../../electron/core/updates/feed.ts';

/** As electron-builder writes it (js-yaml), of two artifacts. */
const feed = `version: 0.2.0
files:
  - url: Rackside-0.2.0.AppImage
    sha512: 3Q2+7w==
    size: 104857600
    blockMapSize: 110592
path: Rackside-0.2.0.AppImage
sha512: 3Q2+7w==
releaseDate: '2026-11-23T10:00:00.000Z'
`;

test('each platform has its own file, and only Linux one an architecture', () => {
  expect([
    feedFileName('linux', 'x64'),
    feedFileName('linux', 'arm64'),
    feedFileName('win32', 'x64'),
    feedFileName('win32', 'arm64'),
    feedFileName('darwin', 'arm64'),
  ]).toEqual(['latest-linux.yml', 'latest-linux-arm64.yml', 'latest.yml', 'latest.yml', 'latest-mac.yml']);
});

test('the version of a feed is read, plain or quoted, and nothing else is taken for one', () => {
  const texts = [
    feed,
    feed.replaceAll('\n', '\r\n'),
    `releaseDate: '2026-11-23'\nversion: "0.2.0-rc.1"\n`,
    'files:\n  - version: 0.3.0\n',
    'version: soon\n',
    'version: <b>9.9.9</b>\n',
    '<!doctype html><title>Sign in</title>',
    '',
  ];
  expect(texts.map(versionInFeed)).toEqual(['0.2.0', '0.2.0', '0.2.0-rc.1', ...Array<undefined>(5).fill(undefined)]);
});

test('a feed is asked over https, or over http on this machine, and carries no login', () => {
  const good = [
    'https://feeds.example',
    'https://feeds.example:8443/rackside/',
    'http://127.0.0.1:8080/x',
    'http://[::1]/',
  ];
  const bad = [
    'http://feeds.example/',
    'http://127.0.0.1.feeds.example/',
    'http://localhost.feeds.example/',
    'https://tech:secret@feeds.example/',
    'https://feeds.example/?channel=beta',
    'https://feeds.example/#x',
    'https://',
    'ftp://feeds.example/',
    'file:///etc/passwd',
    'feeds.example',
    'https://feeds example/',
  ];
  expect([good.filter((url) => !isFeedUrl(url)), bad.filter(isFeedUrl)]).toEqual([[], []]);
});

const at = (answers: Readonly<Record<string, Partial<FeedAnswer>>>, asked: string[] = []) => ({
  asked,
  ask: (url: URL): Promise<FeedAnswer> => {
    asked.push(url.href);
    return Promise.resolve({ status: 404, location: null, text: '', ...answers[url.href] });
  },
});

test('a redirect is followed to another encrypted address, and to no other', async () => {
  const here = 'https://feeds.example/rackside/latest.yml';
  const there = 'https://files.example/a?signed=1';
  const good = at({ [here]: { status: 302, location: there }, [there]: { status: 200, text: feed } });
  expect(await readFeed('https://feeds.example/rackside', 'latest.yml', good.ask)).toEqual({ version: '0.2.0' });
  expect(good.asked).toEqual([here, there]);
  for (const location of ['http://files.example/a', 'http://127.0.0.1:631/', 'file:///etc/passwd']) {
    const bad = at({ [here]: { status: 301, location } });
    const outcome = await readFeed('https://feeds.example/rackside/', 'latest.yml', bad.ask);
    expect(outcome).toHaveProperty('because', expect.stringContaining('not encrypted'));
    expect(bad.asked).toEqual([here]);
  }
  const round = at({ [here]: { status: 302, location: here } });
  expect(await readFeed('https://feeds.example/rackside/', 'latest.yml', round.ask)).toEqual({
    because: 'feeds.example sends on more than 3 times.',
  });
  expect(round.asked).toHaveLength(4);
});
