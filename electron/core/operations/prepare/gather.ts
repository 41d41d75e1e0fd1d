import { valueOf, known, unknown, type Reading } from '#shared/model/reading.ts';
import type { Simulation } from '#shared/model/configuration.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { MaintenanceChoices } from '#shared/model/maintenance.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { problemOf } from '#shared/problems.ts';
import { activeDomainsCommand, parseActiveDomains } from '../../cluster/libvirt/read/jobs.ts';
import { parseReachableTargets, reachableTargetsCommand } from '../../cluster/libvirt/read/reachable-targets.ts';
import { readConfiguration } from '../../cluster/pacemaker/read/configuration.ts';
import type { CibEdit, SimulationRequest } from '../../cluster/pacemaker/read/simulate-command.ts';
import { simulate } from '../../cluster/pacemaker/read/simulate.ts';
import { fencingsOverAt } from '../../lifecycle/proven-off.ts';
import { aheadOf } from '../../lifecycle/preflight/ahead.ts';
import type {
  ActivationFacts,
  IdentityFact,
  LockFact,
  NodeInRegion,
  PlanFacts,
  PreflightFacts,
  PreflightNode,
  Reach,
  RemovalFacts,
} from '../../lifecycle/preflight/facts.ts';
import { clocksAheadMs } from '../../region/clocks.ts';
import { hostPart } from '../../region/gather-facts.ts';
import { needsAPerson } from '../../region/questions.ts';
import type { RegionAccess } from '../../region/region-access.ts';
import type { RegionNode } from '../../region/region-node.ts';
import { runSections } from '../../ssh/sections.ts';
import { controlOf, nodeOf } from '../channels.ts';
import { nodeLeaseName } from '../lease.ts';
import type { LeaseWatch } from '../lease-watch.ts';
import { pinsForReturn } from '../pins-for-return.ts';
import { askForPlan } from './ask-for-plan.ts';
import { fencingProofs } from './fencing-proofs.ts';

/** What judgements are gathered with. */
export interface Gathering {
  readonly region: RegionAccess;
  readonly watch: LeaseWatch;
  readonly now: () => number;
  /** The operation that judges again; `null` before it began. */
  readonly ownOperation: string | null;
}

const configurationDeadlineMs = 30_000;
const simulationDeadlineMs = 120_000;
const nodeDeadlineMs = 30_000;
const freshForMs = 10_000;

/** Reads the cluster, the node, then what its plan needs, all of it now. @throws ProblemError what the way to the cluster throws. */
export async function gatherPreflight(
  gathering: Gathering,
  nodeId: NodeId,
  choices: MaintenanceChoices,
): Promise<PreflightFacts> {
  const { region } = gathering;
  const base = await gatherBase(gathering, nodeId);
  const silent = silenceOf(region, nodeId);
  const incoming = silent === undefined ? await incomingOn(gathering, base.node) : unknown(silent);
  const standby: CibEdit = { kind: 'standby', node: base.node, value: 'on' };
  const { facts, draft, asked } = await askForPlan(
    // The targets are read while it is asked for.
    (): PlanFacts => ({ ...base, choices, incoming, now: gathering.now(), nodes: preflightNodes(region) }),
    async ({ pins: planned, targets }) => {
      const pins = Object.entries(planned).map(([resource, node]): CibEdit => ({ kind: 'pin', resource, node }));
      // What the nodes ahead in the row bring to the targets is known by their own domains.
      const toRead = new Set([
        ...targets,
        ...aheadOf({ nodes: preflightNodes(region), choices, nodeId }).map(({ node }) => node.name),
      ]);
      const [targetsReachable, simulated, fencing] = await Promise.all([
        silent === undefined ? reachOf(gathering, base.node, targets) : unreached(targets),
        simulateAll(region, [
          { name: 'pins', edits: pins },
          { name: 'standby', edits: [...pins, standby] },
        ]),
        fencingProofs(region, base),
        ...region.nodes().map((node) => (toRead.has(node.name) ? readUnlessFresh(gathering, node) : undefined)),
      ]);
      return { targetsReachable, simulated, fencing };
    },
  );
  const { targetsReachable, simulated, fencing } = asked;
  return {
    ...facts,
    targetsReachable,
    fencing,
    simulated: { pinned: draft.pins, pins: simulated('pins'), standby: simulated('standby') },
  };
}

/** What Activate is judged by. */
export async function gatherActivation(
  gathering: Gathering,
  nodeId: NodeId,
  fenceLoopAcknowledgedUntil: number | null,
): Promise<ActivationFacts> {
  const base = await gatherBase(gathering, nodeId);
  const { pins, unstandby } = await pinsForReturn(base.node, base.answer, base.configuration, async (edits) => {
    const simulated = await simulateAll(gathering.region, [{ name: 'unstandby', edits }]);
    return simulated('unstandby');
  });
  return { ...base, fenceLoopAcknowledgedUntil, unstandby, pinned: pins };
}

/** What stopping the services of a node In maintenance is judged by. */
export function gatherStop(gathering: Gathering, nodeId: NodeId): Promise<NodeInRegion> {
  return gatherBase(gathering, nodeId);
}

/** What Remove is judged by. */
export async function gatherRemoval(gathering: Gathering, nodeId: NodeId): Promise<RemovalFacts> {
  const base = await gatherBase(gathering, nodeId);
  return { ...base, address: valueOf(gathering.region.row(nodeId).address) ?? null };
}

