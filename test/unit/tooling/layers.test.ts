import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layers } from '../../../scripts/layers.ts';

/**
 * The stack of docs/architecture.md, "What may import what", written down a second time: the table of scripts/layers.ts must say the same.
 * Each name stands for one file below; `shared` is allowed to everyone.
 */
const core = ['db', 'ssh', 'log', 'cluster', 'probes', 'metrics', 'lifecycle', 'region', 'alarms', 'operations'];
const belowRegion = core.slice(0, 7);
const allOfCore = [...core, 'demo-region', 'updates'];
const features = ['alarms', 'candidates', 'maintenance', 'node-detail', 'nodes', 'operations', 'regions', 'settings'];
const featureFiles = features.map((name) => `renderer/features/${name}/page.tsx`);
const inCore = (...names: readonly string[]): string[] => names.map((name) => `electron/core/${name}/file.ts`);
const writes = 'electron/core/cluster/writes/file.ts';
const base = ['renderer/state/file.ts', 'renderer/ui/file.tsx', 'renderer/charts/file.ts'];

const allowed: Readonly<Record<string, readonly string[]>> = {
  'shared/file.ts': ['shared/contract/file.ts'],
  'shared/contract/file.ts': ['zod'],
  'electron/core/db/file.ts': ['better-sqlite3'],
  'electron/core/ssh/file.ts': ['ssh2'],
  'electron/core/log/file.ts': [],
  'electron/core/demo-region/file.ts': inCore('ssh'),
  'electron/core/updates/file.ts': [],
  'electron/core/xml/file.ts': ['saxes'],
  'electron/core/cluster/file.ts': inCore('ssh', 'xml'),
  [writes]: inCore('ssh', 'xml', 'cluster'),
  'electron/core/probes/file.ts': inCore('ssh', 'xml'),
  'electron/core/metrics/file.ts': inCore('db'),
  'electron/core/lifecycle/file.ts': [],
  'electron/core/region/file.ts': inCore(...belowRegion),
  'electron/core/alarms/file.ts': inCore('db', 'metrics'),
  'electron/core/operations/file.ts': [...inCore(...belowRegion, 'region', 'alarms'), writes],
  'electron/ipc/file.ts': ['electron/ipc/handlers/file.ts'],
  'electron/ipc/handlers/file.ts': inCore(...allOfCore),
  'electron/shell/file.ts': ['electron/ipc/file.ts'],
  'electron/shell/desktop/file.ts': ['electron/shell/file.ts', 'electron/ipc/file.ts', 'electron'],
  'electron/shell/browser/file.ts': ['electron/shell/file.ts', 'electron/ipc/file.ts'],
  'electron/app.ts': [...inCore(...allOfCore), 'electron/ipc/file.ts', 'electron/ipc/handlers/file.ts'],
  'electron/main.ts': ['electron/app.ts', 'electron/shell/file.ts', 'electron/shell/desktop/file.ts', 'electron'],
  'electron/browser.ts': ['electron/app.ts', 'electron/shell/file.ts', 'electron/shell/browser/file.ts'],
  'electron/preload.ts': ['electron'],
  'electron/demo/file.ts': [...inCore('ssh', 'cluster', 'probes'), writes, 'ssh2'],
  'renderer/ui/file.tsx': [],
  'renderer/charts/file.ts': ['echarts'],
  'renderer/api/file.ts': [],
  'renderer/state/file.ts': ['renderer/api/file.ts'],
  ...Object.fromEntries(featureFiles.map((file) => [file, base])),
  'renderer/app/file.tsx': [...base, 'renderer/api/file.ts', ...featureFiles],
  'renderer/main.tsx': ['renderer/app/file.tsx', 'renderer/ui/file.tsx'],
  // A file that is in no layer may use nothing until somebody gives it a row.
  'electron/core/unknown/file.ts': [],
};
const packages = ['electron', 'ssh2', 'better-sqlite3', 'echarts', 'saxes', 'zod'];
const files = Object.keys(allowed);
const pure = files.filter((file) => /^shared|^renderer|core\/lifecycle/u.test(file));
// A feature is never imported to be looked into, and test and scripts are not source.
const targets = [...files.filter((file) => !file.includes('/unknown/')), 'test/file.ts', 'scripts/file.ts'];

const specifier = (from: string, to: string): string => {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
};

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly source: string;
}

function everyEdge(): Edge[] {
  return files.flatMap((from) => [
    ...targets.filter((to) => to !== from).map((to) => ({ from, to, source: specifier(from, to) })),
    ...packages.map((to) => ({ from, to, source: to })),
    { from, to: 'node:fs', source: 'node:fs' },
    { from, to: 'shared/alias.ts', source: '#shared/alias.ts' },
  ]);
}

