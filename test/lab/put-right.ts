import { waitFor, type Lab, type LabNode } from './lab-api.ts';
import { forgetOperations } from './node-operations.ts';
import { missingNodes, rejoin } from './rejoin.ts';

/**
 * Puts a lab right, however a test left it: every fault undone, every node a member and online, no unit of an operation at work and nothing
 * left of one. Where nothing is amiss it takes about 4 s.
 *
 * @param ofFile what a file undoes by itself, once every node is on.
 */
export async function putRight(lab: Lab, ofFile: (lab: Lab) => Promise<void>): Promise<void> {
  await lab.laptop.restore();
  for (const node of lab.nodes) await node.fault('restore');
  await Promise.all(lab.nodes.map(endUnits));
  await ofFile(lab);
  // A Worker whose connection was closed is online only once that is taken back; and a fence device, or a VM, may have been disabled.
  const roles = `//primitive/meta_attributes/nvpair[@name='target-role']`;
  await Promise.all(lab.controls.map((control) => control.exec(`cibadmin --delete-all --force --xpath "${roles}"`)));
  const missing = await waitFor('the first control node answers', () => missingNodes(lab), 120_000);
  for (const name of missing) await rejoin(lab, name);
  const isOnline = async () =>
    (await lab.cluster()).nodes.every((node) => node.isOnline && !node.isPending && !node.isUnclean);
  await waitFor('every node is online', isOnline, 180_000);
  await forgetOperations(lab);
  await lab.settle(180_000);
}

/** Ends what an operation has at work on a node, and starts what one has stopped there. A node that still boots has neither. */
async function endUnits(node: LabNode): Promise<void> {
  const abort = `for d in $(virsh -q -c qemu:///system list --name); do virsh -q -c qemu:///system domjobabort $d; virsh -q -c qemu:///system migrate-setspeed $d 1000; done`;
  const start =
    node.role === 'control'
      ? '[ ! -e /etc/corosync/corosync.conf ] || systemctl start corosync pacemaker'
      : '[ ! -e /etc/pacemaker/authkey ] || systemctl start pacemaker_remote';
  await node.exec(`${abort} 2>/dev/null; systemctl stop 'rackside-*.service'; ${start}`, { timeoutMs: 150_000 });
}

/** What a test that changed nothing leaves as it was: the cluster’s configuration, and all that it tells. `undefined`: it does not answer. */
export async function traceOf(lab: Lab): Promise<string | undefined> {
  const configuration = await lab.node('c1').exec('cibadmin -Q -o configuration | md5sum');
  const view = await lab.cluster('c1').catch(() => undefined);
  return view === undefined ? undefined : configuration.stdout + JSON.stringify(view);
}
