import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { moveScript } from '../../../../../electron/core/cluster/writes/move-script.ts';

/**
 * The move unit as a real sh runs it, on tools that stand for a cluster: `vm1` is on c2 until `virsh migrate` ends. `log` has what was
 * written and moved, in its order; the files `care`, `mark` and `at` are what is true.
 */
export async function cluster(tools: Readonly<Record<string, string>> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'rackside-move-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const programs: Readonly<Record<string, string>> = {
    cibadmin: `case "$*" in
*-Q*rackside-care*) [ -e care ] || exit 105;;
*-Q*rackside-unit*) [ -e mark ] || exit 105;;
*-Q*) echo '<cib/>';;
*--delete*rackside-care*) [ -n "$CIB_file" ] || { echo 'delete care' >>log; rm -f care; };;
*--delete*rackside-unit*) echo 'delete mark' >>log; rm -f mark;;
*--modify*UNMANAGE*) echo unmanage >>log; touch care;;
*--modify*) echo pin >>log;;
esac`,
    crm_mon: `m=true; [ -e care ] && m=false
echo "<resource id=\\"vm1\\" role=\\"Started\\" blocked=\\"false\\" managed=\\"$m\\" failed=\\"false\\" nodes_running_on=\\"1\\">"
echo "<node name=\\"$(cat at)\\" id=\\"1\\"/>"`,
    crm_resource: 'echo refresh >>log',
    crm_simulate: 'echo "<actions/>"',
    uname: 'echo c2',
    stonith_admin: 'true',
    virsh: `case "$*" in
*domstate*ssh*|*ssh*domstate*) [ "$(cat at)" = c3 ] && echo running || echo 'failed to get domain';;
*domstate*) [ "$(cat at)" = c2 ] && echo running || echo 'failed to get domain';;
*migrate*) [ -e care ] && echo migrate >>log || echo 'migrate in care' >>log; echo c3 >at;;
esac`,
    ...tools,
  };
  await Promise.all(
    Object.entries(programs).map(async ([name, text]) => {
      await writeFile(join(dir, name), `#!/bin/sh\ncd ${dir}\n${text}\n`);
      await chmod(join(dir, name), 0o755);
    }),
  );
  await Promise.all([
    writeFile(join(dir, 'at'), 'c2'),
    writeFile(join(dir, 'mark'), ''),
    writeFile(join(dir, 'log'), ''),
  ]);
  const script = moveScript.replace('PATH=', `PATH=${dir}:`);
  return {
    log: async () => (await readFile(join(dir, 'log'), 'utf8')).trim().split('\n').filter(Boolean),
    care: () => writeFile(join(dir, 'care'), ''),
    text: (name: string) => readFile(join(dir, name), 'utf8'),
    file: (name: string, text: string) => writeFile(join(dir, name), text),
    /** Runs it; `moveSeconds` 0: only hands back; `termOn`: stopped once this is in the log. */
    async run({ source = 'c2', moveSeconds = 60, leftSeconds = 3600, termAfterMs = 0, termOn = '' } = {}) {
      const end = String(Math.floor(Date.now() / 1000) + leftSeconds);
      const unmanages = moveSeconds === 0 ? '' : 'UNMANAGE';
      const args = [
        'vm1',
        'vm1',
        source,
        'c3',
        'rackside-unit-vm1',
        'op.1',
        '0',
        String(moveSeconds),
        '60',
        end,
        unmanages,
      ];
      const child = spawn('/bin/sh', ['-c', script, 'sh', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      if (termOn !== '')
        void (async () => {
          while (!(await this.log()).includes(termOn)) await setTimeout(20);
          child.kill('SIGTERM');
        })();
      if (termAfterMs > 0) void setTimeout(termAfterMs).then(() => child.kill('SIGTERM'));
      const [code] = (await once(child, 'close')) as [number];
      return { code, last: said.trim().split('\n').at(-1) ?? '' };
    },
  };
}
