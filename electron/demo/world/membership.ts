import { fence, stopServices } from './node-life.ts';
import { isSilent, type DemoNode, type DemoUnit } from './node.ts';
import { endUnit } from './unit-life.ts';
import type { World } from './world.ts';

const removalMs = 5_000;
/** How long it tries to connect to pcsd of a node that is silent. */
const noRouteMs = 2_954;

/** `pcs cluster node remove` and `remove-remote` as a unit: what it prints, and what it does to the cluster. */
export function runRemoval(world: World, unit: DemoUnit, words: readonly string[]): void {
  const [verb, name = ''] = words;
  const isSkipped = words.includes('--skip-offline');
  const end = (status: number, ...lines: readonly string[]): void => {
    unit.journal.push(...lines);
    endUnit(unit, status);
  };
  world.clock.after(removalMs, () => (verb === 'remove-remote' ? removeWorker() : removeControl()));

  function removeControl(): void {
    const control = world.nodes.get(name);
    if (control?.role !== 'control')
      return end(1, `Error: Node '${name}' does not appear to exist in configuration`, unable);
    const others = world.controls().filter((other) => other !== control);
    if (others.length === 0)
      return end(
        1,
        "Error: No nodes would be left in the cluster, if you intend to destroy the whole cluster, run 'pcs cluster destroy --all' instead",
        unable,
      );
    const silent = `Unable to connect to ${name} (Failed to connect to ${control.address} port 2224 after ${noRouteMs} ms: Couldn't connect to server)`;
    const notChecked = 'Unable to determine whether this action will cause a loss of the quorum';
    if (isSilent(control) && !(isSkipped && words.includes('--force')))
      return end(
        1,
        isSkipped ? `Warning: Omitting node '${name}'` : `Error: ${silent}, use --skip-offline to override`,
        `Warning: ${silent}`,
        `Error: ${notChecked}, use --force to override`,
        unable,
      );
    const before = [`Warning: Omitting node '${name}'`, `Warning: ${silent}`, `Warning: ${notChecked}`];
    const left = `Warning: Removed node '${name}' could not be reached and subsequently deconfigured. Run 'pcs cluster destroy' on the unreachable node.`;
    const destroyed = isSilent(control) ? [`Warning: ${silent}`, left] : [`${name}: Successfully destroyed cluster`];
    leave(control);
    return end(
      0,
      ...(isSilent(control) ? before : []),
      `Destroying cluster on hosts: '${name}'...`,
      ...destroyed,
      'Sending updated corosync.conf to nodes...',
      ...others.filter((other) => !isSilent(other)).map((other) => `${other.name}: Succeeded`),
      `${others[0]?.name ?? ''}: Corosync configuration reloaded`,
    );
  }

  function removeWorker(): void {
    const worker = world.nodes.get(name);
    if (worker?.role !== 'worker')
      return end(1, `Error: remote node '${name}' does not appear to exist in configuration`);
    const asked = `Requesting 'pacemaker_remote disable', 'pacemaker_remote stop' on '${name}'`;
    if (world.services.get(name)?.role === 'Started') {
      // It ends the service under its open connection, as the real one does, and the node is fenced before it has answered.
      void fence(world, worker, 'reboot', 'pacemaker-controld.1742');
      return end(
        1,
        asked,
        `Error: ${name}: Connection timeout, check if pcsd is running there or try setting higher timeout with --request-timeout option (Operation timed out after 60058 milliseconds with 0 bytes received), use --skip-offline to override`,
        unable,
      );
    }
    const silent = `Unable to connect to ${name} (Failed to connect to ${worker.address} port 2224 after ${noRouteMs} ms: Couldn't connect to server)`;
    if (isSilent(worker) && !isSkipped)
      return end(1, asked, `Error: ${silent}, use --skip-offline to override`, unable);
    leave(worker);
    const keyed = `Requesting remove 'pacemaker authkey' from '${name}'`;
    const deleted = `Deleting Resource - ${name}`;
    if (isSilent(worker)) return end(0, asked, `Warning: ${silent}`, keyed, `Warning: ${silent}`, deleted);
    return end(
      0,
      asked,
      `${name}: successful run of 'pacemaker_remote disable'`,
      `${name}: successful run of 'pacemaker_remote stop'`,
      keyed,
      `${name}: successful removal of the file 'pacemaker authkey'`,
      deleted,
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
