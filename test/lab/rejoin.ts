import { clusterPassword, nodeMemoryMiB } from './layout.ts';
import type { Lab } from './lab-api.ts';
import { waitFor } from './lab-api.ts';

/**
 * Lets a node that was removed into the lab's cluster again, as the lab made it, and forgets that it was out: for the files of tests that
 * come after the one that removed it.
 */
export async function rejoin(lab: Lab, name: string): Promise<void> {
  const node = lab.node(name);
  const by = lab.controls.find((control) => control.name !== name && control.isOn());
  if (by === undefined) throw new Error(`no control node is left to let ${name} in`);
  const isMember = async () => (await lab.cluster(by.name)).nodes.some((one) => one.name === name);
  if (!(await isMember())) {
    // A control node that comes again brings pcs a list of hosts without the Workers, and the others take it over within minutes.
    const hosts = [...lab.controls, ...lab.workers].filter((one) => one.isOn());
    const addresses = hosts.map((one) => `${one.name} addr=${one.address}`).join(' ');
    await Promise.all(hosts.map((one) => one.exec('systemctl start pcsd')));
    const authenticate = () =>
      by.mustExec(`pcs host auth ${addresses} -u hacluster -p ${clusterPassword}`, { timeoutMs: 60_000 });
    // Whatever a removal left on a machine that was off.
    await node.exec('pcs cluster destroy', { timeoutMs: 120_000 });
    const add =
      node.role === 'worker'
        ? `add-remote ${name} ${node.address} reconnect_interval=10s op monitor interval=5s timeout=15s --wait=60`
        : `add ${name} addr=${node.address} --start --enable --wait=90`;
    await authenticate();
    await by.mustExec(`pcs cluster node ${add}`, { timeoutMs: 180_000 });
    await authenticate();
  }
  await waitFor(
    `${name} is online again`,
    async () => (await lab.cluster(by.name)).nodes.some((one) => one.name === name && one.isOnline && !one.isPending),
    90_000,
  );
  await by.mustExec(
    `crm_attribute -t nodes -N ${name} -z -n memory -v ${nodeMemoryMiB}; crm_attribute -N ${name} -n standby -D; cibadmin --delete-all --force --xpath '//cluster_property_set[starts-with(@id,"rackside-out-")]'`,
  );
}
