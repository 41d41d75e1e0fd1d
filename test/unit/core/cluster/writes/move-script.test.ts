import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { moveScript } from '../../../../../electron/core/cluster/writes/move-script.ts';

/**
 * The move unit as a real sh runs it, on tools that stand for a cluster: `vm1` is on c2 until `virsh migrate` ends. `log` has what was
 * written and moved, in its order; the files `care`, `mark` and `at` are what is true.
 */
async function cluster(tools: Readonly<Record<string, string>> = {}) {
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
    /** Runs it; `moveSeconds` 0: only hands back; `termOn`: stopped once this is in the log. */
    async run({ moveSeconds = 60, leftSeconds = 3600, termAfterMs = 0, termOn = '' } = {}) {
      const end = String(Math.floor(Date.now() / 1000) + leftSeconds);
      const unmanages = moveSeconds === 0 ? '' : 'UNMANAGE';
      const args = [
        'vm1',
        'vm1',
        'c2',
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

test('R31: the unit itself takes the VM out of the cluster’s care, then moves it and gives it back: killed before it, nobody has', async () => {
  const one = await cluster();
  expect((await one.run()).code).toBe(0);
  expect(await one.log()).toEqual([
    'unmanage',
    'migrate',
    'pin',
    'refresh',
    'delete care',
    'delete care',
    'delete mark',
  ]);
});

test('R31: one that was unmanaged before is not unmanaged again, and a hand-back alone migrates nothing', async () => {
  const one = await cluster();
  await one.care();
  expect((await one.run({ moveSeconds: 0 })).code).toBe(1);
  expect(await one.log()).toEqual(['pin', 'refresh', 'delete care', 'delete care', 'delete mark']);
});

test('a hand-back of what nobody unmanaged touches no VM: only the mark goes', async () => {
  const one = await cluster();
  expect((await one.run({ moveSeconds: 0 })).code).toBe(1);
  expect(await one.log()).toEqual(['delete care', 'delete mark']);
});

test('R31: started too late for its time, it takes nothing out of care', async () => {
  const one = await cluster();
  const { code, last } = await one.run({ leftSeconds: 100 });
  expect([code, last]).toEqual([1, expect.stringContaining('could outlast the unmanaging')]);
  expect(await one.log()).toEqual(['delete care', 'delete mark']);
});

test('R6: stopped before the migration begins, it begins none, and gives the VM back', async () => {
  const busy = `m=true; [ -e care ] && m=false; p='pending="Monitoring"'; [ -e stopped ] && p=
echo "<resource id=\\"vm1\\" role=\\"Started\\" blocked=\\"false\\" managed=\\"$m\\" failed=\\"false\\" nodes_running_on=\\"1\\" $p>"
echo "<node name=\\"c2\\" id=\\"1\\"/>"; [ -e care ] && touch asked; [ ! -e refreshed ] || touch stopped`;
  const one = await cluster({ crm_mon: busy, crm_resource: 'echo refresh >>log; touch refreshed' });
  const { code, last } = await one.run({ termAfterMs: 1500 });
  expect([code, last]).toEqual([1, expect.stringContaining('cancelled before it began')]);
  expect(await one.log()).toEqual(['unmanage', 'pin', 'refresh', 'delete care', 'delete care', 'delete mark']);
});

test('R31: stopped in the middle of the migration, it still gives the VM back, where it is', async () => {
  const virsh = `case "$*" in
*domstate*ssh*|*ssh*domstate*) echo 'failed to get domain';;
*domstate*) echo running;;
*migrate*) echo migrate >>log; sleep 1; exit 1;;
esac`;
  const one = await cluster({ virsh });
  expect((await one.run({ termOn: 'migrate' })).code).toBe(1);
  expect(await one.log()).toEqual([
    'unmanage',
    'migrate',
    'pin',
    'refresh',
    'delete care',
    'delete care',
    'delete mark',
  ]);
});

test('R31: it gives the VM back only once the cluster’s own simulation shows no action for it', async () => {
  const crmSimulate = `echo x >>simulated; [ "$(wc -l <simulated)" -gt 2 ] && { echo quiet >>log; echo '<actions/>'; exit; }
echo loud >>log; echo '<rsc_action action="stop" resource="vm1" node="c3"/>'`;
  const one = await cluster({ crm_simulate: crmSimulate });
  expect((await one.run()).code).toBe(0);
  const [, , , , ...end] = await one.log();
  expect(end).toEqual(['loud', 'loud', 'quiet', 'delete care', 'delete care', 'delete mark']);
});

test('R31: what the cluster is at work on is not given back', async () => {
  const busy = `m=true; [ -e care ] && m=false; p=
[ "$(cat at)" = c3 ] && { echo x >>looked; [ "$(wc -l <looked)" -lt 4 ] && p='pending="Monitoring"' && echo pending >>log; }
echo "<resource id=\\"vm1\\" role=\\"Started\\" blocked=\\"false\\" managed=\\"$m\\" failed=\\"false\\" nodes_running_on=\\"1\\" $p>"
echo "<node name=\\"$(cat at)\\" id=\\"1\\"/>"`;
  const one = await cluster({ crm_mon: busy, crm_simulate: "echo simulate >>log; echo '<actions/>'" });
  expect((await one.run()).code).toBe(0);
  const log = await one.log();
  expect(log.filter((line) => line === 'pending')).toHaveLength(3);
  expect(log.indexOf('simulate')).toBeGreaterThan(log.lastIndexOf('pending'));
  expect(log.slice(-4)).toEqual(['simulate', 'delete care', 'delete care', 'delete mark']);
});

test('R20: a unit whose mark is another’s writes nothing', async () => {
  const one = await cluster({ cibadmin: 'exit 105' });
  expect((await one.run()).code).toBe(4);
  expect(await one.log()).toEqual([]);
});
