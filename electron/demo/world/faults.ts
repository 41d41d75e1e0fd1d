import { leaseValue } from '../../core/cluster/writes/leases.ts';
import type { WorldFault } from '../messages.ts';
import { digitsOf } from '../random.ts';
import { boot, join, lose, powerOff } from './node-life.ts';
import { jobOf, stallJobs } from './domains.ts';
import { isSilent, type DemoNode } from './node.ts';
import { quoted } from './xml-tree.ts';
import type { World } from './world.ts';

/** Ends the connections of a machine that lost its power. */
type Cut = (node: DemoNode) => void;

/** Makes something go wrong in the region. Answers why it did not, or `null`. */
export function makeFault(world: World, fault: WorldFault, cut: Cut): string | null {
  switch (fault.kind) {
    case 'heal':
      heal(world);
      return null;
    case 'quorum-lost':
      return loseQuorum(world, cut);
    case 'migration-fails':
      return failMigration(world, fault.vm);
    case 'second-operator-takes-lease':
      return takeLease(world, fault.node);
    case 'node-dies':
    case 'node-freezes':
    case 'network-slow':
    case 'network-cut':
    case 'fencing-fails':
    case 'disk-fails': {
      const node = world.nodes.get(fault.node);
      if (node === undefined) return `there is no node ${fault.node}`;
      return failNode(world, node, fault.kind, cut);
    }
  }
}

function failNode(
  world: World,
  node: DemoNode,
  kind: Exclude<WorldFault['kind'], 'heal' | 'quorum-lost' | 'migration-fails' | 'second-operator-takes-lease'>,
  cut: Cut,
): string | null {
  switch (kind) {
    case 'node-dies':
      if (node.power === 'off') return `${node.name} is off already`;
      world.broken.add(node.name);
      powerOff(world, node);
      cut(node);
      return null;
    case 'node-freezes':
      if (node.power !== 'on') return `${node.name} does not run`;
      world.broken.add(node.name);
      node.power = 'frozen';
      stallJobs(world);
      lose(world, node);
      return null;
    case 'network-slow':
      // A slow one would pass bytes again.
      if (node.network === 'cut') return `the network of ${node.name} is cut`;
      node.network = 'slow';
      return null;
    case 'network-cut':
      node.network = 'cut';
      stallJobs(world);
      lose(world, node);
      return null;
    case 'fencing-fails':
      node.canBeFenced = false;
      return null;
    case 'disk-fails': {
      const disk = node.hardware.disks.find(({ name, isOfPool }) => isOfPool && !node.failedDisks.has(name));
      if (disk === undefined) return `${node.name} has no disk left in its pool that could fail`;
      node.failedDisks.add(disk.name);
      return null;
    }
  }
}

/** So many controls die at once that the rest is no majority. */
function loseQuorum(world: World, cut: Cut): string | null {
  const alive = world.controls().filter((control) => !isSilent(control));
  const { needed, isQuorate } = world.quorum();
  if (!isQuorate) return 'there is no quorum already';
  if (needed < 2) return 'one control is a quorum by itself: kill it instead';
  for (const control of alive.slice(needed - 1)) {
    world.broken.add(control.name);
    powerOff(world, control);
    cut(control);
  }
  return null;
}

function failMigration(world: World, name: string): string | null {
  const vm = world.vms.get(name);
  if (vm === undefined) return `there is no VM ${name}`;
  const job = jobOf(world, name);
  if (job === undefined) vm.failsToMigrate = true;
  else job.fail('operation failed: job: unexpectedly failed');
  return null;
}

/** Another laptop puts its own value in the place of a node's lease. */
function takeLease(world: World, node: string): string | null {
  if (world.nodes.get(node)?.role === 'none' || !world.nodes.has(node)) return `${node} is no member`;
  const name = `rackside-lease-${node}`;
  const token = digitsOf(world.seed, 'second operator', node, world.cib.epoch).slice(0, 16);
  const value = leaseValue(token, 1, {
    owner: 'yuki on laptop-17',
    purpose: `maintenance of ${node}`,
    since: world.clock.now(),
    termMs: 60_000,
  });
  const pair = `<nvpair id="${name}-v" name="${name}" value="${quoted(value)}"/>`;
  const set = `<cluster_property_set id="${name}">${pair}</cluster_property_set>`;
  const { status } = world.cib.modify(
    `/cib[@have-quorum='1']/configuration`,
    `<configuration><crm_config>${set}</crm_config></configuration>`,
  );
  if (status !== 0) return 'without a quorum nobody takes a lease';
  world.takenLeases.set(name, value);
  return null;
}

/** The second operator is done; a lease that somebody has taken over since is theirs. */
function giveLeasesBack({ cib, takenLeases }: World): void {
  for (const [name, value] of takenLeases)
    cib.delete(`/cib/configuration/crm_config/cluster_property_set[@id='${name}' and nvpair[@value='${value}']]`);
  takenLeases.clear();
}

/** Everything that went wrong is mended. What the region had at its start stays: who was off then, and disks that had failed. */
function heal(world: World): void {
  for (const node of world.nodes.values()) {
    const wasCut = node.network === 'cut';
    node.network = 'good';
    node.canBeFenced = true;
    node.failedDisks.clear();
    for (const disk of node.laid.failedDisks) node.failedDisks.add(disk);
    if (node.role === 'none') continue;
    if (node.power === 'frozen') powerOff(world, node);
    // Who was powered off in maintenance, and by no fault, stays off.
    const isWanted = !world.isStandby(node) || world.broken.has(node.name);
    if (node.power === 'off' && node.laid.power === 'on' && isWanted) boot(world, node);
    else if (wasCut && node.role === 'control' && node.membership !== 'online') join(world, node);
  }
  world.broken.clear();
  for (const vm of world.vms.values()) vm.failsToMigrate = false;
  giveLeasesBack(world);
  stallJobs(world);
  world.changed('(crm_update_peer) info: everything is mended');
}
