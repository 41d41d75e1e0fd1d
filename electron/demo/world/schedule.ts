import { infinity, type Settings } from './settings.ts';

/** A resource where it is now, as the scheduler sees it. */
export interface ScheduledResource {
  readonly id: string;
  readonly kind: 'vm' | 'connection' | 'fencing';
  /** Where it is; `null`: nowhere. */
  readonly node: string | null;
  /** Something is done with it already: it stays as it is until that is over. */
  readonly isBusy: boolean;
  /** Where it may have memory reserved beside its own node: the target of a move under way. */
  readonly arrivesAt?: string | undefined;
}

export interface ScheduledNode {
  readonly name: string;
  readonly role: 'control' | 'worker';
  /** Online, and neither pending nor in standby. */
  readonly canRun: boolean;
  readonly isUnclean: boolean;
  /** It would answer a connection. */
  readonly answers: boolean;
  /** The partition that decides can have something done there. */
  readonly isInReach: boolean;
}

/** What the cluster is going to do. */
export interface ScheduledAction {
  readonly action: 'migrate' | 'move' | 'start' | 'stop';
  readonly resource: string;
  readonly source: string | null;
  readonly target: string | null;
}

export interface Schedule {
  readonly actions: readonly ScheduledAction[];
  /** Nodes that are going to be fenced. */
  readonly fenced: readonly string[];
}

/**
 * What the cluster does next: a small part of Pacemaker's scheduler with `placement-strategy=utilization`, of which the captures of
 * `crm_simulate` are the measure. A resource stays where it is while it may, and while no constraint wants it elsewhere; what has to go is
 * placed by score, then by free memory. What waits for a fencing is left alone. Without a quorum nobody is fenced and nothing is started:
 * what is within reach is stopped, the VMs first (`no-quorum-policy=stop`, the default; captures `timelines/no-quorum`, `no-quorum-return`).
 */
export function schedule(
  resources: readonly ScheduledResource[],
  nodes: readonly ScheduledNode[],
  settings: Settings,
  now: number,
  hasQuorum = true,
): Schedule {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const free = new Map(nodes.map(({ name }) => [name, settings.nodes.get(name)?.capacityMib ?? 0]));
  const reserve = (node: string | null | undefined, id: string): void => {
    if (node !== null && node !== undefined)
      free.set(node, (free.get(node) ?? 0) - (settings.vms.get(id)?.memoryMib ?? 0));
  };
  const isInReach = (node: string | null): boolean => node !== null && byName.get(node)?.isInReach === true;
  const isAnyVmLeft = !hasQuorum && resources.some(({ kind, node }) => kind === 'vm' && isInReach(node));
  const movable: ScheduledResource[] = [];
  for (const resource of resources) {
    if (staysPut(resource)) {
      reserve(resource.node, resource.id);
      reserve(resource.arrivesAt, resource.id);
    } else movable.push(resource);
  }
  const actions = movable.flatMap((resource) => {
    const action = actionFor(resource);
    reserve(action?.target ?? null, resource.id);
    return action === undefined ? [] : [action];
  });
  return { actions, fenced: hasQuorum ? nodes.filter(({ isUnclean }) => isUnclean).map(({ name }) => name) : [] };

  function staysPut({ id, kind, node, isBusy }: ScheduledResource): boolean {
    const vm = settings.vms.get(id);
    if (isBusy || (vm !== undefined && (!vm.isManaged || vm.unmanagedUntil > now))) return true;
    if (node !== null && byName.get(node)?.isUnclean === true) return true;
    if (!hasQuorum) return !isInReach(node) || (kind !== 'vm' && isAnyVmLeft);
    if (isToBeStopped(id, kind)) return node === null;
    if (node === null || !mayRun(id, kind, node)) return false;
    const score = settings.score(id, node);
    return settings.preferred(id).every((other) => settings.score(id, other) <= score || !mayRun(id, kind, other));
  }

  function isToBeStopped(id: string, kind: ScheduledResource['kind']): boolean {
    if (!hasQuorum) return true;
    if (kind === 'vm') return settings.vms.get(id)?.isStopped === true;
    return kind === 'connection' && settings.connections.get(id)?.isStopped === true;
  }

  function mayRun(id: string, kind: ScheduledResource['kind'], name: string): boolean {
    const node = byName.get(name);
    if (node?.canRun !== true || (kind !== 'vm' && node.role !== 'control')) return false;
    return settings.score(id, name) > -infinity;
  }

  function actionFor({ id, kind, node }: ScheduledResource): ScheduledAction | undefined {
    const target = isToBeStopped(id, kind) ? null : placeFor(id, kind, node);
    if (target === node) return undefined;
    if (target === null) return { action: 'stop', resource: id, source: node, target };
    if (node === null) {
      const isDeaf = kind === 'connection' && byName.get(id)?.answers !== true;
      return isDeaf ? undefined : { action: 'start', resource: id, source: null, target };
    }
    const canMigrate = kind === 'connection' || settings.vms.get(id)?.allowMigrate === true;
    return { action: canMigrate ? 'migrate' : 'move', resource: id, source: node, target };
  }

  function placeFor(id: string, kind: ScheduledResource['kind'], current: string | null): string | null {
    const memoryMib = settings.vms.get(id)?.memoryMib ?? 0;
    let best: { readonly name: string; readonly score: number; readonly room: number } | undefined;
    for (const { name } of nodes) {
      const room = (free.get(name) ?? 0) - memoryMib;
      if (!mayRun(id, kind, name) || (kind === 'vm' && room < 0)) continue;
      // Pacemaker's default stickiness of a resource is 1 with pcs.
      const score = settings.score(id, name) + (name === current ? 1 : 0);
      if (best === undefined || score > best.score || (score === best.score && room > best.room))
        best = { name, score, room };
    }
    return best?.name ?? null;
  }
}
