/*
 * One open region of N nodes, live: the core without a shell against N endpoints of a real sshd on loopback addresses, at the default
 * pace. Every question goes over SSH to `sh`; the cluster's tools and the slow facts answer with the lab's captures (the cluster's
 * repeated to N members), because N times `virsh` on this one machine would measure the machine; the fast values are its own.
 *   npm run bench -- live [N=200] [SECONDS=60] [VMS-PER-NODE=10]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeRow } from '#shared/model/node.ts';
import { openStore } from '../../electron/core/db/store.ts';
import { createMetrics } from '../../electron/core/metrics/metrics.ts';
import { slowProbeIds, slowProbes } from '../../electron/core/probes/slow-probes.ts';
import { createRegionCache } from '../../electron/core/region/cache.ts';
import { systemClock } from '../../electron/core/region/clock.ts';
import { openRegion } from '../../electron/core/region/open-region.ts';
import type { RemoteCommand, ShellChannel, SshPool } from '../../electron/core/ssh/transport.ts';
import { createEventHub } from '../../electron/ipc/event-hub.ts';
import { poolFor } from '../helpers/ssh-pool.ts';
import { findSshd, type Sshd, startSshd } from '../helpers/sshd.ts';
import { capturedAnswer } from '../unit/core/probes/captures.ts';
import { outputsOfMany } from './answer-of-many.ts';
import { idleProcess } from './idle-of-machine.ts';

const [count = 200, seconds = 60, vmsPerNode = 10] = process.argv.slice(2).map(Number);
const addresses = Array.from({ length: count }, (_value, index) => `127.0.${20 + (index >> 7)}.${(index & 127) + 1}`);

if (findSshd() === undefined) {
  console.error('This bench needs /usr/sbin/sshd (apt-get install openssh-server).');
  process.exitCode = 1;
} else {
  const daemon = await startSshd({ addresses, config: ['MaxStartups 1000', 'LogLevel ERROR'] });
  const folder = mkdtempSync(join(tmpdir(), 'rackside-live-'));
  try {
    await watch(daemon, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await daemon.close();
  }
}

async function watch(daemon: Sshd, folder: string): Promise<void> {
  console.log(`load of this machine before: ${loadavg()[0]?.toFixed(1)} (what others use is missing below)`);
  const pool = answering(poolFor([daemon], { addresses }), folder);
  const store = openStore(join(folder, 'data'), { now: Date.now, log: { warn: console.warn } });
  const profile = store.regions.add({
    name: 'Frankfurt',
    colour: 'teal',
    seeds: [{ host: daemon.address, port: daemon.port }],
    login: { user: daemon.user, port: daemon.port, methods: [{ kind: 'private-key', keyFile: daemon.keyFile }] },
    jumps: [],
    nodeLogins: {},
  });
  store.settings.set({ fastIntervalMs: 5000, clusterIntervalMs: 5000, slowIntervalMs: 300_000 });
  const rows = new Map<string, NodeRow>();
  const sent = { events: 0, bytes: 0, rows: 0 };
  const hub = createEventHub({ onError: console.error });
  // What the browser shell does with an event for one page.
  hub.subscribe((event) => {
    sent.events += 1;
    sent.bytes += JSON.stringify({ kind: 'event', event }).length;
    if (event.name !== 'region.changed') return;
    sent.rows += event.payload.changed.length;
    for (const row of event.payload.changed) rows.set(row.id, row);
  });
  const begun = performance.now();
  const region = openRegion(profile, {
    pool,
    clock: systemClock,
    settings: () => store.settings.get(),
    cache: createRegionCache(store.openInventory(profile.id)),
    metrics: createMetrics({
      file: store.metricsFile(profile.id),
      workerUrl: new URL('../../electron/core/metrics/worker.ts', import.meta.url),
      now: Date.now,
      onNotice: ({ message }) => console.warn(message),
    }),
    log: { info: () => {} },
    onChanged: (event) => hub.publish('region.changed', event),
    onTrends: (event) => hub.publish('region.trends', event),
  });
  const starting = measure();
  const isLive = (row: NodeRow): boolean =>
    row.status.status === 'active' &&
    row.status.unknownSince === null &&
    row.cpuPercent.kind === 'known' &&
    row.storageBytes.kind === 'known';
  while ([...rows.values()].filter(isLive).length < count) {
    if (performance.now() - begun > 90_000) {
      console.error(`only ${[...rows.values()].filter(isLive).length} of ${count} rows are live after 90 s`);
      console.error(JSON.stringify([...rows.values()].find((row) => !isLive(row)) ?? region.snapshot().region));
      process.exitCode = 1;
      break;
    }
    await sleep(50);
  }
  console.log(`all ${count} rows live after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  starting.report('while they became live');
  // The slow facts of the last ones.
  await sleep(5000);
  const idle = await idleProcess();
  Object.assign(sent, { events: 0, bytes: 0, rows: 0 });
  const measured = measure();
  await sleep(seconds * 1000);
  const { cpuMs, delayP99Ms } = measured.report(`in ${seconds} s of watching`);
  const idleP99Ms = await idle.stop();
  const perSecond = (value: number) => (value / seconds).toFixed(1);
  console.log(`an idle process beside it: main-loop delay p99 ${idleP99Ms.toFixed(1)} ms`);
  console.log(
    `CPU ${(cpuMs / count / (seconds / 60)).toFixed(0)} ms a node and minute, ${(cpuMs / seconds / 10).toFixed(1)} % of a core`,
  );
  console.log(
    `published: ${perSecond(sent.events)} events/s with ${perSecond(sent.rows)} rows/s, ${perSecond(sent.bytes / 1024)} KB/s`,
  );
  const memory = process.memoryUsage();
  console.log(`heap ${mb(memory.heapUsed)} MB used, RSS ${mb(memory.rss)} MB`);
  if (idleP99Ms >= 50) console.log('unjudged main-loop delay: even an idle process waited that long for the CPU');
  else {
    console.log(`${delayP99Ms < 50 ? 'met   ' : 'MISSED'} main-loop delay p99 below 50 ms`);
    if (delayP99Ms >= 50) process.exitCode = 1;
  }
  await region.close();
  pool.close();
  store.close();
}

function mb(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

/** Begins to measure this process; `report` prints what it did since. */
function measure(): { report(when: string): { readonly cpuMs: number; readonly delayP99Ms: number } } {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  return {
    report(when) {
      delay.disable();
      const used = process.cpuUsage(cpu);
      const ms = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(1);
      console.log(
        `main-loop delay ${when}: p50 ${ms(delay.percentile(50))} ms, p99 ${ms(delay.percentile(99))} ms, p99.9 ${ms(delay.percentile(99.9))} ms, max ${ms(delay.max)} ms`,
      );
      return { cpuMs: (used.user + used.system) / 1000, delayP99Ms: delay.percentile(99) / 1e6 };
    },
  };
}

