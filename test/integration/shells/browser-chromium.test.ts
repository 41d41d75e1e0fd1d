import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { socketClose } from '#shared/contract/socket.ts';
import { chromiumPath, launchChromium } from '../../helpers/shells/chromium.ts';
import { startTestShell } from '../../helpers/shells/shell.ts';
import type { TestShell } from '../../helpers/shells/shell.ts';

/** What a page of the renderer does to ask `app.info`, and how its socket ended where it got no answer. */
async function askFrom(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const secret = sessionStorage.getItem('rackside-socket-secret');
    const protocols = ['rackside', ...(secret === null ? [] : [`rackside-secret.${secret}`])];
    const socket = new WebSocket(`ws://${location.host}/socket`, protocols);
    return new Promise((resolve) => {
      socket.addEventListener('open', () => {
        socket.send(JSON.stringify({ kind: 'call', id: '1', name: 'regions.list', input: {} }));
      });
      socket.addEventListener('message', (event) => {
        resolve(JSON.parse(String(event.data)));
      });
      socket.addEventListener('close', (event) => {
        resolve({ code: event.code });
      });
    });
  });
}

const answered = { kind: 'answer', id: '1', envelope: { ok: true, value: [] } };

describe.skipIf(chromiumPath === undefined)('the browser shell in a real Chromium', () => {
  let browser: Browser;
  let context: BrowserContext;
  let shell: TestShell;
  beforeAll(async () => {
    browser = await launchChromium();
    context = await browser.newContext();
    shell = await startTestShell({ 'regions.list': () => [] });
  });
  afterAll(async () => {
    await browser.close();
    await shell.close();
  });

  test('a fresh address opens the app, is taken out of the address bar, and the tab may be reloaded', async () => {
    const page = await context.newPage();
    const violations: string[] = [];
    page.on('console', (message) => violations.push(message.text()));
    await page.goto(shell.shell.freshUrl());
    await expect.poll(() => page.title()).toBe('script ran');
    expect(page.url()).toBe(`http://127.0.0.1:${String(shell.shell.port)}/`);
    expect(await page.locator('meta[name=rackside-secret]').count()).toBe(0);
    expect(await askFrom(page)).toEqual(answered);
    await page.reload();
    expect(await page.title()).toBe('script ran');
    expect(await askFrom(page)).toEqual(answered);
    expect(violations).toEqual([]);
    await page.close();
  });

  test('a tab with the cookie alone gets the page but no socket', async () => {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${String(shell.shell.port)}/`);
    expect(await askFrom(page)).toEqual({ code: socketClose.unauthenticated });
    await page.close();
  });

  test('a used address shows what happened, in its own style', async () => {
    const url = shell.shell.freshUrl();
    const stranger = await browser.newContext();
    const page = await stranger.newPage();
    await page.goto(url);
    expect((await page.goto(url))?.status()).toBe(403);
    expect(await page.locator('h1').textContent()).toContain('has been used already');
    expect(await page.locator('body').evaluate((body) => getComputedStyle(body).maxWidth)).toBe('576px');
    await stranger.close();
  });

  test('a page of another port cannot open a socket, though the cookie travels to it', async () => {
    const cookies: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      cookies.push(request.headers.cookie);
      response.setHeader('Content-Type', 'text/html').end('<!doctype html>');
    });
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${String((other.address() as AddressInfo).port)}/`);
    expect(cookies[0]).toMatch(/^rackside-[0-9a-f]{12}=/u);
    const target = `ws://127.0.0.1:${String(shell.shell.port)}/socket`;
    const ended = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          new WebSocket(url, ['rackside']).addEventListener('close', ({ code }) => {
            resolve(code);
          });
        }),
      target,
    );
    expect(ended).toBe(1006);
    await page.close();
    other.close();
    other.closeAllConnections();
  });
});
