import type { RecordedVm } from '#shared/model/cluster.ts';
import type { PlannedVm } from '#shared/model/maintenance.ts';
import type { ActivationFacts } from '../lifecycle/preflight/facts.ts';

/** Every VM that the maintenance moved away, because each may have a pin; only what can and shall come home is moved. */
export function recordedVms(
  { answer, node }: Pick<ActivationFacts, 'answer' | 'node'>,
  home: readonly PlannedVm[],
  bringsVmsHome: boolean,
): readonly RecordedVm[] {
  const known = new Set(answer.vms.map(({ resource }) => resource));
  const comes = new Set(
    bringsVmsHome ? home.filter(({ effect }) => effect === 'live-migrate').map(({ resource }) => resource) : [],
  );
  const moved = (answer.records.nodes[node]?.maintenance?.movedVms ?? []).filter((resource) => known.has(resource));
  return [...new Set([...comes, ...moved])].map((resource) =>
    comes.has(resource)
      ? { resource, target: node, effect: 'live-migrate', isDone: false }
      : { resource, target: null, effect: 'cannot-move', isDone: false },
  );
}
