import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockDataFolder } from '../../../electron/core/db/lock.ts';
import { openStore } from '../../../electron/core/db/store.ts';
import { problemOf } from '../../../shared/problems.ts';
import { openTestStore, temporaryFolder } from '../../unit/core/db/store-folder.ts';

async function holder(folder: string): Promise<{ child: ChildProcess; said: string; kill: () => Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'lock-child.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (text: Buffer) => {
      resolve(text.toString().trim());
    });
  });
  return { child, said, kill };
}

test('a second start learns who holds the data folder and where to ask it, and takes over when that was killed', async () => {
  const folder = temporaryFolder();
  const first = await holder(folder);
  expect(first.said).toBe('acquired');
  const second = lockDataFolder(folder, { now: () => 1 });
  expect(second).toEqual({
    kind: 'held',
    holder: { pid: first.child.pid, startedAt: 1234, endpoint: 'http://127.0.0.1:1/ask' },
  });
  expect((await holder(folder)).said).toBe('held');
  await first.kill();
  // What it said of itself is still there, and nobody believes it.
  expect(existsSync(join(folder, 'instance.json'))).toBe(true);
  const third = lockDataFolder(folder, { now: () => 2 });
  expect(third.kind).toBe('acquired');
  if (third.kind === 'acquired') third.lock.release();
  expect(existsSync(join(folder, 'instance.json'))).toBe(false);
});

test('a store takes the lock itself, refuses a second one in the words of who has it, and gives it back', () => {
  const folder = temporaryFolder();
  const options = { now: () => 1, log: { warn: () => undefined } };
  const first = openTestStore(folder);
  let problem: unknown;
  try {
    openStore(folder, options);
  } catch (error) {
    problem = problemOf(error);
  }
  expect(problem).toMatchObject({
    code: 'data-folder-in-use',
    message: `Another Rackside (process ${process.pid}) uses the data folder ${folder}.`,
  });
  first.close();
  openTestStore(folder).close();
});

test('a store that was given the lock leaves it to its owner', () => {
  const folder = temporaryFolder();
  const attempt = lockDataFolder(folder, { now: () => 1 });
  if (attempt.kind !== 'acquired') throw new Error('nobody else uses this folder');
  openStore(folder, { now: () => 1, log: { warn: () => undefined }, lock: attempt.lock }).close();
  expect(lockDataFolder(folder, { now: () => 1 }).kind).toBe('held');
  attempt.lock.release();
  openTestStore(folder);
});

test('a lock file or a description that is garbage stops nobody', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'lock.sqlite'), 'garbage '.repeat(2000));
  writeFileSync(join(folder, 'instance.json'), '{"pid":');
  const attempt = lockDataFolder(folder, { now: () => 1 });
  expect(attempt.kind).toBe('acquired');
  writeFileSync(join(folder, 'instance.json'), '[1,2');
  expect(lockDataFolder(folder, { now: () => 1 })).toEqual({ kind: 'held', holder: undefined });
  if (attempt.kind === 'acquired') attempt.lock.release();
});
