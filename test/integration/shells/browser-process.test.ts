import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebSocket } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CallEnvelope } from '#shared/contract/contract.ts';
import { problemCodes } from '#shared/problems.ts';
import { startDouble } from '../../helpers/electron-double/start.ts';
import { builtFolder } from '../../helpers/shells/built.ts';
import { chromiumPath, launchChromium } from '../../helpers/shells/chromium.ts';
import { callNames } from '../../helpers/shells/handlers.ts';
import { ask, connectClient, enter } from '../../helpers/shells/page.ts';

interface Started {
  readonly child: ChildProcess;
  output(): string;
  readonly ended: Promise<number | null>;
  /** The address it prints, as soon as it prints it. */
  url(): Promise<string>;
}

const announcement = /^Rackside is at (http:\/\/127\.0\.0\.1:(\d+)\/\?t=[\w-]{43})$/mu;

describe('the built browser shell', () => {
  let out: string;
  let folder: string;
  const running: Started[] = [];

  /** Whatever a killed instance leaves goes with the test's folder. */
  const environment = (): NodeJS.ProcessEnv => ({ XDG_RUNTIME_DIR: folder });

  function start(flags: readonly string[] = []): Started {
    const args = [join(out, 'main', 'browser.js'), `--data-dir=${folder}`, ...flags];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', ...environment() },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    const started: Started = {
      child,
      output: () => output,
      ended: new Promise((resolve) => {
        child.on('exit', resolve);
      }),
      async url() {
        await expect.poll(() => announcement.exec(output)?.[1] ?? child.exitCode, { timeout: 30_000 }).not.toBeNull();
        const url = announcement.exec(output)?.[1];
        if (url === undefined) throw new Error(`No address: ${output}`);
        return url;
      },
    };
    running.push(started);
    return started;
  }

  beforeAll(() => {
    out = builtFolder();
  }, 120_000);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rackside-process-'));
  });
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true });
  });

  test('it prints its address as its first line, and ends with 0 when it is asked to', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const shell = start();
      const page = await enter(await shell.url());
      const client = await connectClient(page);
      expect(shell.output().split('\n')[0]).toMatch(announcement);
      shell.child.kill(signal);
      expect([signal, await shell.ended]).toEqual([signal, 0]);
      client.close();
    }
  });

  test('a second start prints a fresh address of the first and ends with 0; both addresses work, each once', async () => {
    const first = start();
    const firstUrl = await first.url();
    const second = start();
    const secondUrl = await second.url();
    expect(await second.ended).toBe(0);
    expect(second.output()).toMatch(/^Rackside is at \S+\n$/u);
    expect(new URL(secondUrl).host).toBe(new URL(firstUrl).host);
    expect(secondUrl).not.toBe(firstUrl);
    const page = await enter(firstUrl);
    expect((await enter(secondUrl)).cookie).toBe(page.cookie);
    const again = await ask(page.port, new URL(secondUrl).search.replace('?', '/?'));
    expect([again.status, again.body]).toEqual([403, expect.stringContaining('token-used')]);
  });

  test('two starts in the same moment: one serves, the other prints its address', async () => {
    const starts = [start(), start()];
    const urls = await Promise.all(starts.map(async (each) => each.url()));
    expect(new URL(urls[0]!).host).toBe(new URL(urls[1]!).host);
    await expect.poll(() => starts.filter(({ child }) => child.exitCode === 0).length, { timeout: 10_000 }).toBe(1);
  });

  test('after a kill the next start serves: nothing stands in its way', async () => {
    const first = start();
    await first.url();
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await enter(await start().url())).secret).not.toBe('');
  });

  test('instances on two data folders live side by side', async () => {
    const first = start();
    const second = start([`--data-dir=${join(folder, 'other')}`]);
    const ports = [await first.url(), await second.url()].map((url) => new URL(url).port);
    expect(ports[0]).not.toBe(ports[1]);
  });

  test('a wrong flag ends with 2 and says which flags there are', async () => {
    const shell = start(['--prot=1']);
    expect([await shell.ended, shell.output()]).toEqual([2, expect.stringContaining('--port N')]);
  });

  test('a port that is taken ends with 2, names it, and leaves the data folder free', async () => {
    const first = start();
    const { port } = new URL(await first.url());
    const second = start([`--port=${port}`, `--data-dir=${join(folder, 'other')}`]);
    expect([await second.ended, second.output()]).toEqual([2, expect.stringContaining(`Port ${port} of 127.0.0.1`)]);
    expect(await start([`--data-dir=${join(folder, 'other')}`]).url()).toMatch(/^http/u);
  });

  test('every call of the contract is answered by the real app with an envelope of the closed list, whatever its input', async () => {
    const client = await connectClient(await enter(await start().url()));
    const inputs = [
      {},
      null,
      { regionId: 'none', nodeId: 'none' },
      { key: 'k', value: 'v' },
      { host: 'no-such-host' },
      { id: 'x' },
    ];
    const codes = new Set<string>(problemCodes);
    for (const name of callNames) {
      for (const input of inputs) {
        const late = new Promise<CallEnvelope>((_resolve, reject) => {
          setTimeout(reject, 10_000, new Error(`${name} hangs`)).unref();
        });
        const envelope = await Promise.race([client.call(name, input), late]);
        const outcome = envelope.ok ? 'ok' : envelope.problem.code;
        expect([name, input, outcome === 'ok' || (codes.has(outcome) && outcome !== 'internal')]).toEqual([
          name,
          input,
          true,
        ]);
      }
    }
    client.close();
  }, 120_000);

  test.skipIf(chromiumPath === undefined)(
    'the renderer paints over the socket and under the policy, without an error',
    async () => {
      const url = await start().url();
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(String(error)));
        page.on('console', (message) => {
          if (message.type() === 'error') errors.push(message.text());
        });
        const sockets: WebSocket[] = [];
        page.on('websocket', (socket) => sockets.push(socket));
        await page.goto(url);
        await expect.poll(() => page.evaluate('document.body.innerText')).toContain('Rackside');
        await expect.poll(() => sockets.map((socket) => socket.isClosed())).toEqual([false]);
        await page.reload();
        await expect.poll(() => page.evaluate('document.body.innerText')).toContain('Rackside');
        expect(errors).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );

  describe.skipIf(chromiumPath === undefined)('beside the desktop shell', () => {
    test('a start beside an open window brings that forward and says so', async () => {
      const desktop = startDouble(join(out, 'main', 'main.js'), [`--data-dir=${folder}`], environment());
      try {
        await expect.poll(async () => (await desktop.state()).windows[0]?.isVisible, { timeout: 30_000 }).toBe(true);
        await desktop.ask({ kind: 'minimize' });
        const browser = start();
        expect(await browser.ended).toBe(0);
        expect(browser.output()).toBe('Rackside is open already; its window has come forward.\n');
        expect((await desktop.state()).windows[0]).toMatchObject({ isMinimized: false, isFocused: true });
      } finally {
        await desktop.kill();
      }
    });

    test('the desktop beside a browser shell prints its fresh address, opens it, and ends with 0', async () => {
      const browser = start();
      const first = await browser.url();
      const desktop = startDouble(join(out, 'main', 'main.js'), [`--data-dir=${folder}`], environment());
      expect(await desktop.ended).toBe(0);
      const url = announcement.exec(desktop.output())?.[1] ?? '';
      expect(new URL(url).host).toBe(new URL(first).host);
      expect((await enter(url)).secret).not.toBe('');
    });
  });
});
