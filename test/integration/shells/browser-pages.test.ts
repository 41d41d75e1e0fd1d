import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, enter } from '../../helpers/shells/page.ts';
import { startTestShell } from '../../helpers/shells/shell.ts';
import type { TestShell } from '../../helpers/shells/shell.ts';

const html = { Accept: 'text/html' };
const codeOf = (body: string): string => (JSON.parse(body) as { problem: { code: string } }).problem.code;

describe('the pages of the browser shell', () => {
  let test1: TestShell;
  let port: number;
  let pages = 0;
  const tokenPath = (): string => new URL(test1.shell.freshUrl()).search.replace('?', '/?');

  beforeAll(async () => {
    test1 = await startTestShell({}, { maxFailedTokens: 1000, onPage: () => (pages += 1) });
    ({ port } = test1.shell);
  });
  afterAll(() => test1.close());

  test('a token is used once: the second use gets a page that says so and what to do', async () => {
    const path = tokenPath();
    expect((await ask(port, path, { headers: html })).status).toBe(200);
    const second = await ask(port, path, { headers: html });
    expect([second.status, second.headers['set-cookie']]).toEqual([403, undefined]);
    expect(second.body).toContain('<code>token-used</code>');
    expect(second.body).toContain('Run <code>npm start</code> again');
    expect(codeOf((await ask(port, path)).body)).toBe('token-used');
  });

  test('the core hears of a person who is let in, and of nobody else', async () => {
    const [before, path] = [pages, tokenPath()];
    for (const asked of ['/', '/assets/none.js', path, path, '/?t=wrong']) await ask(port, asked, { headers: html });
    expect(pages - before).toBe(1);
  });

  test('a second use with the cookie of the first is refused all the same', async () => {
    const path = tokenPath();
    const cookie = (await ask(port, path)).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect(codeOf((await ask(port, path, { headers: { Cookie: cookie } })).body)).toBe('token-used');
  });

  test('the cookie is HttpOnly, SameSite=Strict and named per instance', async () => {
    const other = await startTestShell({});
    const cookies = await Promise.all(
      [test1, other].map(async ({ shell }) => {
        const { search } = new URL(shell.freshUrl());
        return (await ask(shell.port, `/${search}`)).headers['set-cookie']?.[0] ?? '';
      }),
    );
    await other.close();
    for (const cookie of cookies)
      expect(cookie).toMatch(/^rackside-[0-9a-f]{12}=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/u);
    expect(cookies[0]!.split('=')[0]).not.toBe(cookies[1]!.split('=')[0]);
  });

  test('a reload with the cookie gets the page, and the secret is not in it again', async () => {
    const page = await enter(test1.shell.freshUrl());
    const again = await ask(port, '/', { headers: { Cookie: page.cookie } });
    expect(again.status).toBe(200);
    expect(again.body).not.toContain(page.secret);
  });

  test('without the cookie nothing is served, neither the page nor its files', async () => {
    for (const path of ['/', '/index.html', '/assets/index-a1B2c3D4.js', '/nothing', '/socket']) {
      const answer = await ask(port, path);
      expect([path, answer.status, codeOf(answer.body)]).toEqual([path, 401, 'unauthenticated']);
    }
  });

  test('the cookie of another instance opens nothing', async () => {
    const other = await startTestShell({});
    const { cookie } = await enter(other.shell.freshUrl());
    await other.close();
    expect((await ask(port, '/', { headers: { Cookie: cookie } })).status).toBe(401);
  });

  test('a foreign Host is refused, however right the rest is, and the token is not used up by it', async () => {
    const path = tokenPath();
    for (const host of ['evil.example', 'localhost', `localhost:${String(port)}`, '127.0.0.1', '127.0.0.1:1']) {
      const answer = await ask(port, path, { headers: { Host: host } });
      expect([host, answer.status, codeOf(answer.body)]).toEqual([host, 421, 'foreign-host']);
    }
    expect((await ask(port, path)).status).toBe(200);
  });

  test('a foreign Origin is refused, and the token is not used up by it', async () => {
    const path = tokenPath();
    const page = await enter(test1.shell.freshUrl());
    for (const origin of ['http://evil.example', 'null', `http://localhost:${String(port)}`, 'http://127.0.0.1:1']) {
      const answer = await ask(port, path, { headers: { Origin: origin, Cookie: page.cookie } });
      expect([origin, answer.status, codeOf(answer.body)]).toEqual([origin, 403, 'foreign-origin']);
    }
    const part = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' };
    expect(codeOf((await ask(port, path, { headers: part })).body)).toBe('foreign-origin');
    expect((await ask(port, path)).status).toBe(200);
  });

  test('a HEAD does not use a token up', async () => {
    const path = tokenPath();
    await ask(port, path, { method: 'HEAD' });
    expect((await ask(port, path)).status).toBe(200);
  });

  test('no spelling leads out of the renderer’s folder', async () => {
    const { cookie } = await enter(test1.shell.freshUrl());
    const paths = [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/..\\secret.txt',
    ];
    for (const path of [...paths, '//secret.txt', '/assets/%2e%2e/%2e%2e/secret.txt', '/assets', '/assets/']) {
      const answer = await ask(port, path, { headers: { Cookie: cookie } });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.body).not.toContain('beside the renderer');
    }
  });

  test('only reading is possible', async () => {
    const { cookie } = await enter(test1.shell.freshUrl());
    expect((await ask(port, '/', { method: 'POST', headers: { Cookie: cookie } })).status).toBe(405);
  });

  test('hashed files are kept for ever, the page never', async () => {
    const { cookie } = await enter(test1.shell.freshUrl());
    const caching = async (path: string) =>
      (await ask(port, path, { headers: { Cookie: cookie } })).headers['cache-control'];
    expect(await caching('/assets/index-a1B2c3D4.js')).toBe('private, max-age=31536000, immutable');
    expect(await caching('/')).toBe('no-cache');
    expect((await ask(port, tokenPath())).headers['cache-control']).toBe('no-store');
  });

  test('every answer forbids what it does not need', async () => {
    const { cookie } = await enter(test1.shell.freshUrl());
    const paths = [tokenPath(), '/', '/nothing', '/assets/index-a1B2c3D4.js', '/?t=wrong'];
    for (const path of paths) {
      const { headers } = await ask(port, path, { headers: { Cookie: cookie } });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src [^;]*; /u);
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect([headers['x-content-type-options'], headers['referrer-policy'], headers['x-frame-options']]).toEqual([
        'nosniff',
        'no-referrer',
        'DENY',
      ]);
    }
  });

  test('it listens on 127.0.0.1 and on no other address of this machine', async () => {
    await expect(fetch(`http://[::1]:${String(port)}/`)).rejects.toThrow();
    await expect(fetch(`http://127.0.0.2:${String(port)}/`)).rejects.toThrow();
  });
});

test('after too many wrong tokens the wrong ones are told to wait, and a right one is still let in', async () => {
  const limited = await startTestShell({}, { maxFailedTokens: 3 });
  const statuses: number[] = [];
  for (const guess of ['a', 'b', 'c', 'd']) {
    const answer = await ask(limited.shell.port, `/?t=${guess}`);
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([401, 401, 401, 429]);
  expect((await enter(limited.shell.freshUrl())).secret).toMatch(/^[\w-]{43}$/u);
  await limited.close();
});

test('a port that is taken is a problem that names it', async () => {
  const first = await startTestShell({});
  const { port } = first.shell;
  await expect(startTestShell({}, { port })).rejects.toMatchObject({
    problem: { code: 'invalid-input', message: expect.stringContaining(`Port ${String(port)}`) as string },
  });
  await first.close();
});
