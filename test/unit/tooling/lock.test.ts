import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { missingEntries } from '../../../scripts/complete-lock.mjs';

const root = resolve(import.meta.dirname, '../../..');

test('the lock file holds the builds of every tool for every system, without which npm ci refuses it everywhere', () => {
  const lock: unknown = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  expect([...missingEntries(lock).keys()]).toStrictEqual([]);
});

test('what a registry did not carry is added by the exact version its package asks for, with the system its name tells', () => {
  const optionalDependencies = {
    'tool-win32-x64': '1.0.0',
    '@tool/binding-linux-arm64-musl': '1.0.0',
    '@tool/binding-linux-arm-gnueabihf': '1.0.0',
    'present-darwin-arm64': '1.0.0',
    'nested-darwin-arm64': '1.0.0',
  };
  const lock = {
    packages: {
      'node_modules/@tool/tool': { optionalDependencies },
      'node_modules/present-darwin-arm64': {},
      'node_modules/@tool/tool/node_modules/nested-darwin-arm64': {},
    },
  };
  const common = { version: '1.0.0', dev: true, optional: true };
  expect(Object.fromEntries(missingEntries(lock))).toStrictEqual({
    'node_modules/tool-win32-x64': { ...common, os: ['win32'], cpu: ['x64'] },
    'node_modules/@tool/binding-linux-arm64-musl': { ...common, os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
    'node_modules/@tool/binding-linux-arm-gnueabihf': { ...common, os: ['linux'], cpu: ['arm'], libc: ['glibc'] },
  });
});
