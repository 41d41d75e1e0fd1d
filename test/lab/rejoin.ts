import { clusterPassword, nodeMemoryMiB } from './layout.ts';
import type { Lab, LabNode } from './lab-api.ts';
import { waitFor } from './lab-api.ts';

/** The one that tells and lets in: no test removes it. */
function first({ controls: [control] }: Lab): LabNode {
  if (control === undefined) throw new Error('the lab has no control node');
  return control;
}

/** Nodes that the cluster lacks: a Worker without its connection, a control node without its vote. A removal may have come half way. @throws where the first one is not online. */
export async function missingNodes(lab: Lab): Promise<readonly string[]> {
  const by = first(lab);
  const [{ nodes, resources }, votes] = await Promise.all([
    lab.cluster(by.name),
    by.mustExec('cat /etc/corosync/corosync.conf'),
  ]);
  // Its own services may only just start: then it names nobody, and nobody is missing.
  if (!nodes.some(({ name, isOnline }) => name === by.name && isOnline))
    throw new Error(`${by.name} is not online yet`);
  const isThere = ({ name, role }: LabNode): boolean =>
    nodes.some((node) => node.name === name) &&
    (role === 'worker' ? resources.some(({ id }) => id === name) : votes.includes(`name: ${name}\n`));
  return [...lab.controls, ...lab.workers].filter((node) => !isThere(node)).map(({ name }) => name);
}

/**
 * Lets a node that was removed into the lab's cluster again, as the lab made it, and forgets that it was out: for the tests that come after
 * the one that removed it.
 */
export async function rejoin(lab: Lab, name: string): Promise<void> {
  const node = lab.node(name);
  const by = first(lab);
  if ((await missingNodes(lab)).includes(name)) {
    // A control node that comes again brings pcs a list of hosts without the Workers, and the others take it over within minutes.
    const hosts = [...lab.controls, ...lab.workers].filter((one) => one.isOn());
    const addresses = hosts.map((one) => `${one.name} addr=${one.address}`).join(' ');
    await Promise.all(hosts.map((one) => one.exec('systemctl start pcsd')));
    const authenticate = () =>
      by.mustExec(`pcs host auth ${addresses} -u hacluster -p ${clusterPassword}`, { timeoutMs: 60_000 });
    // Whatever a removal left on a machine that was off.
    await node.exec('pcs cluster destroy', { timeoutMs: 120_000 });
    await by.exec(`crm_node --force -R ${name}`);
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
    180_000,
  );
  await by.mustExec(
    `crm_attribute -t nodes -N ${name} -z -n memory -v ${nodeMemoryMiB}; crm_attribute -N ${name} -n standby -D; cibadmin --delete-all --force --xpath '//cluster_property_set[starts-with(@id,"rackside-out-")]'`,
  );
}
