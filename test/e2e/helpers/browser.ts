import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { installBridge } from './bridge.ts';
import type { Scenario } from './bridge.ts';
import { serveRenderer } from './static-server.ts';

/** The Chromium that is there; `null` where none is, and the browser tests are skipped in plain sight. */
export function chromiumPath(): string | null {
  const places = [
    process.env['RACKSIDE_CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  return places.find((path) => path !== undefined && path !== '' && existsSync(path)) ?? null;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly hash?: string;
  /** The person asked for reduced motion: what opens is there at once. */
  readonly isStill?: boolean;
  /** Stops the clock at this moment (UTC ms), so that ages and pictures are the same each time. */
  readonly fixedTime?: number;
}

export interface TestBrowser {
  /** A page of its own, with the scenario for its core. Fails the test's end where the page reported an error. */
  open(scenario: Scenario, options?: PageOptions): Promise<TestPage>;
  close(): Promise<void>;
}

export interface TestPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the page: uncaught ones, console errors, refusals by the content security policy. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export async function launchBrowser(): Promise<TestBrowser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('No Chromium here: set RACKSIDE_CHROMIUM');
  const server = await serveRenderer();
  const browser: Browser = await chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none'],
  });
  return {
    async open(scenario, options = {}) {
      const context = await browser.newContext({
        viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
        colorScheme: options.theme ?? 'light',
        reducedMotion: options.isStill === true ? 'reduce' : 'no-preference',
        timezoneId: 'Europe/Berlin',
        locale: 'en-GB',
        acceptDownloads: true,
      });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      if (options.fixedTime !== undefined) await page.clock.setFixedTime(options.fixedTime);
      await page.addInitScript(installBridge, scenario);
      await page.goto(`${server.url}${options.hash ?? '#/nodes'}`);
      return { page, context, errors, close: () => context.close() };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
