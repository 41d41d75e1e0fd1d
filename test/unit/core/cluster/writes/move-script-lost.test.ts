import { describe, expect, test } from 'vitest';
import { cluster } from './script-cluster.ts';

describe('a VM that runs on neither side', () => {
  /** As a cluster that starts what it has in its care: `at` is empty once the VM is lost, `history` has a line for each fencing of c3. */
  const recovering = {
    crm_mon: `m=true; [ -e care ] && m=false
if [ -s at ]; then r=Started k=1; else r=Stopped k=0; [ -e care ] || { echo 'start on c1' >>log; echo c1 >at; }; fi
echo "<resource id=\\"vm1\\" role=\\"$r\\" blocked=\\"false\\" managed=\\"$m\\" failed=\\"false\\" nodes_running_on=\\"$k\\">"
[ ! -s at ] || echo "<node name=\\"$(cat at)\\" id=\\"1\\"/>"`,
    crm_resource: 'case "$*" in *--wait*) echo wait >>log;; *) echo refresh >>log;; esac',
    stonith_admin: 'cat history',
    // It waits in name only; how long it would have is told.
    sleep: 'echo "$1" >>slept; exec /bin/sleep 0.02',
  };
  const cibadmin = `case "$*" in
*-Q*rackside-care*) [ -e care ] || exit 105;;
*-Q*rackside-unit*) [ -e mark ] || exit 105;;
*-Q*) echo '<cib/>';;
*--delete*rackside-care*) [ -n "$CIB_file" ] || [ ! -e care ] || { echo 'delete care' >>log; rm -f care; };;
*--delete*rackside-move*) echo 'delete pin' >>log;;
*--delete*rackside-unit*) echo 'delete mark' >>log; rm -f mark;;
*--modify*UNMANAGE*) echo unmanage >>log; touch care;;
*--modify*) echo "pin to $(echo "$*" | sed -n 's/.*node="\\([^"]*\\)".*/\\1/p')" >>log;;
esac`;
  const givenBack = [
    'unmanage',
    'migrate',
    'delete pin',
    'refresh',
    'wait',
    'delete care',
    'start on c1',
    'pin to c1',
    'delete mark',
  ];

  test('R31: is given back to the cluster within seconds once both sides say so, and bound to where it was started again', async () => {
    const virsh = `case "$*" in
*domstate*) [ -e care ] || [ ! -s at ] && echo 'failed to get domain' || echo running;;
*migrate*) echo migrate >>log; : >at; exit 1;;
esac`;
    const one = await cluster({ ...recovering, cibadmin, virsh });
    const { code, last } = await one.run();
    expect([code, last]).toEqual([6, expect.stringContaining('"on":"c1","managed":true,"move_rc":1,"rc":6')]);
    expect(await one.log()).toEqual(givenBack);
    const slept = (await one.text('slept')).trim().split('\n').map(Number);
    const seconds = slept.reduce((sum, each) => sum + each, 0);
    expect([seconds >= 10, seconds < 20]).toEqual([true, true]);
  });

  test('R31: is given back also while its target is silent, once that was fenced since the move began; before, nobody touches it', async () => {
    // It was fenced before as well, and a device switches it on meanwhile: neither proves anything of now.
    const virsh = `case "$*" in
*ssh*domstate*) echo 'error: failed to connect'; echo x >>looks; echo '<fence_event action="on" status="success" completed="2026-11-29 09:59:59Z"/>' >>history; [ "$(wc -l <looks)" -lt 4 ] || echo '<fence_event status="success" completed="2026-11-29 10:00:00Z"/>' >>history;;
*domstate*) echo 'failed to get domain';;
*migrate*) echo migrate >>log; : >at;;
esac`;
    const one = await cluster({ ...recovering, cibadmin, virsh });
    await one.file('history', '<fence_event status="success" completed="2026-11-28 09:00:00Z"/>\n');
    expect((await one.run()).code).toBe(6);
    expect(await one.log()).toEqual(givenBack);
    expect((await one.text('looks')).trim().split('\n').length).toBeGreaterThanOrEqual(4);
  });

  test('R9, R31: what the cluster has started elsewhere, because its source was fenced, is left alone: only the mark goes', async () => {
    const virsh = `case "$*" in *domstate*) echo 'failed to get domain';; *migrate*) echo migrate >>log;; esac`;
    const one = await cluster({ ...recovering, cibadmin, virsh });
    await one.file('at', 'c1');
    const { code, last } = await one.run();
    expect([code, last]).toEqual([1, expect.stringContaining('the cluster has it on another node')]);
    expect(await one.log()).toEqual(['delete mark']);
  });

  test('R9, R31: what is out of care and found on a third node is bound and given back there, and not started again', async () => {
    const virsh = `case "$*" in *domstate*) echo 'failed to get domain';; *migrate*) echo migrate >>log; echo c1 >at;; esac`;
    const one = await cluster({ ...recovering, cibadmin, virsh });
    const { code, last } = await one.run();
    expect([code, last]).toEqual([6, expect.stringContaining('"on":"c1","managed":true')]);
    expect(await one.log()).toEqual([
      'unmanage',
      'migrate',
      'delete pin',
      'refresh',
      'wait',
      'pin to c1',
      'refresh',
      'delete care',
      'delete mark',
    ]);
  });

  test('R9, R31: of a source that is off by proof nobody asks, and the half that waits on the target is not the VM', async () => {
    const virsh = `case "$*" in
*-/system*) echo asked >>log;;
*domstate*) echo x >>looks; [ "$(wc -l <looks)" -lt 9 ] && echo 'paused (migrating)' || echo 'failed to get domain';;
*migrate*) echo migrate >>log;;
esac`;
    const one = await cluster({ ...recovering, cibadmin, virsh });
    await one.care();
    await one.file('at', '');
    const { code, last } = await one.run({ source: '-', moveSeconds: 0 });
    expect([code, last]).toEqual([6, expect.stringContaining('"on":"c1","managed":true')]);
    expect(await one.log()).toEqual(givenBack.slice(2));
    expect((await one.text('looks')).trim().split('\n').length).toBeGreaterThanOrEqual(14);
  });

  test('R31: is looked for again where its target dies while it is handed back', async () => {
    const virsh = `case "$*" in
*ssh*domstate*) [ -s at ] && echo running || echo 'failed to get domain';;
*domstate*) echo 'failed to get domain';;
*migrate*) echo migrate >>log; echo c3 >at;;
esac`;
    // The cluster has not seen it there when it is gone.
    const crmMon = `[ ! -e refreshed ] || [ -e gone ] || { touch gone; : >at; }\n${recovering.crm_mon}`;
    const one = await cluster({
      ...recovering,
      cibadmin,
      virsh,
      crm_mon: crmMon,
      crm_resource: `${recovering.crm_resource}; touch refreshed`,
    });
    expect((await one.run()).code).toBe(6);
    expect(await one.log()).toEqual([...givenBack.slice(0, 2), 'pin to c3', 'refresh', ...givenBack.slice(2)]);
  });
});
