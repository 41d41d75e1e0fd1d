import type { RegionSnapshot } from '#shared/model/region.ts';
import type { Scenario } from './bridge.ts';
import { detailOf, poorDetailOf } from './detail.ts';
import { awkwardNodes, frankfurtNodes } from './frankfurt.ts';
import { frankfurt, info, liveView, settings, snapshot, zurich } from './region.ts';

/** A scenario with the given snapshots, and nothing that fails. */
export function scenario(snapshots: readonly RegionSnapshot[], more: Partial<Scenario> = {}): Scenario {
  return {
    profiles: [frankfurt],
    settings,
    info,
    snapshots: Object.fromEntries(snapshots.map((one) => [one.region.id, one])),
    details: {},
    ...more,
  };
}

/** 189 nodes as in the picture `01-nodes`. */
export const live = (now: number): Scenario =>
  scenario(
    [
      snapshot(liveView(frankfurt, now), frankfurtNodes(now), now),
      snapshot(liveView(zurich, now), frankfurtNodes(now, 30), now),
    ],
    {
      profiles: [frankfurt, zurich],
    },
  );

/** Nothing answers since three hours: what is shown comes from the cache. */
export function offline(now: number): Scenario {
  const readAt = now - 3 * 3_600_000;
  const nodes = frankfurtNodes(readAt).map((node) => ({
    ...node,
    status: { ...node.status, unknownSince: readAt },
    reachability: {
      kind: 'unreachable' as const,
      since: readAt,
      problem: {
        code: 'connection-timed-out' as const,
        message: `${node.name} did not answer.`,
        advice: 'Check the network.',
      },
    },
  }));
  const view = {
    ...liveView(frankfurt, now),
    connection: {
      kind: 'offline' as const,
      since: readAt,
      lastReadAt: readAt,
      problem: {
        code: 'no-control-node-answers' as const,
        message: 'None of the 3 control nodes of Frankfurt 2 answers (10.42.0.11, 10.42.0.12, 10.42.0.13).',
        advice: 'Check this laptop’s network, VPN and jump host.',
        evidence: {
          kind: 'output' as const,
          command: 'connect 10.42.0.11:22',
          stdout: '',
          stderr: 'timed out after 10 s',
        },
      },
      nextTryAt: now + 24_000,
    },
    isLaptopSuspect: true,
  };
  return scenario([snapshot(view, nodes, readAt)]);
}

/** The cluster has no quorum since a minute, and half of the nodes still answer this laptop. */
export function withoutQuorum(now: number): Scenario {
  const since = now - 60_000;
  const [fresh, old] = [frankfurtNodes(now), frankfurtNodes(since)];
  const nodes = fresh.map((node, index) => {
    const one = index % 2 === 0 ? node : (old[index] ?? node);
    const reachability =
      index % 2 === 0 ? one.reachability : (offline(now).snapshots['fra2']?.nodes[0]?.reachability ?? one.reachability);
    return {
      ...one,
      reachability,
      status: { ...one.status, unknownSince: since, readAt: since, reason: 'no quorum: 1 of 3 votes' },
    };
  });
  const connection = {
    kind: 'offline' as const,
    since,
    lastReadAt: since,
    problem: {
      code: 'no-quorum' as const,
      message: 'fra2-ctl-1 says: no quorum: 1 of 3 votes. What it says of other nodes is not believed.',
      advice: 'Look for control nodes that are off or cut off.',
    },
    nextTryAt: now + 4_000,
  };
  return scenario([snapshot({ ...liveView(frankfurt, now), connection, isLaptopSuspect: false }, nodes, since)]);
}

/** The region answers, but refuses: nothing to do with this laptop's network. */
export function refused(now: number): Scenario {
  const base = offline(now);
  const one = base.snapshots['fra2']!;
  const connection = {
    kind: 'offline' as const,
    since: now - 60_000,
    lastReadAt: now - 60_000,
    problem: {
      code: 'authentication-failed' as const,
      message: '10.42.0.11 refused rackadm: none of the agent’s 2 keys is accepted there.',
      advice: 'Load the right key into the agent, or choose another way to log in.',
    },
    nextTryAt: null,
  };
  return { ...base, snapshots: { fra2: { ...one, region: { ...one.region, connection, isLaptopSuspect: false } } } };
}

/** A region without a single node. */
export const empty = (now: number): Scenario => scenario([snapshot(liveView(frankfurt, now), [], now)]);

/** The region is asked and nothing has come yet. */
export const loading = (): Scenario => scenario([]);

/** The region cannot be opened, and nothing of it is known. */
export const failing = (): Scenario =>
  scenario([], {
    problems: {
      'regions.open': {
        code: 'sudo-password-needed',
        message: 'fra2-ctl-1: sudo asks rackadm for a password.',
        advice: 'Give rackadm NOPASSWD for crm_mon and cibadmin there, or enter the password for this session.',
        evidence: {
          kind: 'output',
          command: 'sudo -n crm_mon --output-as=xml',
          stdout: '',
          stderr: 'sudo: a password is required',
        },
      },
    },
  });

/** Names in other scripts, long reasons, tags that want to be formulas. */
export const awkward = (now: number): Scenario =>
  scenario([snapshot(liveView(frankfurt, now), awkwardNodes(now), now)]);

/** A region with fresh cached rows that are read again one by one after it was opened. */
export function reading(now: number): Scenario {
  const nodes = frankfurtNodes(now).map((node, index) =>
    index < 3 ? node : { ...node, reachability: { kind: 'not-tried' as const, because: 'it waits for its turn' } },
  );
  const view = {
    ...liveView(frankfurt, now),
    connection: { kind: 'live' as const, since: now - 400, via: '10.42.0.11', readAt: now - 300 },
  };
  return scenario([snapshot(view, nodes, now)]);
}

/** No region yet. */
export const firstRun = (): Scenario => scenario([], { profiles: [] });

/** The live region with the details of three of its nodes: a healthy one, one in maintenance, one that hardly tells anything. */
export function withDetails(now: number): Scenario {
  const base = live(now);
  const nodes = base.snapshots['fra2']!.nodes;
  const named = (name: string) => nodes.find((node) => node.name === name)!;
  const details = [
    detailOf(named('fra2-r01-n05'), now),
    detailOf(named('fra2-r01-n06'), now),
    detailOf(named('fra2-r06-n01'), now),
    poorDetailOf(named('fra2-r07-n12'), now),
  ];
  return { ...base, details: Object.fromEntries(details.map((detail) => [detail.row.id, detail])) };
}
