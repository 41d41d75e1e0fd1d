import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { builtFolder } from '../../helpers/shells/built.ts';

/** The built browser shell in a process of its own, with a home and a data folder of its own. */
export interface Product {
  readonly home: string;
  readonly dataFolder: string;
  /** Where it serves; only a browser that was let in gets something there. */
  readonly address: string;
  /** A page that was let in by a fresh address. `errors`: what the page reported, but for refused calls, which are answers. */
  open(browser: Browser, options?: ProductPageOptions): Promise<ProductPage>;
  /** Writes a file of `~/.ssh`. */
  writeSsh(name: string, text: string): string;
  /** What it, and what it started, wrote to the error output. */
  complaints(): string;
  close(): Promise<void>;
}

export interface ProductPageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
}

export interface ProductPage {
  readonly page: Page;
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** Starts it, with these flags beside its own. The machine's own `.ssh` and agent play no part. */
export async function startProduct(flags: readonly string[] = []): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-e2e-'));
  const home = join(folder, 'home');
  const dataFolder = join(folder, 'data');
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  const program = join(builtFolder(), 'main', 'browser.js');
  let complaints = '';
  const launch = async () => {
    const child = spawn(process.execPath, [program, '--no-open', '--port', '0', '--data-dir', dataFolder, ...flags], {
      env: { ...process.env, HOME: home, SSH_AUTH_SOCK: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.on('data', (text: Buffer) => {
      complaints += text.toString();
      process.stderr.write(text);
    });
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /^Rackside is at (\S+)/u.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`Rackside ended with ${String(code)} before it served`)));
    });
    return { child, url };
  };
  const first = await launch();
  let fresh: string | undefined = first.url;
  const ended = once(first.child, 'exit');
  return {
    home,
    dataFolder,
    address: new URL('/', first.url).href,
    async open(browser, options = {}) {
      const url = fresh ?? (await launch()).url;
      fresh = undefined;
      const context = await browser.newContext({
        viewport: { width: options.width ?? 1280, height: options.height ?? 720 },
        colorScheme: options.theme ?? 'light',
        // What turns while a flow waits is painted by the processor, which the others of these flows want.
        reducedMotion: 'reduce',
        locale: 'en-GB',
      });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.goto(url);
      return { page, errors, close: () => context.close() };
    },
    writeSsh(name, text) {
      const path = join(home, '.ssh', name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    },
    complaints: () => complaints,
    async close() {
      first.child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
