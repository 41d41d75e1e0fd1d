import type { ClusterAnswer, ClusterResource } from '#shared/model/cluster.ts';
import type { ClusterConfiguration, VmConfiguration } from '#shared/model/configuration.ts';

const mib = 1_048_576;

/** A VM as the cluster runs it and has it configured. */
export interface IndexedVm {
  readonly resource: string;
  readonly domain: string;
  /** Where it is; on its way, both. Empty where it is stopped. */
  readonly nodes: readonly string[];
  /** Its instances as crm_mon has them: one, but in a clone. */
  readonly instances: readonly ClusterResource[];
  /** `null`: the configuration does not have it. */
  readonly configuration: VmConfiguration | null;
  readonly memoryBytes: number | null;
}

const vmAgent = /:VirtualDomain$/u;

const indexes = new WeakMap<ClusterAnswer, WeakMap<ClusterConfiguration, ReadonlyMap<string, IndexedVm>>>();

/** Every VM that the cluster manages, by resource; made once for an answer. An instance of a clone counts as its primitive. */
export function vmIndexOf(answer: ClusterAnswer, configuration: ClusterConfiguration): ReadonlyMap<string, IndexedVm> {
  const ofAnswer = indexes.get(answer) ?? new WeakMap<ClusterConfiguration, ReadonlyMap<string, IndexedVm>>();
  indexes.set(answer, ofAnswer);
  const made = ofAnswer.get(configuration) ?? makeIndex(answer, configuration);
  ofAnswer.set(configuration, made);
  return made;
}

function makeIndex(answer: ClusterAnswer, configuration: ClusterConfiguration): ReadonlyMap<string, IndexedVm> {
  const instances = new Map<string, ClusterResource[]>();
  for (const resource of answer.resources) {
    if (!vmAgent.test(resource.agent)) continue;
    const id = resource.id.replace(/:\d+$/u, '');
    const list = instances.get(id);
    if (list === undefined) instances.set(id, [resource]);
    else list.push(resource);
  }
  const configured = new Map(configuration.vms.map((vm) => [vm.resource, vm]));
  const clusterVms = new Map(answer.vms.map((vm) => [vm.resource, vm]));
  const index = new Map<string, IndexedVm>();
  for (const id of new Set([...instances.keys(), ...configured.keys()])) {
    const own = instances.get(id) ?? [];
    const vm = configured.get(id);
    const memoryMib = vm?.memoryMib ?? clusterVms.get(id)?.memoryMib ?? null;
    index.set(id, {
      resource: id,
      domain: vm?.domain ?? clusterVms.get(id)?.domain ?? id,
      nodes: [...new Set(own.flatMap(({ role, nodes }) => (role === 'Stopped' ? [] : nodes)))],
      instances: own,
      configuration: vm ?? null,
      memoryBytes: memoryMib === null ? null : memoryMib * mib,
    });
  }
  return index;
}
