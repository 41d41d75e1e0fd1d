import { parseConfiguration } from '../../../../../electron/core/cluster/pacemaker/read/configuration.ts';
import { draftPlan } from '../../../../../electron/core/lifecycle/preflight/draft-plan.ts';
import type {
  ActivationFacts,
  PlanFacts,
  PreflightFacts,
  PreflightNode,
  RemovalFacts,
} from '../../../../../electron/core/lifecycle/preflight/facts.ts';
import { planOf } from '../../../../../electron/core/lifecycle/preflight/plan.ts';
import { preflight } from '../../../../../electron/core/lifecycle/preflight/preflight.ts';
import { emptyNodeRecord, type ClusterAnswer, type OperationRecord } from '../../../../../shared/model/cluster.ts';
import type {
  ClusterConfiguration,
  ClusterConstraint,
  SimulatedAction,
  VmConfiguration,
} from '../../../../../shared/model/configuration.ts';
import { nodeId } from '../../../../../shared/model/ids.ts';
import { noChoices } from '../../../../../shared/model/maintenance.ts';
import { known } from '../../../../../shared/model/reading.ts';
import { answerOf, capture } from '../../cluster/capture.ts';
import { emptyOperation, noon } from '../situations.ts';
import { nodesOf, statusOf } from './nodes-of.ts';

export { noon };
export { domainOf, mib, statusOf } from './nodes-of.ts';

/** The captured healthy region (three controls, one worker), its one VM that is just stopping apart. */
export function healthyAnswer(state = 'healthy/lab-c1'): ClusterAnswer {
  const answer = { ...answerOf(state, noon), readAt: noon };
  return {
    ...answer,
    resources: answer.resources.map((resource) => {
      if (resource.id !== 'gpu1') return resource;
      const { pending: _pending, ...rest } = resource;
      return { ...rest, role: 'Stopped', nodes: [] };
    }),
  };
}

export function configurationOf(state = 'healthy/lab-c1'): ClusterConfiguration {
  const configuration = parseConfiguration(capture(`${state}/cib.xml`), noon);
  if (configuration === undefined) throw new Error(`${state} has no CIB`);
  return configuration;
}

/** What can be changed of the facts before the plan's own questions are answered. */
export interface Changes {
  readonly answer?: (answer: ClusterAnswer) => ClusterAnswer;
  readonly configuration?: (configuration: ClusterConfiguration) => ClusterConfiguration;
  readonly nodes?: (nodes: readonly PreflightNode[]) => readonly PreflightNode[];
  readonly plan?: Partial<PlanFacts>;
  /** Changes to the answers to the plan's questions. */
  readonly facts?: (facts: PreflightFacts) => Partial<PreflightFacts>;
  readonly state?: string;
}

/** The facts of `node`, well in every respect but what is changed; the scheduler does exactly as planned. */
export function factsOf(changes: Changes = {}, node = 'lab-c2'): PreflightFacts {
  const same = <T>(value: T): T => value;
  const state = changes.state ?? 'healthy/lab-c1';
  const answer = (changes.answer ?? same)(healthyAnswer(state));
  const configuration = (changes.configuration ?? same)(configurationOf(state));
  const plan: PlanFacts = {
    now: noon,
    clusterAheadMs: 0,
    regionName: 'Frankfurt 2',
    nodeId: nodeId(`member:${node}`),
    node,
    machineId: '8d1f04c2e7aa',
    answer,
    configuration,
    nodes: (changes.nodes ?? same)(nodesOf(answer, configuration, noon)),
    identity: { kind: 'itself' },
    lock: { kind: 'free' },
    ownOperation: null,
    brake: null,
    choices: noChoices,
    incoming: known([], noon, 5000),
    ...changes.plan,
  };
  const draft = draftPlan(plan);
  const actions = Object.entries(draft.pins).map(([resource, target]): SimulatedAction => {
    const isLive = planOf(plan).vms.find((vm) => vm.resource === resource)?.effect === 'live-migrate';
    return { action: isLive ? 'migrate' : 'move', resource, source: node, target, reason: '' };
  });
  const facts: PreflightFacts = {
    ...plan,
    fencing: [{ device: 'power', monitor: 'ok', lists: 'yes' }],
    targetsReachable: Object.fromEntries(draft.targets.map((target) => [target, 'yes'])),
    simulated: {
      pinned: draft.pins,
      pins: { kind: 'simulated', actions, fenced: [] },
      standby: { kind: 'simulated', actions, fenced: [] },
    },
  };
  return { ...facts, ...changes.facts?.(facts) };
}

