// Named folders: a lint of `.` that silently found nothing would be green.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inRoot } from './setup/paths.mjs';

const sources = ['shared', 'electron', 'renderer', 'test', 'scripts'].filter((name) => existsSync(inRoot(name)));
const configs = ['oxlint.config.ts', 'electron.vite.config.ts', 'vitest.config.ts', 'knip.config.ts'].filter((name) =>
  existsSync(inRoot(name)),
);
const oxlint = inRoot('node_modules', 'oxlint', 'bin', 'oxlint');
const run = spawnSync(process.execPath, [oxlint, ...sources, ...configs], { cwd: inRoot(), stdio: 'inherit' });
process.exitCode = run.status ?? 1;
