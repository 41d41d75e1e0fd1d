/** Makes one cluster of the booted nodes: pcs where it leaves what an administrator's pcs would have left, CIB edits elsewhere. */
import { inside, mustInside } from './inside.ts';
import type { Layout } from './layout.ts';
import { clusterName, clusterPassword, nodeMemoryMiB, placeOf } from './layout.ts';
import { say, waitFor } from './shell.ts';

const nvpairs = (prefix: string, values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `<nvpair id="${prefix}-${name}" name="${name}" value="${value}"/>`)
    .join('');

/** The CIB before the first start: pcs would write the same by a dozen calls of half a second each. */
function seed(layout: Layout): string {
  const options = {
    // The first election waits dc-deadtime, 20 s; the lab is spared most of that, and the default is restored afterwards.
    'dc-deadtime': '4s',
    'stonith-enabled': 'true',
    'placement-strategy': 'utilization',
    'cluster-recheck-interval': '60s',
  };
  const power = { ip: layout.switchAddress, ipport: String(layout.switchPort), pcmk_host_check: 'dynamic-list' };
  return `<configuration>
<crm_config><cluster_property_set id="cib-bootstrap-options">${nvpairs('cib-bootstrap-options', options)}</cluster_property_set></crm_config>
<nodes/>
<resources><primitive id="power" class="stonith" type="fence_lab">
<instance_attributes id="power-instance_attributes">${nvpairs('power-instance_attributes', power)}</instance_attributes>
<operations><op id="power-monitor-interval-30s" name="monitor" interval="30s"/></operations></primitive></resources>
<constraints/>
<rsc_defaults><meta_attributes id="build-resource-defaults">${nvpairs('build', { 'resource-stickiness': '1' })}</meta_attributes></rsc_defaults>
</configuration>`;
}

/**
 * Corosync without real-time priority, which it takes by default: on a machine with a few cores, where several labs boot, one that
 * starves its own peers by it spins for good and leaves nothing to anyone, the tests' deadlines included.
 */
const unhurried = 'system {\\n    sched_rr: no\\n}\\n';

export async function makeCluster(
  layout: Layout,
  controls: readonly string[],
  workers: readonly string[],
): Promise<void> {
  const first = controls[0];
  if (first === undefined) return;
  const all = [...controls, ...workers];
  const address = (name: string): string => `${name} addr=${placeOf(layout, name).address}`;
  await Promise.all(
    all.map((name) => mustInside(layout, name, `echo hacluster:${clusterPassword} | chpasswd; systemctl start pcsd`)),
  );
  const authenticate = () =>
    mustInside(layout, first, `pcs host auth ${all.map(address).join(' ')} -u hacluster -p ${clusterPassword}`);
  await waitFor('pcs host auth', authenticate, 60_000, 500);
  await mustInside(
    layout,
    first,
    `pcs cluster setup ${clusterName} ${controls.map(address).join(' ')} --enable --force`,
    {
      timeoutMs: 120_000,
    },
  );
  await Promise.all(
    controls.map((name) => mustInside(layout, name, `printf '${unhurried}' >>/etc/corosync/corosync.conf`)),
  );
  say('cluster set up');
  const cib = '/var/lib/pacemaker/cib/cib.xml';
  await Promise.all(
    controls.map((name) =>
      mustInside(
        layout,
        name,
        `cibadmin --empty >${cib} && CIB_file=${cib} cibadmin --replace -o configuration --xml-pipe &&
         chown hacluster:haclient ${cib} && chmod 600 ${cib} && rm -f ${cib}.sig`,
        { input: seed(layout) },
      ),
    ),
  );
  // pcs gives its peers 60 s to answer by default; where the machine does other things too, they take longer.
  await mustInside(layout, first, 'pcs cluster start --all --wait=90 --request-timeout=180', { timeoutMs: 240_000 });
  say('cluster started');
  await mustInside(layout, first, 'crm_attribute -n dc-deadtime -D');
  for (const name of workers) await addWorker(layout, first, name);
  // Before there was a cluster only the first control node came to know its peers; now it tells them.
  await authenticate();
  await Promise.all(
    all.map((name) => mustInside(layout, first, `crm_attribute -t nodes -N ${name} -z -n memory -v ${nodeMemoryMiB}`)),
  );
  await waitFor('all nodes are online', () => areOnline(layout, first, all), 60_000);
}

async function addWorker(layout: Layout, control: string, name: string): Promise<void> {
  await mustInside(
    layout,
    control,
    `pcs cluster node add-remote ${name} ${placeOf(layout, name).address} reconnect_interval=10s op monitor interval=5s timeout=15s --wait=60`,
    { timeoutMs: 120_000 },
  );
  say(`${name} joined`);
}

/** Whether every one of these nodes is online and settled, as a control node says. */
export async function areOnline(layout: Layout, control: string, names: readonly string[]): Promise<boolean> {
  const { stdout } = await inside(layout, control, 'crm_mon --output-as=xml', { timeoutMs: 15_000 });
  return names.every((name) => {
    const line = stdout
      .split('\n')
      .find((text) => text.includes(`<node name="${name}" id=`) && text.includes('online='));
    return (
      line !== undefined && ['online="true"', 'pending="false"', 'unclean="false"'].every((part) => line.includes(part))
    );
  });
}
