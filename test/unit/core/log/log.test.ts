import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../../../electron/core/log/log.ts';
import type { Log, LogOptions } from '../../../../electron/core/log/log.ts';

function openLog(options: Partial<LogOptions> = {}): Log {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-log-'));
  const log = createLog({ folder, now: () => Date.UTC(2026, 0, 2, 3, 4, 5), ...options });
  onTestFinished(() => {
    log.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return log;
}

const lines = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

test('an entry is one JSON line with its time, level, scope, message and details', () => {
  const log = openLog();
  log.debug('not at this level');
  log.scoped('ssh').info('connected', { host: 'n1', tookMs: 5 });
  log.warn('odd\nthing');
  expect(lines(log.path)).toEqual([
    {
      at: '2026-01-02T03:04:05.000Z',
      level: 'info',
      scope: 'ssh',
      message: 'connected',
      details: { host: 'n1', tookMs: 5 },
    },
    { at: '2026-01-02T03:04:05.000Z', level: 'warn', scope: 'app', message: 'odd\nthing' },
  ]);
});

test('the files of a log stay within their size and number, and the newest lines are kept', () => {
  const log = openLog({ maxBytes: 2000, olderFiles: 2 });
  for (let number = 0; number < 200; number++) log.info(`line ${number}`);
  log.flush();
  const folder = join(log.path, '..');
  const files = readdirSync(folder).toSorted();
  expect(files).toEqual(['rackside.log', 'rackside.log.1', 'rackside.log.2']);
  expect(Math.max(...files.map((name) => statSync(join(folder, name)).size))).toBeLessThanOrEqual(2000);
  expect(lines(log.path).at(-1)).toMatchObject({ message: 'line 199' });
});

test.skipIf(process.platform === 'win32')('only the owner may read the log', () => {
  const log = openLog();
  log.warn('x');
  expect((statSync(log.path).mode & 0o777).toString(8)).toBe('600');
});

test('a log that cannot be written throws nothing, and says how many lines are missing once it can again', () => {
  const log = openLog();
  rmSync(log.path, { force: true });
  mkdirSync(log.path);
  log.warn('lost');
  log.warn('lost too');
  rmSync(log.path, { recursive: true });
  log.warn('here');
  expect(lines(log.path)).toMatchObject([
    { message: '2 lines before this one could not be written' },
    { message: 'here' },
  ]);
});

test('details that cannot be read, or that contain themselves, do not stop the one who logs', () => {
  const log = openLog();
  const self: Record<string, unknown> = {};
  self['self'] = self;
  log.warn('self', self);
  log.warn('getter', {
    get bad(): string {
      throw new Error('no');
    },
  });
  expect(lines(log.path)).toMatchObject([{ message: 'self' }, { message: 'getter', details: '[could not be read]' }]);
});

test('R26: a crash leaves a redacted entry in the log and a redacted line on stderr', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = `
    import { createLog } from './electron/core/log/log.ts';
    import { installCrashHandlers } from './electron/core/log/crash.ts';
    const log = createLog({ folder: process.argv[1], now: () => Date.now() });
    log.redactor.addSecret('canary-4711');
    installCrashHandlers(log, () => process.exit(70));
    if (process.argv[2] === 'throw') setTimeout(() => { throw new Error('with canary-4711'); }, 1);
    else Promise.reject(Object.assign(new Error('failed'), { answer: 'canary-4711' }));
  `;
  for (const how of ['throw', 'reject']) {
    let stderr = '';
    let status = 0;
    try {
      execFileSync(process.execPath, ['--input-type=module-typescript', '-e', program, folder, how], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      ({ stderr, status } = error as { stderr: string; status: number });
    }
    expect(status).toBe(70);
    expect(stderr).toContain('not caught');
    expect(stderr).not.toContain('4711');
  }
  const text = readFileSync(join(folder, 'rackside.log'), 'utf8');
  expect(text.split('\n')).toHaveLength(3);
  expect(text).not.toContain('4711');
});

test('a log that cannot be written says why, once, and again only after it could be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-log-'));
  // A file stands where the folder of the logs should be.
  const inTheWay = join(folder, 'logs');
  writeFileSync(inTheWay, '');
  const log = createLog({ folder: inTheWay, now: Date.now });
  onTestFinished(() => {
    log.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const told: string[] = [];
  log.error('first');
  log.onLost((because) => told.push(because));
  log.error('second');
  expect(told).toEqual([expect.stringContaining('EEXIST')]);
  rmSync(inTheWay);
  log.error('third');
  expect(lines(join(inTheWay, 'rackside.log'))).toMatchObject([
    { message: '2 lines before this one could not be written' },
    { message: 'third' },
  ]);
  expect(told).toHaveLength(1);
});
