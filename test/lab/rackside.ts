import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { CallInput, CallName, CallOutput } from '#shared/contract/contract.ts';
import type { NewRegion } from '#shared/contract/regions.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { RegionSnapshot } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import { connectClient, enter } from '../helpers/shells/page.ts';
import type { Lab } from './lab-api.ts';
import { waitFor } from './lab-api.ts';

/** A call that was refused, with the problem it was refused with. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(name: string, problem: Problem) {
    super(`${name}: ${problem.code}: ${problem.message}`);
    this.problem = problem;
  }
}

/** The product as a person has it: the built program in a process of its own, and one page's side of the contract. */
export interface Rackside {
  readonly dataFolder: string;
  /** A fresh address for a browser, asked for as a second start would. */
  url(): Promise<string>;
  /** @throws Refused */
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>;
  /** Ends the program; the data folder stays. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** A data folder that is removed when the test is over. */
export async function temporaryDataFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'rackside-data-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Starts the built browser shell, with an empty home, so that the machine's own files play no part.
 *
 * @param laptopName the host name it runs under: whose operations are whose is told by it. Default: this machine's own.
 */
export async function startRackside(dataFolder: string, laptopName?: string): Promise<Rackside> {
  const asLaptop =
    laptopName === undefined ? [] : ['unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', laptopName];
  const home = await mkdtemp(join(tmpdir(), 'rackside-home-'));
  const environment = { ...process.env, HOME: home, SSH_AUTH_SOCK: '' };
  const launch = async () => {
    const [program, ...rest] = [...asLaptop, process.execPath, 'out/main/browser.js', '--no-open', '--port', '0'];
    const child = spawn(program, [...rest, '--data-dir', dataFolder], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /^Rackside is at (\S+)/u.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`Rackside ended with ${String(code)} before it served`)));
    });
    return { child, url };
  };
  const { child, url } = await launch();
  const client = await connectClient(await enter(url));
  const ended = once(child, 'exit');
  return {
    dataFolder,
    url: async () => (await launch()).url,
    async call<Name extends CallName>(name: Name, input: CallInput<Name>) {
      const envelope = await client.call(name, input);
      if (!envelope.ok) throw new Refused(name, envelope.problem);
      return envelope.value as CallOutput<Name>;
    },
    async stop(signal = 'SIGTERM') {
      client.close();
      child.kill(signal);
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A region over the lab's control nodes, as root with the lab's key. */
export function labRegion(lab: Lab, change: Partial<NewRegion> = {}): NewRegion {
  return {
    name: 'Lab',
    colour: 'teal',
    seeds: lab.controls.map((node) => ({ host: node.address, port: 22 })),
    login: { user: 'root', port: 22, methods: [{ kind: 'private-key', keyFile: lab.keyFile }] },
    jumps: [],
    nodeLogins: {},
    ...change,
  };
}

/** Adds a region and makes it live. */
export async function addLiveRegion(app: Rackside, lab: Lab, change: Partial<NewRegion> = {}): Promise<RegionId> {
  const { id } = await app.call('regions.add', labRegion(lab, change));
  await makeLive(app, lab, id);
  return id;
}

/** Opens a region and trusts, as a person would, every key it shows that is the node's own; ends when all its nodes but the silent ones are reached. */
export async function makeLive(app: Rackside, lab: Lab, id: RegionId, silent: readonly string[] = []): Promise<void> {
  await app.call('regions.open', { regionId: id });
  await waitFor(
    'the region is live and every node of it reachable',
    async () => {
      const { region, nodes } = await app.call('regions.snapshot', { regionId: id });
      const keys = region.questions.flatMap(({ problem }) =>
        problem.evidence?.kind === 'host-key'
          ? [{ host: problem.evidence.host, keyBase64: problem.evidence.shownKeyBase64 }]
          : [],
      );
      for (const key of keys) {
        const own = lab.nodes.some((node) => node.hostKeys.some((line) => line.split(' ')[1] === key.keyBase64));
        if (!own) throw new Error(`${key.host} showed a key that no node of the lab has`);
      }
      if (keys.length > 0) {
        await app.call('knownHosts.trust', { keys });
        await app.call('regions.retry', { regionId: id });
      }
      const isLive = region.connection.kind === 'live' && nodes.length === lab.controls.length + lab.workers.length;
      // Whether the machine of one that has left the cluster answers is nobody's matter.
      const areReached = nodes.every(
        ({ id: one, hostname, reachability }) =>
          one.startsWith('out:') || silent.includes(hostname ?? '') || reachability.kind === 'reachable',
      );
      return isLive && areReached ? true : undefined;
    },
    60_000,
  );
}

/** The region's snapshot now. */
export function snapshotOf(app: Rackside, regionId: RegionId): Promise<RegionSnapshot> {
  return app.call('regions.snapshot', { regionId });
}

/** One row of the table, by the node's name in the cluster. */
export async function rowOf(app: Rackside, regionId: RegionId, name: string): Promise<NodeRow> {
  const { nodes } = await snapshotOf(app, regionId);
  const row = nodes.find((node) => node.hostname === name);
  if (row === undefined) throw new Error(`the table has no row ${name}`);
  return row;
}

/** Writes down every status that a node is shown with, in order, without repetitions, until it is stopped. */
export function watchStatuses(app: Rackside, regionId: RegionId, name: string): { stop(): Promise<readonly string[]> } {
  const seen: string[] = [];
  const over = new AbortController();
  const look = async () => {
    const { status } = await rowOf(app, regionId, name);
    const shown = status.unknownSince === null ? status.status : `${status.status}, not known`;
    if (seen.at(-1) !== shown) seen.push(shown);
  };
  const watching = (async () => {
    while (!over.signal.aborted) {
      await look();
      await setTimeout(100);
    }
  })();
  return {
    async stop() {
      over.abort();
      await watching;
      await look();
      return seen;
    },
  };
}
