import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCheckout, startLauncher, startThroughNpm } from './checkout.ts';
import type { Checkout, StartOptions, Started } from './checkout.ts';

const isRoot = process.getuid?.() === 0;
const address = /^Rackside is at http:\/\/127\.0\.0\.1:\d+\/\?t=token$/mu;
const running = new Set<Started>();
let checkout: Checkout;

function start(args: readonly string[], options: StartOptions = {}): Started {
  const started = startLauncher(checkout.path, args, options);
  running.add(started);
  return started;
}

async function stop(started: Started): Promise<void> {
  started.child.kill('SIGTERM');
  await started.ended;
  running.delete(started);
}

beforeAll(async () => {
  checkout = makeCheckout();
  const first = start(['--browser', '--no-open']);
  await first.until(address);
  await stop(first);
});
afterAll(async () => {
  for (const started of running) await stop(started);
  checkout[Symbol.dispose]();
});

test.each([
  [['--prot', '3'], "Unknown option '--prot'"],
  [['--port', 'x'], '--port takes a number from 0 to 65535, not "x".'],
  [['--port', '65536'], '--port takes a number from 0 to 65535, not "65536".'],
  [['--browser', '--desktop'], '--browser and --desktop exclude each other.'],
  [['--data-dir='], '--data-dir takes a folder.'],
  [['somewhere'], "Unexpected argument 'somewhere'"],
])('a flag that cannot be meant (%j) is named, and ends the start with status 2', async (args, words) => {
  const started = start(args);
  expect((await started.ended).status).toBe(2);
  expect(started.output()).toContain(words);
});

test('--help lists every flag and starts nothing', async () => {
  const started = start(['--help']);
  expect((await started.ended).status).toBe(0);
  const flags = started.output().match(/^ {2}--[a-z-]+/gmu);
  expect(flags?.map((flag) => flag.trim())).toStrictEqual([
    '--browser',
    '--desktop',
    '--port',
    '--no-open',
    '--data-dir',
    '--demo-nodes',
    '--demo-seed',
    '--demo-speed',
    '--help',
  ]);
});

test('a start with nothing to do builds nothing and reaches its address in under 3 s', async () => {
  const startedAt = performance.now();
  const started = start(['--browser', '--no-open', '--port', '4711', '--data-dir', '/tmp/rackside data']);
  const output = await started.until(address);
  expect(performance.now() - startedAt).toBeLessThan(3000);
  expect(output).toMatch(/^arguments \["--port=4711","--no-open","--data-dir=\/tmp\/rackside data"\] node 24\./u);
  await stop(started);
});

test('a changed source is built before the start, an unchanged one is not, whatever its time says', async () => {
  checkout.write('shared/words.ts', "export const words = 'one';\n");
  const same = start(['--browser', '--no-open']);
  expect(await same.until(address)).not.toContain('Building');
  await stop(same);
  checkout.write('shared/words.ts', "export const words = 'two';\n");
  const changed = start(['--browser', '--no-open']);
  expect(await changed.until(address)).toMatch(/^Building …$/mu);
  await stop(changed);
});

test('sources that do not build end the start with the words of the builder, and are tried again', async () => {
  checkout.write('renderer/main.ts', "import './nowhere.ts';\n");
  const broken = start(['--browser', '--no-open']);
  expect((await broken.ended).status).toBe(1);
  expect(broken.output()).toContain('The build failed:');
  expect(broken.output()).toContain('nowhere.ts');
  expect(existsSync(join(checkout.path, '.rackside/setup.lock'))).toBe(false);
  checkout.write('renderer/main.ts', "document.title = 'x';\n");
  const mended = start(['--browser', '--no-open']);
  await mended.until(address);
  await stop(mended);
});

test('a lock left behind by a start that was killed does not hold up the next one', async () => {
  checkout.write('.rackside/setup.lock', '4194304');
  checkout.write('shared/words.ts', "export const words = 'three';\n");
  const started = start(['--browser', '--no-open']);
  await started.until(address);
  await stop(started);
});

test('a request to end reaches the program, and its exit status becomes the status of the launcher', async () => {
  const started = start(['--browser', '--no-open']);
  await started.until(address);
  started.child.kill('SIGTERM');
  expect(await started.ended).toStrictEqual({ status: 7, signal: null });
  expect(started.output()).toContain('asked to end');
});

test.runIf(process.platform === 'linux')(
  'when npm is asked to end, so is the program, although npm tells only the shell between them',
  async () => {
    const started = startThroughNpm(checkout.path, ['--browser', '--no-open']);
    const pid = Number(/^pid (\d+)$/mu.exec(await started.until(address))?.[1]);
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    started.child.kill('SIGTERM');
    await started.ended;
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 5000 }).toBe(false);
  },
);

