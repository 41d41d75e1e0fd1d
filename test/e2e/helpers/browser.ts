import type { Browser, ConsoleMessage, Page } from 'playwright-core';
import { installBridge } from './bridge.ts';
import type { Scenario } from './bridge.ts';
import { sharedBrowser } from './shared-browser.ts';
import { serveRenderer } from './static-server.ts';

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly hash?: string;
  /** Stops the clock at this moment (UTC ms), so that ages and pictures are the same each time. */
  readonly fixedTime?: number;
}

export interface TestBrowser {
  /** A page of its own, with the scenario for its core. Fails the test's end where the page reported an error. */
  open(scenario: Scenario, options?: PageOptions): Promise<TestPage>;
}

export interface TestPage {
  readonly page: Page;
  /** Errors of the page: uncaught ones, console errors, refusals by the content security policy. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** What files of one worker share. */
const idle = new Set<Page>();
let address: Promise<string> | undefined;

/**
 * A browser whose windows are used again: the tab of a page that was closed shows the next one. It is as empty as a new one, and costs a third
 * less than one that starts a process of its own. The session storage, which is all that the app keeps in a browser, is cleared.
 */
export async function pagesBrowser(): Promise<TestBrowser> {
  const browser = await sharedBrowser();
  address ??= serveRenderer();
  const url = await address;
  return {
    async open(scenario, options = {}) {
      const page = [...idle].find((one) => one.context().browser() === browser) ?? (await openWindow(browser));
      idle.delete(page);
      // Each row beneath the first dozen costs what a test’s own steps cost; who looks at many says so.
      await page.setViewportSize({ width: options.width ?? 1440, height: options.height ?? 600 });
      // What opens is there at once.
      await page.emulateMedia({ colorScheme: options.theme ?? 'light', reducedMotion: 'reduce' });
      const errors: string[] = [];
      const onError = (error: Error): unknown => errors.push(String(error));
      const onConsole = (message: ConsoleMessage): void => {
        if (message.type() === 'error') errors.push(message.text());
      };
      page.on('pageerror', onError).on('console', onConsole);
      // It stops the clock of every page that the window will ever have.
      const isForGood = options.fixedTime !== undefined;
      if (options.fixedTime !== undefined) await page.clock.setFixedTime(options.fixedTime);
      const script = await page.addInitScript(installBridge, scenario);
      await page.goto(`${url}${options.hash ?? '#/nodes'}`);
      const close = async (): Promise<void> => {
        if (isForGood) return page.context().close();
        await script.dispose();
        await page.evaluate(() => sessionStorage.clear());
        // Where the pointer rests, the next page would show a tip.
        await page.mouse.move(0, 0);
        await page.goto('about:blank');
        page.off('pageerror', onError).off('console', onConsole);
        await page.context().clearPermissions();
        idle.add(page);
      };
      return { page, errors, close };
    },
  };
}

async function openWindow(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB', acceptDownloads: true });
  return context.newPage();
}
