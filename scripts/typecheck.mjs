// One tsconfig per runtime: shared code must not see Node or the DOM, so one run for all would prove nothing.
import { spawnSync } from 'node:child_process';

let failed = false;
for (const runtime of ['shared', 'electron', 'renderer', 'test', 'scripts']) {
  const run = spawnSync('tsc', ['--project', `tsconfig.${runtime}.json`], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  failed ||= run.status !== 0;
}
process.exitCode = failed ? 1 : 0;
