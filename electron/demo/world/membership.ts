import { fence, stopServices } from './node-life.ts';
import { isSilent, type DemoNode, type DemoUnit } from './node.ts';
import type { World } from './world.ts';

const removalMs = 5_000;

/** `pcs cluster node remove` and `remove-remote` as a unit: what it prints, and what it does to the cluster. */
export function runRemoval(world: World, unit: DemoUnit, words: readonly string[]): void {
  const [verb, name = ''] = words;
  const node = world.nodes.get(name);
  const end = (status: number, ...lines: readonly string[]): void => {
    unit.journal.push(...lines);
    unit.exitStatus = status;
    unit.state = status === 0 ? 'exited' : 'failed';
    unit.result = status === 0 ? 'success' : 'exit-code';
  };
  world.clock.after(removalMs, () => {
    if (node === undefined || node.role === 'none')
      return end(1, `Error: Node '${name}' does not appear to exist in configuration`, unable);
    return verb === 'remove-remote' ? removeWorker(node) : removeControl(node);
  });

  function removeControl(control: DemoNode): void {
    if (world.controls().length === 1)
      return end(
        1,
        "Error: No nodes would be left in the cluster, if you intend to destroy the whole cluster, run 'pcs cluster destroy --all' instead",
        unable,
      );
    if (isSilent(control) && !(words.includes('--skip-offline') && words.includes('--force'))) {
      const skip = words.includes('--skip-offline')
        ? []
        : [
            `Error: Unable to connect to ${name} (Connection timed out after 3000 milliseconds), use --skip-offline to override`,
          ];
      return end(
        1,
        ...skip,
        'Error: Unable to determine whether this action will cause a loss of the quorum, use --force to override',
        unable,
      );
    }
    leave(control);
    return end(
      0,
      `Destroying cluster on hosts: '${name}'...`,
      `${name}: Successfully destroyed cluster`,
      'Sending updated corosync.conf to nodes...',
      'Corosync configuration reloaded',
    );
  }

  function removeWorker(worker: DemoNode): void {
    if (world.services.get(name)?.role === 'Started') {
      // It ends the service under its open connection, as the real one does.
      void fence(world, worker, 'reboot', 'pacemaker-controld.1742');
      return end(
        1,
        `Attempting to stop: ${name}... Error: Unable to stop: ${name} before deleting (re-run with --force to force deletion)`,
        unable,
      );
    }
    leave(worker);
    return end(
      0,
      `Requesting 'pacemaker_remote disable', 'pacemaker_remote stop' on '${name}'`,
      `${name}: successful run of 'pacemaker_remote stop'`,
      `Deleting Resource - ${name}`,
    );
  }

  function leave(member: DemoNode): void {
    stopServices(world, member);
    member.role = 'none';
    world.services.delete(member.name);
    world.cib.delete(`/cib/configuration/nodes/node[@id="${member.id}"]`);
    world.cib.delete(`/cib/configuration/resources/primitive[@id="${member.name}"]`);
  }
}

const unable = 'Error: Errors have occurred, therefore pcs is unable to continue';
