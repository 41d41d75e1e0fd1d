/**
 * What may import what: the stack of docs/architecture.md as data. oxlint.config.ts turns each row into one `no-restricted-imports`
 * override, so a new edge between two layers is one reviewed word here. Every layer may also use `shared` and itself.
 */

export interface Layer {
  /** The name other rows use: a folder from the root of the repository, or one file of `electron/`. */
  readonly path: string;
  /** The layers it may import. Anything else that has a row here is an error. */
  readonly may: readonly string[];
  /** Single-owner packages (see `ownedPackages`) that it may import. */
  readonly packages?: readonly string[];
  /** Takes nothing named like a parser from the layers it may import (see `parserNames`). */
  readonly isParserFree?: boolean;
  /** Reaches no machine: no `node:` module either. */
  readonly isPure?: boolean;
}

const alone: readonly string[] = [];
const cluster = 'electron/core/cluster';
const clusterWrites = 'electron/core/cluster/writes';
const db = 'electron/core/db';
const lifecycle = 'electron/core/lifecycle';
const log = 'electron/core/log';
const metrics = 'electron/core/metrics';
const probes = 'electron/core/probes';
const ssh = 'electron/core/ssh';
const demo = 'electron/core/demo-region';
const updates = 'electron/core/updates';
const xml = 'electron/core/xml';
const belowRegion = [db, ssh, log, cluster, probes, metrics, lifecycle];
const region = 'electron/core/region';
const alarms = 'electron/core/alarms';
const operations = 'electron/core/operations';
const core = [...belowRegion, region, alarms, operations, demo, updates];

/** The features of the renderer. They never import each other. */
export const features: readonly string[] = [
  'alarms',
  'candidates',
  'demo',
  'first-run',
  'maintenance',
  'node-detail',
  'nodes',
  'operations',
  'palette',
  'regions',
  'settings',
].map((name) => `renderer/features/${name}`);

/** What both shells need stands in the folder around them. */
const shell = 'electron/shell';

const rendererBase = ['renderer/state', 'renderer/ui', 'renderer/charts'];

/** The stack, bottom first. Where two rows hold a file, the later one counts. */
export const layers: readonly Layer[] = [
  { path: 'shared', may: alone, isPure: true },
  { path: 'shared/contract', may: alone, packages: ['zod'], isPure: true },

  { path: db, may: alone, packages: ['better-sqlite3'] },
  { path: ssh, may: alone, packages: ['ssh2'] },
  { path: log, may: alone },
  { path: demo, may: [ssh] },
  { path: updates, may: alone },
  { path: xml, may: alone, packages: ['saxes'] },
  { path: cluster, may: [ssh, xml] },
  { path: clusterWrites, may: [ssh, xml, cluster] },
  { path: probes, may: [ssh, xml] },
  { path: metrics, may: [db] },
  { path: lifecycle, may: alone, isPure: true },
  { path: region, may: belowRegion },
  { path: alarms, may: [db, metrics] },
  { path: operations, may: [...belowRegion, region, alarms, clusterWrites] },

  { path: 'electron/ipc', may: ['electron/ipc/handlers'] },
  { path: 'electron/ipc/handlers', may: core },
  { path: shell, may: ['electron/ipc'] },
  { path: 'electron/shell/desktop', may: [shell, 'electron/ipc'], packages: ['electron'] },
  { path: 'electron/shell/browser', may: [shell, 'electron/ipc'] },
  { path: 'electron/app.ts', may: [...core, 'electron/ipc', 'electron/ipc/handlers'] },
  { path: 'electron/main.ts', may: ['electron/app.ts', shell, 'electron/shell/desktop'], packages: ['electron'] },
  { path: 'electron/browser.ts', may: ['electron/app.ts', shell, 'electron/shell/browser'] },
  { path: 'electron/preload.ts', may: alone, packages: ['electron'] },
  { path: 'electron/demo', may: [ssh, cluster, clusterWrites, probes], packages: ['ssh2'], isParserFree: true },

  { path: 'renderer/ui', may: alone, isPure: true },
  { path: 'renderer/charts', may: alone, packages: ['echarts'], isPure: true },
  { path: 'renderer/api', may: alone, isPure: true },
  { path: 'renderer/state', may: ['renderer/api'], isPure: true },
  ...features.map((path) => ({ path, may: rendererBase, isPure: true })),
  { path: 'renderer/app', may: [...rendererBase, 'renderer/api', ...features], isPure: true },
  { path: 'renderer/main.tsx', may: ['renderer/app', 'renderer/ui'], isPure: true },
];

/** Packages with one owner: whoever does not name one in its row may not import it. */
export const ownedPackages: readonly string[] = ['electron', 'ssh2', 'better-sqlite3', 'echarts', 'saxes', 'zod'];

/** What is not source, and what source therefore never imports. */
export const outsideSource: readonly string[] = ['test', 'scripts'];

/** The demo region may take command texts from these layers, never a parser: that would prove the parser with itself. */
export const parserNames = '^parse';
