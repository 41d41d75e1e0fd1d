import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { ClusterConfiguration, Simulation } from '#shared/model/configuration.ts';

/**
 * Where each VM runs that the scheduler would move, restart or stop: bound there it stays. One that is down may start, for that is what it
 * waits for; what runs in two places, or nobody manages, or moves as a part of a group or a clone, is not for a pin.
 * @returns the node by the VM's resource.
 */
export function pinsAgainst(
  simulated: Simulation,
  { resources }: Pick<ClusterAnswer, 'resources'>,
  { vms }: Pick<ClusterConfiguration, 'vms'>,
): Readonly<Record<string, string>> {
  if (simulated.kind === 'unknown') return {};
  const touched = new Set(simulated.actions.map(({ resource }) => resource));
  const ids = new Set(vms.filter((vm) => !vm.isInGroup && !vm.isInClone).map(({ resource }) => resource));
  const pins = resources.flatMap(({ id, nodes, isManaged, role }) => {
    const [node] = nodes;
    const isHeldBy = ids.has(id) && touched.has(id) && isManaged && role === 'Started' && nodes.length === 1;
    return isHeldBy && node !== undefined ? [[id, node] as const] : [];
  });
  return Object.fromEntries(pins);
}
