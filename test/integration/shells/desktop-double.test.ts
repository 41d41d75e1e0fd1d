import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CallEnvelope } from '#shared/contract/contract.ts';
import type { RegionSnapshot } from '#shared/model/region.ts';
import { startDouble } from '../../helpers/electron-double/start.ts';
import type { RunningDouble } from '../../helpers/electron-double/start.ts';
import { builtFolder } from '../../helpers/shells/built.ts';
import { chromiumPath } from '../../helpers/shells/chromium.ts';

/** Asks over the bridge that the preload put there, as the renderer does. */
const askBridge = (name: string, input = '{}'): string =>
  `window.rackside.invoke({ kind: 'call', id: crypto.randomUUID(), name: '${name}', input: ${input} })`;

describe.skipIf(chromiumPath === undefined)('the built desktop bundles under the Electron double', () => {
  let out: string;
  let folder: string;
  const running: RunningDouble[] = [];
  const start = (flags: readonly string[] = []): RunningDouble => {
    const double = startDouble(join(out, 'main', 'main.js'), [`--data-dir=${folder}`, ...flags], {
      XDG_RUNTIME_DIR: folder,
    });
    running.push(double);
    return double;
  };
  /** Started, with its page loaded. */
  const open = async (): Promise<RunningDouble> => {
    const double = start();
    await expect.poll(async () => (await double.state()).windows[0]?.isVisible, { timeout: 30_000 }).toBe(true);
    return double;
  };

  beforeAll(async () => {
    out = builtFolder();
    folder = await mkdtemp(join(tmpdir(), 'rackside-desktop-'));
  }, 120_000);
  afterEach(async () => {
    for (const double of running.splice(0)) await double.kill();
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('the data path is set before the lock, and the lock is taken before ready', async () => {
    const double = await open();
    const { recorded } = await double.state();
    expect(recorded.order).toEqual(['setPath userData', 'setPath sessionData', 'lock', 'ready']);
    expect(recorded.menu).toEqual(['File', 'editMenu', 'View', 'windowMenu']);
    expect(recorded.errorBoxes).toEqual([]);
  });

  test('the renderer paints, over the bridge and under the policy, without an error', async () => {
    const double = await open();
    await expect.poll(() => double.evaluate('document.body.innerText'), { timeout: 10_000 }).toContain('Rackside');
    await expect.poll(async () => (await double.state()).recorded.pageErrors).toEqual([]);
  });

  test('the page is the built one under app://, runs its script under the policy, and asks for nothing else', async () => {
    const double = await open();
    const { windows, recorded } = await double.state();
    expect(windows.map(({ url }) => url)).toEqual(['app://rackside/']);
    expect(recorded.deniedRequests).toEqual([]);
    const policy = await double.evaluate(`fetch('/').then((answer) => answer.headers.get('content-security-policy'))`);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; .*connect-src 'self'; /u);
    expect(await double.evaluate(`fetch('/../secret').then((answer) => answer.status)`)).toBe(404);
    const isBlocked = `new Promise((resolve) => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
      document.head.append(Object.assign(document.createElement('script'), { text: 'document.title = "inline"' }));
    })`;
    expect(await double.evaluate(isBlocked)).toBe('script-src-elem');
  });

  test('the bridge is two functions, frozen, and what crosses it is plain data', async () => {
    const double = await open();
    expect(await double.evaluate(`[Object.keys(window.rackside), Object.isFrozen(window.rackside)]`)).toEqual([
      ['invoke', 'subscribe'],
      true,
    ]);
    expect(await double.evaluate(`typeof require + typeof process + typeof Buffer`)).toBe(
      'undefinedundefinedundefined',
    );
    expect(await double.evaluate(askBridge('app.info'))).toMatchObject({
      ok: true,
      value: { shell: 'desktop', dataFolder: folder, secretStorage: { kind: 'session-only' } },
    });
    expect(await double.evaluate(askBridge('no.such.call'))).toMatchObject({
      ok: false,
      problem: { code: 'unknown-call' },
    });
    expect(await double.evaluate(`window.rackside.invoke('garbage')`)).toMatchObject({
      problem: { code: 'invalid-input' },
    });
    const withFunction = `window.rackside.invoke({ kind: 'call', input: () => 1 }).catch((error) => error.message)`;
    expect(await double.evaluate(withFunction)).toBe('An object could not be cloned.');
  });

  test('the demo region runs in a utility process of its own, and answers as any region does', async () => {
    const double = await open();
    const added = (await double.evaluate(askBridge('demo.add'))) as CallEnvelope<{ id: string; demoLabel: string }>;
    if (!added.ok) throw new Error(added.problem.message);
    const of = JSON.stringify({ regionId: added.value.id });
    expect(added.value.demoLabel).toBe('Demo');
    expect(await double.evaluate(askBridge('regions.open', of))).toMatchObject({ ok: true });
    const connection = async (): Promise<unknown> => {
      const answer = (await double.evaluate(askBridge('regions.snapshot', of))) as CallEnvelope<RegionSnapshot>;
      return answer.ok ? answer.value.region.connection : answer.problem;
    };
    await expect.poll(connection, { timeout: 20_000 }).toMatchObject({ kind: 'live' });
    expect(await double.evaluate(askBridge('regions.remove', of))).toEqual({ ok: true, value: null });
  });

  test('a call from another page, or from a frame within ours, is unauthenticated', async () => {
    const double = await open();
    const message = { kind: 'call', id: '1', name: 'app.info', input: {} };
    const codeOf = async (url: string, isTop: boolean): Promise<unknown> => {
      const envelope = (await double.ask({ kind: 'invoke-as', url, isTop, message })) as CallEnvelope;
      return envelope.ok ? 'ok' : envelope.problem.code;
    };
    expect(await codeOf('app://rackside/#/nodes', true)).toBe('ok');
    expect(await codeOf('app://rackside/', false)).toBe('unauthenticated');
    for (const url of ['app://other/', 'https://rackside/', 'file:///x', 'about:blank', '', 'app://rackside.evil/']) {
      expect([url, await codeOf(url, true)]).toEqual([url, 'unauthenticated']);
    }
  });

  test('an event reaches a subscriber of the page, and none that has unsubscribed', async () => {
    const double = await open();
    await double.evaluate(`{
      window.got = [];
      const off = window.rackside.subscribe((event) => window.got.push('first ' + event.name));
      window.rackside.subscribe((event) => window.got.push(event.name));
      off();
    }`);
    await double.evaluate(askBridge('settings.set', `{ theme: 'dark' }`));
    await expect.poll(() => double.evaluate('window.got')).toEqual(['settings.changed']);
  });

  test('navigation, new windows and permissions are denied, and a reload of the app’s own page is not', async () => {
    const double = await open();
    await double.evaluate(`{ window.open('https://evil.example/a'); location.href = 'https://evil.example/b'; }`);
    await expect
      .poll(async () => (await double.state()).recorded.deniedRequests)
      .toEqual(['https://evil.example/a', 'https://evil.example/b']);
    expect((await double.state()).windows.map(({ url }) => url)).toEqual(['app://rackside/']);
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'usb']) {
      const answers = await double.ask({ kind: 'permissions', permission });
      expect([permission, answers]).toEqual([
        permission,
        { request: false, check: false, foreign: false, device: false },
      ]);
    }
    expect(await double.ask({ kind: 'permissions', permission: 'clipboard-sanitized-write' })).toEqual({
      request: true,
      check: true,
      foreign: false,
      device: false,
    });
    await double.ask({ kind: 'reload' });
    await expect.poll(() => double.evaluate(askBridge('app.info')).catch(() => null)).toMatchObject({ ok: true });
  });

  test('a second start brings the window forward, says so, and ends with 0', async () => {
    const double = await open();
    await double.ask({ kind: 'minimize' });
    const second = start();
    expect(await second.ended).toBe(0);
    expect(second.output()).toBe('Rackside is open already; its window has come forward.\n');
    await expect
      .poll(async () => (await double.state()).windows[0])
      .toMatchObject({ isMinimized: false, isFocused: true, isVisible: true });
  });

  test('the window opens again where it was', async () => {
    const bounds = { x: 111, y: 77, width: 1100, height: 700 };
    const first = await open();
    await first.ask({ kind: 'move-window', bounds });
    await first.ask({ kind: 'close-window' });
    expect(await first.ended).toBe(0);
    expect(JSON.parse(await readFile(join(folder, 'desktop', 'window.json'), 'utf8'))).toEqual({
      bounds,
      isMaximized: false,
    });
    const second = await open();
    expect((await second.state()).windows[0]?.bounds).toEqual(bounds);
  });

  test('quitting ends everything in order: the data folder is free for the next', async () => {
    const first = await open();
    await first.ask({ kind: 'quit' }).catch(() => undefined);
    expect(await first.ended).toBe(0);
    const second = await open();
    expect((await second.state()).windows).toHaveLength(1);
  });
});
