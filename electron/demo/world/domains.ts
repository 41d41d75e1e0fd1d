import { startMigration, type MigrationEnd, type MigrationJob } from './migration.ts';
import { isSilent, type DemoNode, type DemoVm } from './node.ts';
import type { World } from './world.ts';

const monitorMs = 250;

/** Starts a VM's process on a node. */
export function bootDomain(node: DemoNode, { id }: DemoVm): void {
  node.domains.set(id, { vm: id, state: 'running', reason: 'booted', job: null });
}

/** Ends a VM's process on a node, and with it the migration it is in. */
export function endDomain(world: World, node: DemoNode, vm: string, because: string): void {
  const job = jobOf(world, vm);
  node.domains.delete(vm);
  job?.fail(because);
}

/** Migrations from or to a machine that hangs, or that no byte reaches, stand still, and go on with it. */
export function stallJobs(world: World): void {
  for (const { domains } of world.nodes.values())
    for (const { job } of domains.values()) {
      const ends = job === null ? [] : [world.nodes.get(job.source), world.nodes.get(job.target)];
      job?.setStalled(ends.some((end) => end === undefined || isSilent(end)));
    }
}

/** The cluster begins to watch a VM that it has started, taken over or been given back, which is seen for a moment. */
export function beginMonitor(world: World, vm: DemoVm, onBegun: () => void = () => undefined): void {
  vm.pending = 'Monitoring';
  world.changed(`(log_op_output) notice: Requesting local execution of monitor for ${vm.id}`);
  world.clock.after(monitorMs, () => {
    vm.pending = null;
    world.changed(`(log_op_output) notice: Result of monitor for ${vm.id}: ok`);
    onBegun();
  });
}

/** The migration that a VM is in. */
export function jobOf(world: World, vm: string): MigrationJob | undefined {
  for (const node of world.nodes.values()) {
    const job = node.domains.get(vm)?.job;
    if (job !== null && job !== undefined) return job;
  }
  return undefined;
}

/**
 * Migrates a VM's process live, whoever asks for it. Both halves are to be seen meanwhile: the one that runs, and the one that is paused
 * until it has arrived. Answers why it does not begin, or what can end it.
 */
export function migrateDomain(
  world: World,
  vm: DemoVm,
  source: DemoNode,
  target: DemoNode,
  mibPerSecond: number | null,
  onEnd: (end: MigrationEnd) => void,
): MigrationJob | string {
  const running = source.domains.get(vm.id);
  if (running === undefined) return `error: failed to get domain '${vm.id}'`;
  if (running.job !== null) return 'error: Timed out during operation: cannot acquire state change lock';
  if (vm.gpuSlot !== null)
    return 'error: cannot migrate domain: 0000:41:00.0: VFIO migration is not supported in kernel';
  if (target.power === 'on' && target.network !== 'cut' && target.libvirt !== 'running')
    return "error: End of file while reading data: virt-ssh-helper: cannot connect to '/var/run/libvirt/libvirt-sock': Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory: Input/output error";
  if (target.power !== 'on' || target.network === 'cut')
    return 'error: failed to connect to the hypervisor\nerror: Cannot recv data: ssh: connect to host: No route to host';
  target.domains.set(vm.id, { vm: vm.id, state: 'paused', reason: 'migrating', job: null });
  const move = {
    vm: vm.id,
    source: source.name,
    target: target.name,
    memoryMib: vm.memoryMib,
    dirtyMibPerSecond: vm.dirtyMibPerSecond,
    mibPerSecond,
  };
  const job = startMigration(world.clock, move, (end) => {
    running.job = null;
    if (end.kind === 'moved') {
      source.domains.delete(vm.id);
      target.domains.set(vm.id, { vm: vm.id, state: 'running', reason: 'migrated', job: null });
    } else target.domains.delete(vm.id);
    onEnd(end);
  });
  running.job = job;
  if (vm.failsToMigrate) {
    vm.failsToMigrate = false;
    world.clock.after(2_500, () => job.fail('operation failed: job: unexpectedly failed'));
  }
  return job;
}
