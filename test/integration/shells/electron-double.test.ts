import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDouble } from '../../helpers/electron-double/start.ts';
import { chromiumPath } from '../../helpers/shells/chromium.ts';

/** The double is worth what it refuses: each rule of Electron it enforces is broken here once. */
describe('the Electron double', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rackside-double-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  let count = 0;
  /** Runs a main program of these lines to its end; what it said. */
  async function outputOf(main: string): Promise<string> {
    count += 1;
    const file = join(folder, `main-${String(count)}.mjs`);
    const imports =
      "import { app, BrowserWindow, ipcMain, protocol, safeStorage, screen, session, utilityProcess } from 'electron';";
    await writeFile(file, `${imports}\nconst end = () => app.exit(0);\n${main}\n`);
    const double = startDouble(file, []);
    await double.ended;
    return double.output();
  }

  const beforeReady: readonly (readonly [string, string])[] = [
    ['protocol.handle', "protocol.handle('app', () => new Response())"],
    ['session.defaultSession', 'session.defaultSession'],
    ['BrowserWindow', "new BrowserWindow({ webPreferences: { preload: 'x.cjs' } })"],
    ['screen', 'screen.getAllDisplays()'],
    ['utilityProcess.fork', "utilityProcess.fork('/x.js', [], {})"],
    ['safeStorage', 'await safeStorage.isAsyncEncryptionAvailable()'],
  ];
  test.each(beforeReady)('%s before ready throws', async (name, code) => {
    expect(await outputOf(code)).toContain(`${name} cannot be used before the app is ready`);
  });

  test('what belongs before ready throws after it', async () => {
    const late = (code: string): string =>
      `app.whenReady().then(() => ${code}).catch((e) => console.log(e.message)).then(end);`;
    expect(await outputOf(late('protocol.registerSchemesAsPrivileged([])'))).toContain('before the app is ready');
    expect(await outputOf(late(`app.setPath('userData', '${folder}')`))).toContain('before the app is ready');
  });

  test('privileged schemes are registered once, with privileges that exist', async () => {
    const twice = 'protocol.registerSchemesAsPrivileged([]); protocol.registerSchemesAsPrivileged([]);';
    expect(await outputOf(twice)).toContain('called once only');
    const wrong = "protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { admin: true } }]);";
    expect(await outputOf(wrong)).toContain('does not know the option privileges.admin');
  });

  test('a data path that is set after the lock, or does not exist, throws', async () => {
    const late = `app.setPath('userData', '${folder}'); app.requestSingleInstanceLock(); app.setPath('userData', '${folder}');`;
    expect(await outputOf(late)).toContain('was set after the lock');
    expect(await outputOf("app.setPath('userData', '/no/such/folder');")).toContain('does not exist');
  });

  test('a utility process is a file that is there, is told plain data, and finds its end at process.parentPort', async () => {
    const child = join(folder, 'utility.mjs');
    await writeFile(
      child,
      `process.parentPort.on('message', ({ data }) => {
        process.parentPort.postMessage([data.word, typeof process.send, Object.keys(process.env).includes('ASKED')]);
        if (data.word === 'end') process.exit(4);
      });\n`,
    );
    const forked = `const child = utilityProcess.fork('${child}', [], { env: { ASKED: '1' }, stdio: 'inherit' });
      child.on('message', (message) => console.log(JSON.stringify(message)));
      child.on('exit', (status) => { console.log('exit', status); end(); });
      child.postMessage({ word: 'end' });`;
    const output = await outputOf(`app.whenReady().then(() => { ${forked} });`);
    expect(output).toContain('["end","undefined",true]');
    expect(output).toContain('exit 4');
    const wrong = (code: string): string =>
      `app.whenReady().then(() => { ${code} }).catch((e) => console.log(e.message)).then(end);`;
    expect(await outputOf(wrong("utilityProcess.fork('x.js', [], {})"))).toContain('Cannot find module x.js');
    expect(await outputOf(wrong(`utilityProcess.fork('${child}', [], { execArgv: [] })`))).toContain(
      'does not know the option utilityProcess.fork.execArgv',
    );
    const unplain = `utilityProcess.fork('${child}', [], { env: {} }).postMessage({ at: new Date() })`;
    expect(await outputOf(wrong(unplain))).toContain('no plain data');
  });

  test('an entry that waits for ready at its top level never is ready', async () => {
    expect(await outputOf('await app.whenReady();')).toContain('would never be ready');
  }, 30_000);

  test('what the double does not know throws, a property as well as an export', async () => {
    expect(await outputOf('app.dock.hide();')).toContain('does not know app.dock');
    expect(await outputOf('ipcMain.on("x", () => {});')).toContain('does not know ipcMain.on');
    const file = join(folder, 'export.mjs');
    await writeFile(file, "import { desktopCapturer } from 'electron';\nconsole.log(desktopCapturer);\n");
    const double = startDouble(file, []);
    await double.ended;
    expect(double.output()).toContain("does not provide an export named 'desktopCapturer'");
  });

  describe.skipIf(chromiumPath === undefined)('in its page', () => {
    /** A window with this preload and these handlers; what an expression in its page gives. */
    async function inPage(
      preload: string,
      handlers: string,
      expression: string,
    ): Promise<{ value: unknown; output: string }> {
      count += 1;
      const preloadFile = join(folder, `preload-${String(count)}.cjs`);
      await writeFile(preloadFile, preload);
      const file = join(folder, `main-${String(count)}.mjs`);
      await writeFile(
        file,
        `import { app, BrowserWindow, ipcMain, protocol } from 'electron';
        protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
        app.whenReady().then(() => {
          ${handlers}
          const headers = { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'" };
          protocol.handle('app', () => new Response('<!doctype html><title>page</title>', { headers }));
          const bounds = { x: 0, y: 0, width: 800, height: 600 };
          const safe = { sandbox: true, contextIsolation: true, nodeIntegration: false, preload: ${JSON.stringify(preloadFile)} };
          const window = new BrowserWindow({ ...bounds, webPreferences: safe });
          return window.loadURL('app://rackside/');
        });`,
      );
      const double = startDouble(file, []);
      try {
        await expect.poll(() => double.evaluate('document.title').catch(() => ''), { timeout: 20_000 }).toBe('page');
        return { value: await double.evaluate(expression), output: double.output() };
      } finally {
        await double.kill();
      }
    }

    test('a preload gets no module of Node but the few that a sandboxed one has', async () => {
      const { output } = await inPage("require('node:fs');", '', 'typeof window.rackside');
      expect(output).toContain('Unable to load preload script: Error: module not found: node:fs');
    });

    test('a preload gets nothing of electron that a sandboxed one has not', async () => {
      const { output } = await inPage("require('electron').app;", '', '1');
      expect(output).toContain('does not know electron.app');
    });

    test('prototypes, symbols and class instances are lost on the bridge; functions, promises and data are not', async () => {
      const preload = `
        class Client { constructor() { this.kept = 1; } lost() {} }
        require('electron').contextBridge.exposeInMainWorld('api', {
          client: new Client(),
          symbol: Symbol('x'),
          async later() { return { list: [1, { two: 2 }], when: new Date(0) }; },
          stream: { async *[Symbol.asyncIterator]() { yield 1; } },
          both: (listener) => listener(new Client()),
        });`;
      const { value } = await inPage(
        preload,
        '',
        `api.later().then((later) => [
          Object.keys(api.client), typeof api.client.lost, api.symbol ?? null, typeof api.stream[Symbol.asyncIterator],
          later.list, later.when instanceof Date, api.both((client) => typeof client.lost + client.kept),
        ])`,
      );
      expect(value).toEqual([['kept'], 'undefined', null, 'undefined', [1, { two: 2 }], true, 'undefined1']);
    });

    test('what a handler gives must be cloneable and plain, and a channel without one is an error', async () => {
      const preload = `const { contextBridge, ipcRenderer } = require('electron');
        contextBridge.exposeInMainWorld('ask', (name) => ipcRenderer.invoke(name).catch((error) => error.message));`;
      const handlers = `ipcMain.handle('function', () => ({ a() {} }));
        ipcMain.handle('class', () => new Map());
        ipcMain.handle('plain', () => ({ a: [1] }));`;
      const { value } = await inPage(preload, handlers, `Promise.all(['function', 'class', 'plain', 'none'].map(ask))`);
      expect(value).toEqual([
        "Error invoking remote method 'function': Error: An object could not be cloned.",
        "Error invoking remote method 'class': Error: answer of class is an instance of a class: no plain data.",
        { a: [1] },
        "Error invoking remote method 'none': Error: No handler registered for 'none'",
      ]);
    });
  });
});
