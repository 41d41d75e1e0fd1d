import { isSilent, type DemoNode } from './node.ts';
import { schedule, type Schedule, type ScheduledNode, type ScheduledResource } from './schedule.ts';
import type { Settings } from './settings.ts';
import type { World } from './world.ts';

/** What the cluster would do now. `busy`: resources something is done with already; `settings`: if the configuration said this. */
export function planOf(
  world: World,
  busy: ReadonlyMap<string, string | null>,
  settings: Settings = world.settings(),
): Schedule {
  const nodes: ScheduledNode[] = world.members().map((node) => ({
    name: node.name,
    role: node.role === 'control' ? 'control' : 'worker',
    canRun: node.membership === 'online' && settings.nodes.get(node.name)?.isStandby !== true,
    isUnclean: node.membership === 'unclean',
    answers: !isSilent(node) && node.services === 'running',
    isInReach: isInReach(world, node),
  }));
  const resource = (id: string, kind: ScheduledResource['kind'], at: readonly string[]): ScheduledResource => ({
    id,
    kind,
    node: at.at(-1) ?? null,
    isBusy: busy.has(id),
    arrivesAt: busy.get(id) ?? undefined,
  });
  const resources = [
    ...[...world.services.values()].map(({ id, kind, nodes: at }) => resource(id, kind, at)),
    ...[...world.vms.values()].map(({ id, nodes: at }) => resource(id, 'vm', at)),
  ];
  return schedule(resources, nodes, settings, world.clock.now(), world.quorum().isQuorate);
}

/** A member; of the workers those whose connection a member holds. */
function isInReach({ nodes, services }: World, node: DemoNode): boolean {
  if (node.membership !== 'online' || node.role === 'control') return node.membership === 'online';
  const holder = services.get(node.name)?.nodes.at(-1) ?? '';
  return nodes.get(holder)?.membership === 'online';
}
