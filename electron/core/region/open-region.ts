import type { Settings } from '#shared/contract/app.ts';
import type { RegionEvents } from '#shared/contract/regions.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeDetail } from '#shared/model/node.ts';
import type { RegionProfile, RegionSnapshot, RegionView } from '#shared/model/region.ts';
import { fail } from '#shared/problems.ts';
import { readOnlyReason, readVersions } from '../cluster/pacemaker/read/versions.ts';
import { suspectLaptop } from '../lifecycle/region-suspect.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { SshPool } from '../ssh/transport.ts';
import { buildDetail, buildRow, type RowContext } from './build-row.ts';
import type { RegionCache } from './cache.ts';
import { every, type Clock } from './clock.ts';
import { beforeAnyAnswer, whileConnecting, withAnswer, withFailure } from './cluster-state.ts';
import { watchCluster } from './cluster-watch.ts';
import { gatherFacts } from './gather-facts.ts';
import { listNodes, membersThatChanged } from './memberships.ts';
import type { ControlRoute } from './node-routes.ts';
import { createNodeTable } from './node-table.ts';
import { createNodeWatches } from './node-watches.ts';
import { createPublisher } from './publisher.ts';
import { createAskedAt } from './questions.ts';
import { sampleMetrics } from './sample-metrics.ts';
import type { RegionNode } from './region-node.ts';
import { buildRegionView } from './region-view.ts';
import { createRegionAccess, type RegionAccess } from './region-access.ts';
import { controlTargets } from './targets.ts';
import { createStanding } from './standing.ts';
import { createTrendsTelling } from './tell-trends.ts';
import { askTrustedNode } from './trusted-view.ts';

/** Changes are told at most this often. */
const publishTickMs = 250;
/** Cached rows are painted before anything is connected or told: whoever opens a region waits for the page first. */
const paintMs = 500;
/** The cache is a cache: what a crash loses of it is at most this old. */
const saveIntervalMs = 15_000;
/** The versions are read once a control node is adopted; `pcs` alone takes 0.5 s. */
const versionsDeadlineMs = 20_000;

/** One region under observation. */
export interface OpenRegion {
  readonly profile: RegionProfile;
  /** What operations work with. */
  readonly access: RegionAccess;
  /** What the renderer needs to paint it; the dispatcher adds the sequence. */
  snapshot(): Omit<RegionSnapshot, 'sequence'>;
  /** @throws ProblemError `node-not-found`. */
  detail(id: NodeId): NodeDetail;
  /** Reads the slow facts now. @throws ProblemError `node-not-found`. */
  refresh(id: NodeId): Promise<NodeDetail>;
  /** Tries everything that waits for a person or for its next try again, now. */
  retry(): void;
  /** The laptop woke from sleep: reads again now, but asks nothing again that waits for a person. */
  resume(): void;
  close(): Promise<void>;
}

export interface RegionDeps {
  readonly pool: SshPool;
  readonly clock: Clock;
  readonly settings: () => Settings;
  readonly cache: RegionCache;
  readonly metrics: Metrics;
  readonly log: Pick<Log, 'info'>;
  readonly onChanged: (event: RegionEvents['region.changed']) => void;
  readonly onTrends: (event: RegionEvents['region.trends']) => void;
}

