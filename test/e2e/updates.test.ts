import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { chromiumPath } from '../helpers/shells/chromium.ts';
import { startProduct } from './helpers/product.ts';
import { sharedBrowser } from './helpers/shared-browser.ts';

/** A real feed on loopback, as electron-builder lays it out; `null`: nothing is there. */
async function startFeed(version: string | null) {
  const feed = { version, asked: [] as (string | undefined)[] };
  const http = createServer(({ url }, response) => {
    feed.asked.push(url);
    response.statusCode = feed.version === null ? 404 : 200;
    response.end(`version: ${feed.version ?? ''}\nfiles: []\nreleaseDate: '2026-11-23T10:00:00.000Z'\n`);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  return { feed, url: `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}/rackside` };
}

test.skipIf(chromiumPath === undefined)(
  'the built program asks the feed that a person sets, announces a newer version once, and says a silent feed here alone',
  async () => {
    const { feed, url } = await startFeed(null);
    const app = await startProduct();
    onTestFinished(() => app.close());
    const opened = await app.open(await sharedBrowser());
    onTestFinished(() => opened.close());
    const { page } = opened;
    await page.getByRole('link', { name: 'Settings' }).click();
    const section = page.getByRole('region', { name: 'Updates' });
    const field = section.getByRole('textbox', { name: 'Address of the update feed' });
    const check = section.getByRole('button', { name: 'Check now' });
    await field.waitFor();
    // Empty by default, and then there is nobody to ask.
    expect([await field.inputValue(), await check.getAttribute('aria-disabled')]).toEqual(['', 'true']);

    await field.fill('http://updates.example.net/');
    await field.press('Enter');
    await section.getByText('Enter an address that begins with https://, or nothing.').waitFor();
    expect(await field.inputValue()).toBe('http://updates.example.net/');

    await field.fill(url);
    await field.press('Enter');
    await section.getByText(/^Not known, as of .* was answered with HTTP 404\.$/u).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);

    feed.version = '9.9.9';
    await check.click();
    await section.getByText('Version 9.9.9 is available').waitFor();
    const notice = page.getByText(/^Rackside 9\.9\.9 is available; this is /u);
    await notice.first().waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).first().click();
    await expect.poll(() => notice.count()).toBe(0);
    await check.click();
    await expect.poll(() => feed.asked.length).toBe(3);
    await section.getByText('Version 9.9.9 is available').waitFor();
    expect(await notice.count()).toBe(0);
    const asked = feed.asked[0];
    expect(asked).toMatch(/^\/rackside\/latest[a-z0-9-]*\.yml$/u);
    expect(new Set(feed.asked)).toEqual(new Set([asked]));

    await field.fill('');
    await field.press('Enter');
    await expect.poll(() => section.getByText('is available').count()).toBe(0);
    expect(feed.asked).toHaveLength(3);
    expect(opened.errors).toEqual([]);
  },
);
