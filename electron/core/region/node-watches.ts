import type { SystemFacts } from '#shared/model/hardware.ts';
import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { RegionProfile, RegionView } from '#shared/model/region.ts';
import { fail, type Problem } from '#shared/problems.ts';
import type { Parsed } from '../probes/probe.ts';
import type { SshPool } from '../ssh/transport.ts';
import { withAnotherMachine, withConnection, withFast, withIdentity, withProblem, withSlow } from './apply.ts';
import type { Clock } from './clock.ts';
import { routesTo, type ControlRoute } from './node-routes.ts';
import { identityProblem, requireSameMachine, type ShownIdentity } from './node-identity.ts';
import type { NodeTable } from './node-table.ts';
import { vitalProbeIds, watchNode, type NodeWatch } from './node-watch.ts';

/** One watch a member: begun when the cluster names it, ended when it is gone. */
export interface NodeWatches {
  /** Begins what is missing and ends what is not a member any more. */
  sync(): void;
  retry(): void;
  resume(): void;
  /** The cluster says that something changed on these. */
  hasten(ids: readonly NodeId[]): void;
  /** Reads the slow facts of one node now. */
  refresh(id: NodeId, asker: 'person' | 'engine'): Promise<void>;
  close(): void;
}

/** Statuses that end with the health gate (lines 8, 12 and 13 of docs/status.md). */
const comingBack: ReadonlySet<NodeStatus> = new Set(['starting', 'unfencing', 'activating']);

/**
 * Makes the watches; what they read goes into the table.
 *
 * @param holdMs the watches of the first `sync` wait for this long before they connect, unless a person asks.
 */
export function createNodeWatches(options: {
  readonly profile: RegionProfile;
  readonly pool: SshPool;
  readonly clock: Clock;
  readonly table: NodeTable;
  readonly cadence: () => RegionView['cadence'];
  readonly holdMs: number;
  readonly control: () => ControlRoute | undefined;
  /** May add evidence to a problem before it is shown. */
  readonly examine: (problem: Problem) => Promise<Problem>;
}): NodeWatches {
  const { profile, clock, table, cadence } = options;
  const watches = new Map<NodeId, NodeWatch>();
  const vitalIntervalMs = () => 2 * cadence().clusterMs;
  /** All begin within a second; more than two hundred nodes take more time, up to the interval, so that no start is a storm. */
  const spreadMs = (nodes: number) =>
    Math.max(Math.min(1000, cadence().fastMs / 2), Math.min(cadence().fastMs, nodes * 5));
  let { holdMs } = options;
  let isClosed = false;

  /** Refuses another machine under the node's name (R12). @throws ProblemError `node-identity-changed`. */
  function requireSame(id: NodeId, shown: ShownIdentity): void {
    const node = table.get(id);
    if (node !== undefined) requireSameMachine(node.name, node.membership.record, node.observation.firstSeen, shown);
  }

  /** Takes the machine for the node, once it has shown who it is. */
  function identify(id: NodeId, hostKey: ShownIdentity['hostKey'], parsed: Parsed<SystemFacts>): void {
    const shown = { hostKey, system: parsed.kind === 'value' ? parsed.value : undefined };
    requireSame(id, shown);
    const node = table.get(id);
    const frozenBecause = node?.observation.frozenBecause ?? null;
    // Who was seen to be another machine stays so until it shows that it is the node.
    if (parsed.kind === 'unknown' && frozenBecause !== null) fail(identityProblem(frozenBecause));
    table.observe(id, (old) => withIdentity(old, shown));
  }

  function watch(id: NodeId, phaseMs: number): NodeWatch {
    let hostKey: ShownIdentity['hostKey'] = { type: '', fingerprint: '' };
    return watchNode({
      pool: options.pool,
      clock,
      routes: () => {
        const node = table.get(id);
        if (node === undefined) return [];
        return routesTo(profile, { name: node.name, address: node.membership.address }, options.control());
      },
      fastIntervalMs: () => cadence().fastMs,
      slowIntervalMs: () => cadence().slowMs,
      vitalIntervalMs,
      isComingBack: () => comingBack.has(table.get(id)?.status.status ?? 'active'),
      phaseMs,
      sink: {
        onReached: (connection) => {
          ({ hostKey } = connection);
          const { target } = connection;
          requireSame(id, { hostKey });
          const at = { host: target.host, hostKey, at: clock.now(), intervalMs: cadence().slowMs };
          table.observe(id, (old) => withConnection(old, at));
        },
        onFast: (sample, roundTripMs) => {
          const at = { now: clock.now(), roundTripMs, intervalMs: cadence().fastMs };
          table.observe(id, (old) => withFast(old, sample, at));
        },
        onSlow: (slowId, value) => {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The value of each id is its own probe's.
          if (slowId === 'system') identify(id, hostKey, value as Parsed<SystemFacts>);
          const isVital = vitalProbeIds.some((vital) => vital === slowId);
          const at = { now: clock.now(), intervalMs: isVital ? vitalIntervalMs() : cadence().slowMs };
          table.observe(id, (old) => withSlow(old, slowId, value, at));
        },
        onUnreachable: async (problem) => {
          const examined = await options.examine(problem);
          const apply = examined.code === 'node-identity-changed' ? withAnotherMachine : withProblem;
          if (!isClosed) table.observe(id, (old) => apply(old, examined, clock.now()));
        },
      },
    });
  }

  return {
    sync() {
      if (isClosed) return;
      const members = new Set(table.all().flatMap((node) => (node.membership.kind === 'member' ? [node.id] : [])));
      for (const [id, nodeWatch] of watches) {
        if (members.has(id)) continue;
        nodeWatch.close();
        watches.delete(id);
      }
      const spread = spreadMs(members.size);
      for (const id of members) if (!watches.has(id)) watches.set(id, watch(id, holdMs + Math.random() * spread));
      holdMs = 0;
    },
    retry() {
      for (const nodeWatch of watches.values()) nodeWatch.retry();
    },
    resume() {
      for (const nodeWatch of watches.values()) nodeWatch.resume();
    },
    hasten(ids) {
      for (const id of ids) watches.get(id)?.hasten();
    },
    async refresh(id, asker) {
      await watches.get(id)?.refresh(asker);
    },
    close() {
      isClosed = true;
      for (const nodeWatch of watches.values()) nodeWatch.close();
      watches.clear();
    },
  };
}
