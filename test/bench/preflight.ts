// npm run bench -- preflight [NODES …]: what preflight, plan, force and headroom cost this laptop, at 30 VMs a node. Nothing is read over
// a network: the facts are the captured answers of the lab, with workers and VMs repeated under other names.
import { loadavg } from 'node:os';
import { parseConfiguration } from '../../electron/core/cluster/pacemaker/read/configuration.ts';
import { forceOf } from '../../electron/core/lifecycle/force.ts';
import { headroomOf } from '../../electron/core/lifecycle/headroom.ts';
import { placeVms } from '../../electron/core/lifecycle/placement.ts';
import { draftPlan } from '../../electron/core/lifecycle/preflight/draft-plan.ts';
import type { PlanFacts, PreflightFacts } from '../../electron/core/lifecycle/preflight/facts.ts';
import { planOf } from '../../electron/core/lifecycle/preflight/plan.ts';
import { preflight } from '../../electron/core/lifecycle/preflight/preflight.ts';
import { nodeId } from '../../shared/model/ids.ts';
import { noChoices } from '../../shared/model/maintenance.ts';
import { known } from '../../shared/model/reading.ts';
import { answered } from '../unit/core/cluster/capture.ts';
import { nodesOf } from '../unit/core/lifecycle/preflight/nodes-of.ts';
import { outputsOfMany } from './answer-of-many.ts';

const vmsPerNode = 30;
const runs = 30;
const targetMs = 300;
const headroomTargetMs = 20;
const gib = 1_073_741_824;

const sizes = process.argv.slice(2).map(Number);
for (const size of sizes.length > 0 ? sizes : [8, 64, 200]) measure(size);
console.log(
  `load average ${loadavg()[0]?.toFixed(1)}; target at 64 nodes: preflight ${targetMs} ms, headroom ${headroomTargetMs} ms`,
);

function measure(size: number): void {
  const outputs = outputsOfMany({ nodes: size, vmsPerNode, addressOf: (index) => `10.0.${index >> 8}.${index & 255}` });
  const now = Date.now();
  const answer = answered(outputs, now);
  const configuration = parseConfiguration(outputs.cib, now);
  if (configuration === undefined) throw new Error('The bench has no configuration.');
  // There is room for one node's VMs on all others together, and on no single one.
  const nodes = nodesOf(answer, configuration, now).map((node) => ({
    ...node,
    vmMemoryTotalBytes: known(2 * gib, now, 5000),
    vmMemoryAllocatedBytes: known(1.3 * gib, now, 5000),
  }));
  const source = answer.nodes.find(({ type }) => type === 'remote')?.name ?? 'lab-c2';
  const plan: PlanFacts = {
    now,
    clusterAheadMs: 0,
    regionName: 'bench',
    nodeId: nodeId(`member:${source}`),
    node: source,
    machineId: null,
    answer,
    configuration,
    nodes,
    identity: { kind: 'itself' },
    lock: { kind: 'free' },
    ownOperation: null,
    brake: null,
    choices: noChoices,
    incoming: known([], now, 5000),
  };
  const draft = draftPlan(plan);
  const simulated = Object.entries(draft.pins).map(([resource, target]) => ({
    action: 'migrate' as const,
    resource,
    source,
    target,
    reason: '',
  }));
  const facts: PreflightFacts = {
    ...plan,
    fencing: [{ device: 'power', monitor: 'ok', lists: 'yes' }],
    targetsReachable: Object.fromEntries(draft.targets.map((target) => [target, 'yes'])),
    simulated: {
      pinned: draft.pins,
      pins: { kind: 'simulated', actions: simulated, fenced: [] },
      standby: { kind: 'simulated', actions: simulated, fenced: [] },
    },
  };
  const judged = preflight(facts);
  console.log(
    `\n${size} nodes, ${answer.vms.length} VMs; ${judged.vms.length} leave to ${draft.targets.length} targets, ${judged.checks.filter(({ state }) => state !== 'pass').length} checks not passed`,
  );
  const full = {
    ...facts,
    nodes: nodes.map((node) => ({ ...node, vmMemoryAllocatedBytes: known(1.97 * gib, now, 5000) })),
  };
  const rowsOf = (all: typeof nodes) => all.map((node) => ({ ...node, reachability: node.host.reachability }));
  const headroom = { nodes: rowsOf(nodes), answer, configuration, passthrough: new Set<string>(), now };
  const placing = { vms: vmsOf(facts), targets: planOf(facts).targets.targets, apart: [], effort: 'thorough' } as const;
  time('draft plan and preflight', () => {
    const read = freshly(facts);
    return [draftPlan(read), preflight(read)];
  });
  time('preflight', () => preflight(freshly(facts)));
  time('preflight where memory does not suffice', () => preflight(freshly(full)));
  time('force', () => forceOf(freshly(facts)));
  time('placement alone', () => placeVms(placing));
  time('headroom', () => headroomOf(freshly(headroom)));
  const unlimited = { ...answer, records: { ...answer.records, maxOutOfService: size } };
  time('headroom where the limit is all nodes', () => headroomOf(freshly({ ...headroom, answer: unlimited })));
  time('headroom where memory does not suffice', () => headroomOf(freshly({ ...headroom, nodes: rowsOf(full.nodes) })));
}

/** The same facts as they come out of another read: what is kept by the answer's identity is not there yet. */
function freshly<T extends Pick<PlanFacts, 'answer' | 'configuration'>>(facts: T): T {
  return { ...facts, answer: { ...facts.answer }, configuration: { ...facts.configuration } };
}

function vmsOf(facts: PreflightFacts) {
  return preflight(facts).vms.map(({ resource, memoryBytes }) => ({
    resource,
    memoryBytes,
    excluded: new Map<string, string>(),
    chosen: null,
  }));
}

/** CPU time, which others on the machine hardly change, and time on the wall. The facts are new each time. */
function time(what: string, act: () => unknown): void {
  act();
  const cpu: number[] = [];
  const wall: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const [cpuBefore, before] = [process.cpuUsage(), performance.now()];
    act();
    wall.push(performance.now() - before);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu.push((user + system) / 1000);
  }
  const median = (times: readonly number[]): string =>
    (times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0).toFixed(1).padStart(7);
  console.log(`${what.padEnd(42)} CPU ${median(cpu)} ms   wall ${median(wall)} ms (medians of ${runs})`);
}
