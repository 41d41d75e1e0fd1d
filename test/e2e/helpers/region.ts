import type { AppInfo, Settings } from '#shared/contract/app.ts';
import { defaultDemoOptions } from '#shared/model/demo.ts';
import { regionId } from '#shared/model/ids.ts';
import type { RegionProfile, RegionSnapshot, RegionView } from '#shared/model/region.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { fastMs, random, slowMs, trends } from './rows.ts';

export const frankfurt: RegionProfile = {
  id: regionId('fra2'),
  name: 'Frankfurt 2',
  colour: 'violet',
  seeds: [{ host: '10.42.0.11', port: 22 }],
  login: { user: 'rackadm', port: 22, methods: [{ kind: 'agent' }] },
  jumps: [],
  nodeLogins: {},
  demoLabel: null,
};

export const zurich: RegionProfile = {
  ...frankfurt,
  id: regionId('zrh1'),
  name: 'Zürich 1',
  colour: 'teal',
  seeds: [{ host: '10.60.0.11', port: 22 }],
};

export const settings: Settings = {
  theme: 'system',
  fastIntervalMs: fastMs,
  clusterIntervalMs: fastMs,
  slowIntervalMs: slowMs,
  hostReserveBytes: 4 * 2 ** 30,
  hostReservePercent: 10,
  singleKeyShortcuts: true,
  updateFeedUrl: '',
};

export const info: AppInfo = {
  version: '0.1.0',
  shell: 'browser',
  dataFolder: '/home/tech/.local/share/rackside',
  logFile: '/home/tech/.local/share/rackside/log/rackside.log',
  secretStorage: { kind: 'session-only', because: 'this machine has no keychain' },
  sleep: { kind: 'cannot', because: 'Rackside runs in a browser here, which cannot keep this computer awake.' },
  demo: defaultDemoOptions,
  notices: [],
  update: { kind: 'off' },
};

export function liveView(of: RegionProfile, now: number): RegionView {
  return {
    id: of.id,
    name: of.name,
    colour: of.colour,
    demoLabel: of.demoLabel,
    connection: { kind: 'live', since: now - 3_600_000, via: '10.42.0.11', readAt: now - 4000 },
    readOnlyBecause: null,
    quorum: { isQuorate: true, votes: 3, expectedVotes: 3 },
    dc: 'fra2-ctl-1',
    versions: { pacemaker: '2.1.5', pcs: '0.11.5', libvirt: '9.0.0' },
    cadence: { fastMs, clusterMs: fastMs, slowMs },
    maxOutOfService: 7,
    maxMovesAtOnce: 1,
    headroom: null,
    brake: null,
    warnings: [],
    isLaptopSuspect: false,
    questions: [],
  };
}

export function snapshot(view: RegionView, nodes: readonly NodeRow[], now: number, sequence = 1): RegionSnapshot {
  const next = random(7);
  return { sequence, region: view, nodes, trends: nodes.flatMap((node) => trends(node, now, next) ?? []) };
}
