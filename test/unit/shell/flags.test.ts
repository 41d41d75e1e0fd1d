import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { defaultDataFolder } from '../../../electron/shell/data-folder.ts';
import { parseFlags } from '../../../electron/shell/flags.ts';

const refusal = (args: readonly string[]): unknown => {
  try {
    return parseFlags(args, true);
  } catch (error) {
    return (error as { problem: { code: string } }).problem.code;
  }
};

test('flags are taken with and without an equals sign, and have defaults', () => {
  expect(parseFlags(['--port', '8080', '--no-open', '--data-dir=x'], true)).toEqual({
    port: 8080,
    isOpening: false,
    dataFolder: resolve('x'),
    demo: { nodes: 48, seed: 1, speed: 1 },
  });
  expect(parseFlags([], true)).toEqual({
    port: 0,
    isOpening: true,
    dataFolder: defaultDataFolder(),
    demo: { nodes: 48, seed: 1, speed: 1 },
  });
});

test('the demo region’s flags are whole numbers within their limits, in both shells', () => {
  const args = ['--demo-nodes=5000', '--demo-seed', '7', '--demo-speed=60'];
  for (const isStrict of [true, false]) {
    expect(parseFlags(args, isStrict).demo).toEqual({ nodes: 5000, seed: 7, speed: 60 });
    for (const wrong of [
      '--demo-nodes=5001',
      '--demo-nodes=3',
      '--demo-seed=-1',
      '--demo-speed=0',
      '--demo-speed=1.5',
    ]) {
      expect(() => parseFlags([wrong], isStrict)).toThrow(/--demo-\w+ takes a whole number from/u);
    }
  }
});

test('a flag that is unknown or wrong is invalid-input', () => {
  for (const args of [
    ['--prot', '1'],
    ['x'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--port', '1e3'],
    ['--port'],
    ['--data-dir='],
  ]) {
    expect([args, refusal(args)]).toEqual([args, 'invalid-input']);
  }
});

test('the desktop lets Chromium’s own switches pass', () => {
  const args = ['/path/to/app', '--enable-logging=stderr', '--remote-debugging-port=0', '-x', '--data-dir=/d'];
  expect(parseFlags(args, false)).toMatchObject({ isOpening: true, dataFolder: resolve('/d') });
});

test('the data folder follows each system’s convention', () => {
  const homeFolder = '/home/t';
  const of = (platform: NodeJS.Platform, environment: Record<string, string> = {}): string =>
    defaultDataFolder({ platform, environment, homeFolder });
  expect(of('linux')).toBe('/home/t/.local/share/rackside');
  expect(of('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/rackside');
  expect(of('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/t/.local/share/rackside');
  expect(of('darwin')).toBe('/home/t/Library/Application Support/rackside');
  expect(of('win32', { LOCALAPPDATA: '/l' })).toBe('/l/rackside');
});