function isAllowed({ from, to }: Edge): boolean {
  if (to === 'node:fs') return !pure.includes(from);
  // Layers inside shared/ may use each other: all of it is plain TypeScript.
  return to.startsWith('shared/') || allowed[from]?.includes(to) === true;
}

const root = resolve(import.meta.dirname, '../../..');
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'rackside-layers-'));
  for (const path of ['oxlint.config.ts', 'package.json', 'scripts/layers.ts'])
    cpSync(join(root, path), join(copy, path));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Lints `sources` (path → text) in the copy and gives `path:line` of each refused import, sorted. What else it finds in files that import nothing real is no matter here. */
function lint(sources: ReadonlyMap<string, string>): string[] {
  for (const path of ['shared', 'electron', 'renderer']) {
    rmSync(join(copy, path), { recursive: true, force: true });
    mkdirSync(join(copy, path));
  }
  for (const [path, text] of sources) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  const run = spawnSync(process.execPath, [oxlint, '--format=json', 'shared', 'electron', 'renderer'], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const report = JSON.parse(run.stdout) as {
    readonly number_of_files: number;
    readonly diagnostics: readonly { code: string; filename: string; labels: { span: { line: number } }[] }[];
  };
  expect(report.number_of_files).toBe(sources.size);
  return report.diagnostics
    .filter(({ code }) => code === 'eslint(no-restricted-imports)')
    .map(({ filename, labels }) => `${filename.replaceAll('\\', '/')}:${labels[0]!.span.line}`)
    .toSorted();
}

test('the linter refuses every import that the stack of the architecture does not name, and no other', () => {
  const edges = everyEdge();
  const sources = new Map<string, string>();
  const refused: string[] = [];
  for (const from of files) {
    const own = edges.filter((edge) => edge.from === from);
    sources.set(from, own.map(({ source }) => `export { name } from '${source}';\n`).join(''));
    for (const [index, edge] of own.entries()) if (!isAllowed(edge)) refused.push(`${from}:${index + 1}`);
  }
  expect(refused.length).toBeGreaterThan(500);
  expect(lint(sources)).toStrictEqual(refused.toSorted());
});

test('every spelling of a forbidden import is refused: static, type-only, dynamic, re-exported, without extension, the long way round', () => {
  const spellings = [
    "import { open } from '../db/open.ts';\nopen();\n",
    "import type { Row } from '../db/open.ts';\nexport const rows: readonly Row[] = [];\n",
    "export const later = async (): Promise<unknown> => import('../db/open.ts');\n",
    "export { open } from '../../core/db/open';\n",
    "export { open } from '../../../electron/core/db/open.ts';\n",
    "export { open } from './../db';\n",
  ];
  const sources = new Map(spellings.map((text, index) => [`electron/core/ssh/spelling-${index}.ts`, text]));
  const expected = spellings.map((_, index) => `electron/core/ssh/spelling-${index}.ts:1`);
  expect(lint(sources)).toStrictEqual(expected);
});

test('the demo region may take a command text from a probe, but no parser', () => {
  const sources = new Map([
    ['electron/demo/command.ts', "export { cpuCommand } from '../core/probes/cpu.ts';\n"],
    ['electron/demo/parser.ts', "import { parseCpu } from '../core/probes/cpu.ts';\nparseCpu();\n"],
    ['electron/demo/all.ts', "import * as cpu from '../core/probes/cpu.ts';\ncpu.parseCpu();\n"],
  ]);
  expect(lint(sources)).toStrictEqual(['electron/demo/all.ts:1', 'electron/demo/parser.ts:1']);
});

test('every folder of the source has a row in the table of layers', () => {
  // A single file is a layer only at the root of electron/ and of renderer/.
  const folders = (path: string): string[] =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter(
        (entry) =>
          entry.isDirectory() || (!path.includes('/') && /\.tsx?$/u.test(entry.name) && !entry.name.endsWith('.d.ts')),
      )
      .map(({ name }) => `${path}/${name}`);
  // `renderer/public` holds what is served as it is; no code lives there.
  const grouping = new Set(['electron/core', 'electron/shell', 'renderer/features', 'renderer/public']);
  const found = ['electron', 'electron/core', 'electron/shell', 'renderer', 'renderer/features']
    .filter((path) => !path.includes('/') || folders(posix.dirname(path)).includes(path))
    .flatMap(folders);
  const known = new Set(layers.map(({ path }) => path));
  expect(found.filter((path) => !known.has(path) && !grouping.has(path))).toStrictEqual([]);
});