/** Opens a region: paints from the cache at once, then watches the cluster and each of its nodes, until closed. */
export function openRegion(profile: RegionProfile, deps: RegionDeps): OpenRegion {
  const { clock, cache, metrics } = deps;
  const cached = cache.load();
  const holdMs = cached.nodes.length > 0 ? paintMs : 0;
  let cluster = beforeAnyAnswer(cached.answer, clock.now());
  /** UTC ms of the last write of an operation. */
  let ownWriteAt: number | null = null;
  const answerListeners = new Set<(answer: ClusterAnswer) => void>();

  const cadence = (): RegionView['cadence'] => {
    const { fastIntervalMs, clusterIntervalMs, slowIntervalMs } = deps.settings();
    return { fastMs: fastIntervalMs, clusterMs: clusterIntervalMs, slowMs: slowIntervalMs };
  };
  const rowContext = (): RowContext => {
    const { hostReserveBytes, hostReservePercent, clusterIntervalMs } = deps.settings();
    return { clusterIntervalMs, reserve: { bytes: hostReserveBytes, share: hostReservePercent / 100 } };
  };
  const rowOf = (node: RegionNode) => buildRow(node, rowContext());

  const table = createNodeTable({
    cached: cached.nodes,
    now: clock.now,
    factsOf: (node) => gatherFacts(node, cluster, ownWriteAt, () => table.all().filter(({ id }) => id !== node.id)),
    onChanged: (id) => publisher.markNode(id),
    onStatus: (change) => deps.log.info('a node has another status', { region: profile.name, ...change }),
    onRemoved: (id) => {
      cache.removeNode(id);
      publisher.markRemoved(id);
    },
  });
  const standing = createStanding({ ...clock, answer: () => cluster.answer, nodes: table.all, rowOf, kept: cache });
  const askedAt = createAskedAt(clock.now);
  const view = (): RegionView =>
    buildRegionView(
      {
        profile,
        ...cluster,
        cadence: cadence(),
        askedAt,
        headroom: standing.headroom(),
        brake: standing.brake(),
        standingWarning: standing.warning(),
        isLaptopSuspect: suspectLaptop(
          table.all().map((node) => node.observation.reachability),
          clock.now(),
        ),
      },
      table.all(),
    );
  const publisher = createPublisher({
    clock,
    tickMs: publishTickMs,
    holdMs,
    publish: ({ changed, removed }) => {
      deps.onChanged({
        regionId: profile.id,
        region: view(),
        changed: [...changed].flatMap((id) => table.get(id) ?? []).map(rowOf),
        removed: [...removed],
      });
    },
  });

  const controlRoute = (): ControlRoute | undefined =>
    cluster.control === undefined || cluster.answer === undefined
      ? undefined
      : { name: cluster.answer.via, target: cluster.control.target };
  const watches = createNodeWatches({
    profile,
    pool: deps.pool,
    clock,
    table,
    cadence,
    holdMs,
    control: controlRoute,
    examine: (problem) =>
      cluster.control === undefined
        ? Promise.resolve(problem)
        : askTrustedNode(problem, { connection: cluster.control.connection, name: cluster.answer?.via ?? '' }),
  });
  // What the cache holds was true then; until a quorate partition answers, nothing of it is known to be true now (R1).
  table.deriveAll();
  watches.sync();

  /** This round's answer that could not be believed. */
  let doubted: ClusterAnswer | undefined;
  const clusterWatch = watchCluster({
    pool: deps.pool,
    clock,
    targets: () => controlTargets(profile, cluster.answer),
    intervalMs: () => cadence().clusterMs,
    holdMs,
    sink: {
      known: () => cluster.answer,
      onConnecting: ({ host }) => {
        // While it is offline it stays so until an answer is there: a try is no news.
        if (cluster.connection.kind === 'offline') return;
        cluster = whileConnecting(cluster, host, clock.now());
        publisher.markRegion();
      },
      onAdopted: async (control) => {
        const versions = await readVersions(control.shell, { deadlineMs: versionsDeadlineMs });
        cluster = { ...cluster, control, versions, readOnlyBecause: readOnlyReason(versions) };
      },
      onReleased: () => {
        cluster = { ...cluster, control: undefined };
      },
      onAnswer: (answer, questionAt) => {
        doubted = undefined;
        cluster = withAnswer(cluster, answer, questionAt, clock.now());
        const changed = membersThatChanged(cluster.earlier, answer);
        table.list(listNodes(answer));
        standing.onAnswer();
        watches.sync();
        watches.hasten(changed);
        publisher.markRegion();
        for (const listener of answerListeners) listener(answer);
      },
      onDoubted: (answer) => {
        doubted = answer;
      },
      onFailure: (problem, nextTryAt) => {
        cluster = withFailure(cluster, { problem, nextTryAt, doubted }, clock.now());
        doubted = undefined;
        table.deriveAll();
        publisher.markRegion();
      },
    },
  });

  const save = (): void => cache.save(table.takeChanged(), cluster.answer);
  const trends = (of: 'all' | readonly NodeId[] = 'all') =>
    metrics.trends(of === 'all' ? table.all().map((node) => node.id) : of, clock.now());
  const tellTrends = (of: 'all' | readonly NodeId[]): void =>
    deps.onTrends({ regionId: profile.id, trends: trends(of) });
  const tellTrendsAfter = createTrendsTelling(tellTrends);
  const timers = [
    every(clock, () => saveIntervalMs, save),
    every(
      clock,
      () => cadence().fastMs,
      () => {
        const members = table.all().filter((node) => node.membership.kind === 'member');
        const tick = sampleMetrics(members.map(rowOf), clock.now());
        metrics.record(tick);
        tellTrendsAfter(tick);
      },
    ),
  ];
  let isClosed = false;
  // The hour before the start comes back from the disk a moment later than the rows do.
  void metrics.ready().then(() => {
    if (!isClosed) timers.push(clock.after(holdMs, () => tellTrends('all')));
  });

  const find = (id: NodeId): RegionNode =>
    table.get(id) ??
    fail({
      code: 'node-not-found',
      message: `${profile.name} has no node with the id ${id} any more.`,
      advice: 'Go back to the table: it shows the nodes that the cluster names now.',
    });

  const access = createRegionAccess({
    profile,
    pool: deps.pool,
    control: () => cluster.control,
    adopted: () => clusterWatch.adopted(),
    view,
    rows: () => table.all().map(rowOf),
    nodes: () => table.all(),
    node: find,
    row: (id) => rowOf(find(id)),
    answer: () => cluster.answer,
    readFresh: () => clusterWatch.readNow(),
    refresh: (id) => watches.refresh(id, 'engine'),
    takeForNode(id, { hostKey, system }) {
      table.observe(id, (old) => ({
        ...old,
        firstSeen: { hostKey, machineId: system.machineId, serial: system.serial },
      }));
      return watches.refresh(id, 'person');
    },
    liftBrake: () => {
      standing.lift();
      publisher.markRegion();
    },
    noteOwnWrite: () => {
      ownWriteAt = clock.now();
    },
    onAnswer: (listener) => {
      answerListeners.add(listener);
      return () => answerListeners.delete(listener);
    },
  });

  return {
    profile,
    access,
    snapshot: () => ({ region: view(), nodes: table.all().map(rowOf), trends: trends() }),
    detail: (id) => buildDetail(find(id), rowContext()),
    async refresh(id) {
      find(id);
      await watches.refresh(id, 'person');
      return buildDetail(find(id), rowContext());
    },
    retry() {
      clusterWatch.retry();
      watches.retry();
    },
    resume() {
      clusterWatch.resume();
      watches.resume();
    },
    async close() {
      isClosed = true;
      for (const stop of timers) stop();
      publisher.close();
      clusterWatch.close();
      watches.close();
      save();
      cache.close();
      await metrics.close();
    },
  };
}