async function gatherBase({ region, watch, now, ownOperation }: Gathering, nodeId: NodeId): Promise<NodeInRegion> {
  const { name } = region.node(nodeId);
  const [answer, configuration] = await Promise.all([
    region.readFresh(),
    readConfiguration(controlOf(region), { deadlineMs: configurationDeadlineMs, now }),
    region.readNode(nodeId),
  ]);
  watch.onAnswer(answer);
  const row = region.row(nodeId);
  const view = region.view();
  return {
    now: now(),
    clusterAheadMs: clocksAheadMs(region.nodes()) ?? 0,
    regionName: view.name,
    nodeId,
    node: name,
    machineId: valueOf(row.machineId)?.slice(0, 12) ?? null,
    answer,
    configuration,
    nodes: preflightNodes(region),
    identity: identityOf(row),
    lock: lockOf(watch, name, ownOperation),
    ownOperation,
    brake: view.brake,
  };
}

function preflightNodes(region: RegionAccess): readonly PreflightNode[] {
  const rows = new Map(region.rows().map((row) => [row.id, row]));
  return region.nodes().flatMap((node) => {
    const row = rows.get(node.id);
    if (row === undefined || node.membership.kind !== 'member') return [];
    return [preflightNode(node, row, () => region.nodes().filter(({ id }) => id !== node.id))];
  });
}

function preflightNode(node: RegionNode, row: NodeRow, others: () => readonly RegionNode[]): PreflightNode {
  const { slow } = node.observation;
  return {
    name: node.name,
    shownName: row.name,
    role: row.role,
    status: row.status,
    frozenBecause: row.frozenBecause,
    fencingsOverAt: fencingsOverAt(node.memory),
    host: { ...hostPart(node, others), domains: slow.domains, pools: slow.pools },
    services: slow.services,
    vmMemoryTotalBytes: row.vmMemoryTotalBytes,
    vmMemoryAllocatedBytes: row.vmMemoryAllocatedBytes,
  };
}

/** The comparison is made at each connection (R12): a node that was reached and is not frozen is itself. */
function identityOf({ frozenBecause, reachability }: NodeRow): IdentityFact {
  if (frozenBecause !== null) return { kind: 'changed', because: frozenBecause };
  if (reachability.kind === 'reachable') return { kind: 'itself' };
  if (reachability.kind === 'unreachable' && needsAPerson(reachability.problem))
    return { kind: 'asked', because: reachability.problem.message };
  const because = reachability.kind === 'unreachable' ? reachability.problem.message : reachability.because;
  return { kind: 'unknown', because };
}

function lockOf(watch: LeaseWatch, node: string, ownOperation: string | null): LockFact {
  const name = nodeLeaseName(node);
  const seen = watch.seen(name);
  if (seen === undefined || watch.hasRunOut(name)) return { kind: 'free' };
  if (ownOperation !== null) return { kind: 'ours' };
  const info = seen.lease?.info;
  if (info === undefined || info === null) return { kind: 'unknown', because: 'the lock is of another version' };
  return { kind: 'held', owner: info.owner, purpose: info.purpose, since: info.since };
}

/** Why a node did not answer just now: it is not waited for again within one judgement. `undefined`: it answered. */
function silenceOf(region: RegionAccess, nodeId: NodeId): string | undefined {
  const { reachability } = region.row(nodeId);
  return reachability.kind === 'unreachable' ? reachability.problem.message : undefined;
}

async function incomingOn({ region, now }: Gathering, node: string): Promise<Reading<readonly string[]>> {
  try {
    const told = parseActiveDomains(
      await runSections(nodeOf(region, node), activeDomainsCommand, { deadlineMs: nodeDeadlineMs }),
    );
    if (told.kind === 'unknown') return unknown(told.because);
    const names = told.value.filter(({ job }) => job.kind === 'moving-in').map(({ domain }) => domain);
    return known(names, now(), freshForMs);
  } catch (error) {
    return unknown(becauseOf(error));
  }
}

async function reachOf(
  { region }: Gathering,
  source: string,
  targets: readonly string[],
): Promise<Readonly<Record<string, Reach>>> {
  if (targets.length === 0) return {};
  try {
    const output = await runSections(nodeOf(region, source), reachableTargetsCommand(targets), {
      deadlineMs: nodeDeadlineMs,
    });
    return Object.fromEntries(
      [...parseReachableTargets(output, targets)].map(([name, reach]) => [name, reach ?? 'unknown']),
    );
  } catch (error) {
    problemOrThrow(error);
    return unreached(targets);
  }
}

const unreached = (targets: readonly string[]): Readonly<Record<string, Reach>> =>
  Object.fromEntries(targets.map((name) => [name, 'unknown'] as const));

/** Several simulations in one round trip; each that could not be made is unknown, with why. */
async function simulateAll(
  region: RegionAccess,
  requests: readonly SimulationRequest[],
): Promise<(name: string) => Simulation> {
  try {
    const { byName } = await simulate(controlOf(region), requests, { deadlineMs: simulationDeadlineMs });
    return (name) => byName.get(name) ?? { kind: 'unknown', because: 'the answer has no such simulation' };
  } catch (error) {
    const because = becauseOf(error);
    return () => ({ kind: 'unknown', because });
  }
}

/** A target that was read a moment ago need not be read again: the dialog asks anew at each change. */
async function readUnlessFresh({ region, now }: Gathering, node: RegionNode): Promise<void> {
  const { domains } = node.observation.slow;
  if (domains.kind === 'known' && now() - domains.readAt < freshForMs) return;
  await region.readNode(node.id);
}

function becauseOf(error: unknown): string {
  return problemOrThrow(error).message;
}

function problemOrThrow(error: unknown) {
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  return problem;
}
