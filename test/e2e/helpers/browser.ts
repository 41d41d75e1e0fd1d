import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../../helpers/shells/chromium.ts';
import { installBridge } from './bridge.ts';
import type { Scenario } from './bridge.ts';
import { serveRenderer } from './static-server.ts';

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
  /** Errors of the page: uncaught ones, console errors, refusals by the content security policy. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/**
 * A browser whose pages are tabs: each window has one at a time, beside an empty one that keeps it open. A window costs a full Chromium more
 * than the page in it, and a tab has a session storage of its own, which is all that the app keeps in a browser.
 */
export async function launchBrowser(): Promise<TestBrowser> {
  const server = await serveRenderer();
  const browser = await launchChromium(['--font-render-hinting=none']);
  const idle: BrowserContext[] = [];
  return {
    async open(scenario, options = {}) {
      const context = idle.pop() ?? (await openWindow(browser));
      const page = await context.newPage();
      await page.setViewportSize({ width: options.width ?? 1440, height: options.height ?? 900 });
      await page.emulateMedia({
        colorScheme: options.theme ?? 'light',
        reducedMotion: options.isStill === true ? 'reduce' : 'no-preference',
      });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      // It stops the clock of every page that the window will ever have.
      const isForGood = options.fixedTime !== undefined;
      if (options.fixedTime !== undefined) await page.clock.setFixedTime(options.fixedTime);
      await page.addInitScript(installBridge, scenario);
      await page.goto(`${server.url}${options.hash ?? '#/nodes'}`);
      const close = async (): Promise<void> => {
        if (isForGood) return context.close();
        await page.close();
        await context.clearPermissions();
        idle.push(context);
      };
      return { page, errors, close };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function openWindow(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB', acceptDownloads: true });
  await context.newPage();
  return context;
}