export function activationOf(
  changes: Changes = {},
  node = 'lab-c2',
  more: Partial<ActivationFacts> = {},
): ActivationFacts {
  return {
    ...factsOf(changes, node),
    fenceLoopAcknowledgedUntil: null,
    unstandby: { kind: 'simulated', actions: [], fenced: [] },
    pinned: {},
    ...more,
  };
}

/** lab-c1 runs nothing in the capture: here it is In maintenance, and these VMs came from it. */
export const maintained = (movedVms: readonly string[] = []): Changes => ({
  nodes: onNode('lab-c1', (node) => ({ ...node, status: statusOf('in-maintenance') })),
  answer: (answer) => ({
    ...answer,
    nodes: answer.nodes.map((node) => (node.name === 'lab-c1' ? { ...node, isStandby: true } : node)),
    members: answer.members.map((one) => (one.name === 'lab-c1' ? { ...one, standby: 'forever' } : one)),
    records: {
      ...answer.records,
      nodes: {
        'lab-c1': {
          ...emptyNodeRecord,
          maintenance: { by: 'anna', reason: 'DIMM', at: noon, isStopped: false, movedVms },
        },
      },
    },
  }),
});

export function removalOf(changes: Changes = {}, node = 'lab-c2'): RemovalFacts {
  return { ...factsOf(changes, node), address: '10.213.0.12' };
}

/** Codes of the checks that hold it up, sorted. */
export function heldBy(facts: PreflightFacts): readonly string[] {
  return preflight(facts)
    .checks.filter(({ state }) => state === 'blocker' || state === 'unknown')
    .map(({ code }) => code)
    .toSorted();
}

export function checkIn(facts: PreflightFacts, code: string) {
  const check = preflight(facts).checks.find((one) => one.code === code);
  if (check === undefined) throw new Error(`no check ${code}`);
  return check;
}

/** Changes one node of the list. */
export function onNode(name: string, change: (node: PreflightNode) => PreflightNode): NonNullable<Changes['nodes']> {
  return (nodes) => nodes.map((node) => (node.name === name ? change(node) : node));
}

export function onHost(name: string, host: Partial<PreflightNode['host']>): NonNullable<Changes['nodes']> {
  return onNode(name, (node) => ({ ...node, host: { ...node.host, ...host } }));
}

export function onVm(resource: string, change: Partial<VmConfiguration>): NonNullable<Changes['configuration']> {
  return (configuration) => ({
    ...configuration,
    vms: configuration.vms.map((vm) => (vm.resource === resource ? { ...vm, ...change } : vm)),
  });
}

export function withConstraint(...constraints: readonly ClusterConstraint[]): NonNullable<Changes['configuration']> {
  return (configuration) => ({ ...configuration, constraints: [...configuration.constraints, ...constraints] });
}

export function never(resource: string, node: string): ClusterConstraint {
  const id = `ban-${resource}-${node}`;
  const xml = `<rsc_location id="${id}" rsc="${resource}" node="${node}" score="-INFINITY"/>`;
  return { id, kind: 'location', resources: [resource], pattern: null, nodes: [node], score: -1_000_000, xml };
}

export function colocation(one: string, other: string, score: '-INFINITY' | 'INFINITY' | '-50'): ClusterConstraint {
  const id = `together-${one}-${other}`;
  const value = score === '-50' ? -50 : score === 'INFINITY' ? 1_000_000 : -1_000_000;
  const xml = `<rsc_colocation id="${id}" rsc="${one}" with-rsc="${other}" score="${score}"/>`;
  return { id, kind: 'colocation', resources: [one, other], pattern: null, nodes: [], score: value, xml };
}

export function recorded(change: Partial<OperationRecord> & { readonly node: string }): NonNullable<Changes['answer']> {
  const base = { id: 'op1', command: 'maintenance', step: 'move', owner: 'anna on kestrel', startedAt: noon } as const;
  return (answer) => ({
    ...answer,
    records: { ...answer.records, operations: [{ ...base, ...emptyOperation, ...change }] },
  });
}
