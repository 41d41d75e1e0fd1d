import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtFolder } from '../../helpers/shells/built.ts';

/** A real Electron, where there is one: the package's own, or the copy that the variable names. */
function findElectron(): string | undefined {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? resolve('node_modules/electron/dist');
  const named = resolve('node_modules/electron/path.txt');
  const usual = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' } as const;
  const own = process.platform === 'win32' || process.platform === 'darwin' ? usual[process.platform] : 'electron';
  const names = [...(existsSync(named) ? [readFileSync(named, 'utf8').trim()] : []), own];
  return names.map((name) => join(folder, name)).find((path) => existsSync(path));
}

const electron = findElectron();
const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const obstacle =
  electron === undefined
    ? 'no Electron binary (npx install-electron, or set ELECTRON_OVERRIDE_DIST_PATH)'
    : hasDisplay
      ? undefined
      : 'no display';

// The reason stands in the name, so that a skipped test says why in every report.
const suite = `the desktop app in a real Electron${obstacle === undefined ? '' : ` [skipped: ${obstacle}]`}`;

describe.skipIf(obstacle !== undefined)(suite, () => {
  let folder: string;
  let app: ElectronApplication;
  let page: Page;
  const args = (): string[] => [
    // Chromium's sandbox refuses root; what is loaded is our own.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    resolve('.'),
    `--data-dir=${folder}`,
  ];

  beforeAll(async () => {
    builtFolder();
    folder = await mkdtemp(join(tmpdir(), 'rackside-electron-'));
    app = await _electron.launch({ executablePath: electron ?? '', args: args() });
    page = await app.firstWindow();
    await page.waitForLoadState();
  }, 180_000);
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  test('the page is the built one under app://, and its policy forbids inline scripts', async () => {
    expect(page.url()).toMatch(/^app:\/\/rackside\//u);
    const blocked = await page.evaluate(
      () =>
        new Promise((settle) => {
          addEventListener('securitypolicyviolation', ({ effectiveDirective }) => settle(effectiveDirective));
          document.head.append(Object.assign(document.createElement('script'), { text: 'document.title = "inline"' }));
        }),
    );
    expect(blocked).toBe('script-src-elem');
  });

  test('the bridge is two functions, and nothing of Node is in the page', async () => {
    expect(await page.evaluate('Object.keys(window.rackside)')).toEqual(['invoke', 'subscribe']);
    expect(await page.evaluate('typeof require + typeof process + typeof Buffer')).toBe('undefinedundefinedundefined');
    const ask = `window.rackside.invoke({ kind: 'call', id: '1', name: 'app.info', input: {} })`;
    expect(await page.evaluate(ask)).toMatchObject({ ok: true, value: { shell: 'desktop', dataFolder: folder } });
  });

  test('an event reaches a subscriber', async () => {
    await page.evaluate('window.got = []; void window.rackside.subscribe((event) => window.got.push(event.name));');
    const set = `window.rackside.invoke({ kind: 'call', id: '2', name: 'settings.set', input: { theme: 'dark' } })`;
    expect(await page.evaluate(set)).toMatchObject({ ok: true });
    await expect.poll(() => page.evaluate('window.got')).toEqual(['settings.changed']);
  });

  test('navigation, windows and permissions are denied', async () => {
    expect(await page.evaluate(`window.open('https://evil.example/')`)).toBeNull();
    await page.evaluate(`location.href = 'https://evil.example/'`);
    expect(await page.evaluate(`navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)`)).toBe(
      'denied',
    );
    expect(page.url()).toMatch(/^app:\/\/rackside\//u);
    expect(app.windows()).toHaveLength(1);
  });

  test('a second start ends by itself and leaves one window', async () => {
    const second = await _electron.launch({ executablePath: electron ?? '', args: args() }).catch(() => undefined);
    await second?.close();
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });
});
