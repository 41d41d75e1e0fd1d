import { expect, test } from 'vitest';
import { cluster } from './script-cluster.ts';

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