test.runIf(process.platform === 'linux')(
  'without a display the launcher says so in one line and serves a browser',
  async () => {
    const started = start(['--no-open']);
    const output = await started.until(address);
    expect(output.split('\n')[0]).toBe('There is no display here: serving the same app to a browser instead.');
    await stop(started);
  },
);

test.runIf(isRoot)('root is told that Electron does not run as root, and gets the browser', async () => {
  const started = start(['--no-open'], { env: { DISPLAY: ':99' } });
  const output = await started.until(address);
  expect(output.split('\n')[0]).toBe('Electron refuses to run as root: serving the same app to a browser instead.');
  await stop(started);
});

// These need a user that is not root, and a display that nothing looks at: the runtime is a script or refuses to come.
const asUser = { env: { DISPLAY: ':99' }, ...(isRoot ? { uid: 65_534 } : {}) };

test.runIf(process.platform === 'linux')(
  'a runtime that cannot be had is tried for once, remembered, and tried again for --desktop',
  async () => {
    if (isRoot) checkout.giveToNobody();
    // The package's own installer, sent to a port that refuses.
    const env = {
      ...asUser.env,
      ELECTRON_MIRROR: 'http://127.0.0.1:9/',
      npm_config_electron_mirror: 'http://127.0.0.1:9/',
    };
    const getting = /^Getting the Electron runtime/mu;
    const outputs: string[] = [];
    for (const args of [[], [], ['--desktop']]) {
      const started = start(['--no-open', ...args], { ...asUser, env });
      outputs.push(await started.until(address));
      await stop(started);
    }
    expect(outputs.map((output) => getting.test(output))).toStrictEqual([true, false, true]);
    expect(outputs[0]).toMatch(
      /^The Electron runtime could not be had \(.+\): serving the same app to a browser instead\.$/mu,
    );
    expect(outputs[1]).toMatch(/at an earlier start; --desktop tries again: serving the same app/u);
  },
);

test.runIf(process.platform === 'linux')(
  'where there is a runtime it gets the program and the data folder, and its exit status is kept',
  async () => {
    checkout.write('runtime/electron', '#!/bin/sh\necho "window $*"\nsleep 4\nexit 5\n', 0o755);
    const env = { ...asUser.env, ELECTRON_OVERRIDE_DIST_PATH: join(checkout.path, 'runtime') };
    const started = start(['--data-dir', '/tmp/somewhere'], { ...asUser, env });
    expect(await started.ended).toStrictEqual({ status: 5, signal: null });
    expect(started.output()).toBe(`window ${checkout.path} --data-dir=/tmp/somewhere\n`);
  },
);

test.runIf(process.platform === 'linux')(
  'a runtime that crashes at once is replaced by the browser, unless the window was asked for; a program that refuses to start is not',
  async () => {
    checkout.write('runtime/electron', '#!/bin/sh\nkill -TRAP $$\n', 0o755);
    const env = { ...asUser.env, ELECTRON_OVERRIDE_DIST_PATH: join(checkout.path, 'runtime') };
    const either = start(['--no-open'], { ...asUser, env });
    expect(await either.until(address)).toContain(
      'Electron ended at once (SIGTRAP): serving the same app to a browser instead.',
    );
    await stop(either);
    checkout.write('runtime/electron', '#!/bin/sh\nexit 1\n', 0o755);
    const refused = start(['--no-open'], { ...asUser, env });
    expect(await refused.ended).toStrictEqual({ status: 1, signal: null });
    checkout.write('runtime/electron', '#!/bin/sh\nkill -TRAP $$\n', 0o755);
    const desktop = start(['--desktop'], { ...asUser, env });
    expect(await desktop.ended).toStrictEqual({ status: null, signal: 'SIGTRAP' });
  },
);

test.runIf(process.platform === 'linux')(
  'the address is handed to the browser of the desktop once, and not with --no-open',
  async () => {
    const opened = join(checkout.path, 'opened');
    checkout.write('opener/xdg-open', `#!/bin/sh\necho "$1" >> '${opened}'\n`, 0o755);
    const env = { DISPLAY: ':99', PATH: `${join(checkout.path, 'opener')}:${process.env['PATH']}` };
    const quiet = start(['--browser', '--no-open', '--port', '1'], { ...asUser, env });
    await quiet.until(address);
    await stop(quiet);
    const loud = start(['--browser', '--port', '2'], { ...asUser, env });
    await loud.until(address);
    await expect.poll(() => existsSync(opened), { timeout: 5000 }).toBe(true);
    await stop(loud);
    expect(readFileSync(opened, 'utf8')).toBe('http://127.0.0.1:2/?t=token\n');
  },
);