/** The pool, but for what the machines are: tools and scripts that answer with captures run in the place of the real ones. */
function answering(pool: SshPool, folder: string): SshPool {
  const outputs = outputsOfMany({ nodes: count, vmsPerNode, addressOf: (index) => addresses[index] ?? '' });
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  // Shell functions are found before programs; their names have no hyphen.
  const tools = `crm_mon() { cat ${file('crm_mon.xml', outputs.crmMon)}; }
cibadmin() { cat ${file('cib.xml', outputs.cib)}; }
quorumtool() { cat ${file('quorumtool.txt', outputs.quorum)}; }
uname() { echo ${outputs.uname}; }
cat() { if [ "$1" = /etc/corosync/corosync.conf ]; then command cat ${file('corosync.conf', outputs.corosync)}; else command cat "$@"; fi; }
`;
  const slow = new Map(
    slowProbeIds.map((id) => {
      const { nonce, stdout, stderr } = capturedAnswer('c2', id);
      const print = (path: string) => `sed "s/^${nonce} /$1 /" ${path}`;
      const [out, err] = [file(`${id}.txt`, stdout), file(`${id}.txt.err`, stderr)];
      return [slowProbes[id].command.script, `${print(out)}; ${print(err)} >&2`] as const;
    }),
  );
  const scripted = (command: RemoteCommand): RemoteCommand => {
    const capture = slow.get(command.script);
    if (capture !== undefined) return { ...command, script: capture, privilege: 'none' };
    return command.script.includes('cibadmin')
      ? { ...command, script: tools + command.script.replace('corosync-quorumtool', 'quorumtool') }
      : command;
  };
  const shellOf = (shell: ShellChannel): ShellChannel => ({
    run: (command, options) => shell.run(scripted(command), options),
    close: () => shell.close(),
  });
  return {
    acquire: async (target, options) => {
      const connection = await pool.acquire(target, options);
      return {
        target: connection.target,
        hostKey: connection.hostKey,
        run: (command, options_) => connection.run(command, options_),
        openShell: async () => shellOf(await connection.openShell()),
        // The log of this machine's own cluster, if it has one, is none of this region's.
        follow: () => Promise.resolve({ close: () => {} }),
        onClosed: (listener) => connection.onClosed(listener),
        release: () => connection.release(),
      };
    },
    answer: (id, answers) => pool.answer(id, answers),
    suspend: () => pool.suspend(),
    resume: () => pool.resume(),
    stats: () => pool.stats(),
    close: () => pool.close(),
  };
}
