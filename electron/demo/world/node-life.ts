import { uuidOf } from '../random.ts';
import { endDomain } from './domains.ts';
import type { DemoNode } from './node.ts';
import type { FenceEntry, World } from './world.ts';

/** How long things take, ms of the region's time: as in the lab (a node that is killed is fenced after 8 s, and back after 12 s). */
const noticedMs = 7_000;
const fencingMs = 1_000;
const bootMs = 4_000;
const joiningMs = 2_000;

/** The machine is without power from now on, with everything that ran on it. */
export function powerOff(world: World, node: DemoNode): void {
  node.power = 'off';
  node.services = 'stopped';
  node.load = null;
  node.units.clear();
  for (const vm of node.domains.keys()) endDomain(world, node, vm, 'operation failed: the other side ended');
  if (node.membership === 'online' || node.membership === 'pending') lose(world, node);
}

/** The cluster does not hear a member any more, and notices after a while. */
export function lose(world: World, node: DemoNode): void {
  world.clock.after(noticedMs, () => {
    const isLost = node.power !== 'on' || node.network === 'cut' || node.services === 'stopped';
    if (!isLost || node.role === 'none' || node.membership === 'offline') return;
    node.membership = 'unclean';
    world.changed(`(pcmk__cluster_state) warning: Node ${node.name} is unclean`);
  });
  world.changed(`(update_peer_state) notice: Node ${node.name} state is now lost`);
}

/** Switches the machine on; it joins the cluster by itself, as its services are enabled. */
export function boot(world: World, node: DemoNode): void {
  world.clock.after(bootMs, () => {
    if (node.power === 'on') return;
    node.power = 'on';
    node.bootedAt = world.clock.now();
    node.bootId = uuidOf(world.seed, 'boot', node.name, node.bootedAt);
    node.load = null;
    node.libvirt = 'running';
    if (node.role === 'none') return;
    // At the latest now its loss is noticed, and what ran on it is gone: it is fenced for that.
    if (node.membership === 'online' || node.membership === 'pending') node.membership = 'unclean';
    startServices(world, node);
  });
}

/** Starts the cluster services; a control joins at once, a worker as soon as its connection is opened. */
export function startServices(world: World, node: DemoNode): void {
  node.services = 'running';
  if (node.role === 'control' && node.network !== 'cut') join(world, node);
  world.changed(`(crm_update_peer) info: Node ${node.name} is up`);
}

/**
 * A member comes (back): a control is pending at first, while the cluster looks what runs there, a worker never (captures
 * `timelines/kill-fence-return`, `kill-fence-return-worker`). One that is unclean waits for its fencing, but where nobody could order one,
 * without a quorum or a coordinator: it is a member again then, of which the cluster knows nothing (`no-quorum-return`).
 */
export function join(world: World, node: DemoNode): void {
  if (node.membership === 'unclean') {
    if (world.dc() !== undefined && world.cib.hasQuorum) return;
    forgetResources(world, node);
  }
  node.probedAt = world.clock.now();
  if (node.role === 'worker') {
    node.membership = 'online';
    return world.changed(`(crm_update_peer) info: Node ${node.name} is a member`);
  }
  node.membership = 'pending';
  world.changed(`(crm_update_peer) info: Node ${node.name} joins`);
  world.clock.after(joiningMs, () => {
    if (node.membership !== 'pending') return;
    node.membership = 'online';
    world.changed(`(crm_update_peer) info: Node ${node.name} is a member`);
  });
}

/** Ends the cluster services in order; nothing is fenced for it. What still runs is left running. */
export function stopServices(world: World, node: DemoNode): void {
  node.services = 'stopped';
  if (node.membership !== 'unclean') node.membership = 'offline';
  forgetResources(world, node);
  world.changed(`(crm_update_peer) info: Node ${node.name} has left`);
}

/** Fences a node; resolves with whether the device could. A node that is off stays off with `off`, and boots with `reboot`. */
export function fence(world: World, node: DemoNode, action: 'reboot' | 'off', client: string): Promise<boolean> {
  const origin = world.dc()?.name ?? '';
  const entry: FenceEntry = { action, target: node.name, client, origin, status: 'pending', completedAt: null };
  world.fencing.unshift(entry);
  world.changed(`(stonith) notice: Client ${client} wants to fence (${action}) ${node.name}`);
  return new Promise((resolve) => {
    world.clock.after(fencingMs, () => {
      entry.status = node.canBeFenced ? 'success' : 'failed';
      entry.completedAt = world.clock.now();
      if (node.canBeFenced) settle(world, node, action);
      world.changed(`(stonith) notice: Operation '${action}' targeting ${node.name} by ${origin}: ${entry.status}`);
      resolve(node.canBeFenced);
    });
  });
}

/** What is true of a node that is surely off: nothing runs there, and the cluster may start it elsewhere. */
export function settle(world: World, node: DemoNode, action: 'reboot' | 'off'): void {
  node.membership = 'offline';
  node.probedAt = null;
  powerOff(world, node);
  forgetResources(world, node);
  if (action === 'reboot') boot(world, node);
}

/** The cluster takes what it had on the node for stopped. */
function forgetResources(world: World, node: DemoNode): void {
  const connection = world.services.get(node.name);
  if (connection?.kind === 'connection') {
    connection.role = 'Stopped';
    connection.nodes = [];
  }
  for (const resource of [...world.vms.values(), ...world.services.values()]) {
    if (!resource.nodes.includes(node.name)) continue;
    resource.nodes = resource.nodes.filter((name) => name !== node.name);
    resource.role = resource.nodes.length === 0 ? 'Stopped' : 'Started';
  }
}
