/*
 * How fast all nodes of a region are asked for their fast values: N endpoints of a real sshd on loopback addresses, one long-lived shell each,
 * every probe about 6 KB; beside it OpenSSH's ControlMaster and pssh in the same run, because only the ratio means anything on another machine.
 *   npm run bench -- fanout [N=200] [ROUNDS=20] [IN-FLIGHT=16]
 */
import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { poolFor, targetOf } from '../helpers/ssh-pool.ts';
import { findSshd, type Sshd, startSshd } from '../helpers/sshd.ts';
import { idleProcess } from './idle-of-machine.ts';

interface Measured {
  readonly name: string;
  readonly hostsPerSecond: number;
  readonly cpuMsPerProbe: number;
}

const probe =
  'head -qc 2048 /proc/stat /proc/meminfo /proc/net/dev /proc/diskstats /proc/vmstat /proc/loadavg /proc/uptime';
const [count = 200, rounds = 20, inFlight = 16] = process.argv.slice(2).map(Number);
const addresses = Array.from(
  { length: count },
  (_value, index) => `127.0.${20 + Math.floor(index / 200)}.${(index % 200) + 1}`,
);

if (findSshd() === undefined) {
  console.error('This bench needs /usr/sbin/sshd (apt-get install openssh-server).');
  process.exitCode = 1;
} else {
  const daemon = await startSshd({ addresses, config: ['MaxStartups 1000', 'LogLevel ERROR'] });
  const folder = mkdtempSync(join(tmpdir(), 'rackside-fanout-'));
  try {
    await compare(daemon, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await daemon.close();
  }
}

async function compare(daemon: Sshd, folder: string): Promise<void> {
  console.log(`load of this machine before: ${loadavg()[0]?.toFixed(1)} (what others use is missing below)`);
  const ours = await rackside(daemon);
  const others = [await controlMaster(daemon, folder), await pssh(daemon, folder)].filter((one) => one !== undefined);
  console.log(`\n| N = ${count} | hosts/s | client CPU ms a probe |\n|---|---|---|`);
  for (const one of [ours, ...others])
    console.log(`| ${one.name} | ${one.hostsPerSecond.toFixed(0)} | ${one.cpuMsPerProbe.toFixed(2)} |`);
  for (const one of others)
    console.log(
      `Rackside asks ${(ours.hostsPerSecond / one.hostsPerSecond).toFixed(1)} times the hosts of ${one.name} a second, with 1/${(one.cpuMsPerProbe / ours.cpuMsPerProbe).toFixed(0)} of its CPU.`,
    );
  goal('at least 400 hosts/s', ours.hostsPerSecond >= 400);
  goal('at most 0.4 ms client CPU a probe', ours.cpuMsPerProbe <= 0.4);
  if (ours.idleP99Ms >= 50)
    console.log(
      `unjudged main-loop delay: even an idle process waited ${ours.idleP99Ms.toFixed(0)} ms for the CPU (p99)`,
    );
  else goal('main-loop delay p99 below 50 ms', ours.delayP99Ms < 50);
}

function goal(words: string, isMet: boolean): void {
  console.log(`${isMet ? 'met   ' : 'MISSED'} ${words}`);
  if (!isMet) process.exitCode = 1;
}

async function rackside(daemon: Sshd): Promise<Measured & { readonly delayP99Ms: number; readonly idleP99Ms: number }> {
  const pool = poolFor([daemon], { addresses });
  const connectStart = performance.now();
  const held = await Promise.all(
    addresses.map((host) => pool.acquire(targetOf(daemon, { host }), { deadlineMs: 120_000 })),
  );
  const shells = await Promise.all(held.map((connection) => connection.openShell()));
  console.log(`${count} connections and shells in ${((performance.now() - connectStart) / 1000).toFixed(1)} s`);
  let bytes = 0;
  // More at once do not make it faster: they only let the loopback sshd's processes take this process's turn on the CPU.
  const round = () =>
    inParallel(shells, inFlight, async (shell) => {
      bytes = (await shell.run({ script: probe, privilege: 'none' }, { deadlineMs: 30_000 })).stdout.length;
    });
  // Two rounds to warm up: the first sends the script, both let the code be compiled.
  for (let index = 0; index < 2; index += 1) await round();
  const idle = await idleProcess();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let index = 0; index < rounds; index += 1) await round();
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  delay.disable();
  const idleP99Ms = await idle.stop();
  const probes = count * rounds;
  const delayP99Ms = delay.percentile(99) / 1e6;
  console.log(
    `${probes} probes of ${bytes} bytes, ${inFlight} at once; main-loop delay p99 ${delayP99Ms.toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(1)} ms; of an idle process beside it p99 ${idleP99Ms.toFixed(1)} ms`,
  );
  pool.close();
  return {
    name: 'Rackside, one long-lived shell a host',
    hostsPerSecond: probes / seconds,
    cpuMsPerProbe: (used.user + used.system) / 1000 / probes,
    delayP99Ms,
    idleP99Ms,
  };
}

function sshOptions(daemon: Sshd): readonly string[] {
  return [
    '-F',
    'none',
    '-p',
    String(daemon.port),
    '-i',
    daemon.keyFile,
    '-o',
    'BatchMode=yes',
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'UserKnownHostsFile=/dev/null',
    '-o',
    'LogLevel=ERROR',
  ];
}

/** OpenSSH with a connection kept open for each host; its own CPU is counted, that of the kept masters is not. */
async function controlMaster(daemon: Sshd, folder: string): Promise<Measured | undefined> {
  if (spawnSync('ssh', ['-V']).status !== 0) return undefined;
  const socket = (host: string) => join(folder, host);
  const options = sshOptions(daemon);
  await inParallel(addresses, 8, (host) =>
    ended('ssh', ['-M', '-N', '-f', '-S', socket(host), ...options, `${daemon.user}@${host}`]),
  );
  const cpu = childrenCpuMs();
  const start = performance.now();
  await inParallel(addresses, 32, (host) =>
    ended('ssh', ['-S', socket(host), ...options, `${daemon.user}@${host}`, probe]),
  );
  const seconds = (performance.now() - start) / 1000;
  const used = childrenCpuMs() - cpu;
  await inParallel(addresses, 32, (host) => ended('ssh', ['-S', socket(host), '-O', 'exit', ...options, host]));
  return { name: 'OpenSSH ControlMaster, exec', hostsPerSecond: count / seconds, cpuMsPerProbe: used / count };
}

async function pssh(daemon: Sshd, folder: string): Promise<Measured | undefined> {
  const program = ['parallel-ssh', 'pssh'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (program === undefined) {
    console.log('pssh is not installed; left out.');
    return undefined;
  }
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, addresses.map((host) => `${daemon.user}@${host}:${daemon.port}\n`).join(''));
  const options = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    `IdentityFile=${daemon.keyFile}`,
  ];
  const cpu = childrenCpuMs();
  const start = performance.now();
  await ended(program, [
    '-h',
    hosts,
    '-p',
    '32',
    '-t',
    '60',
    ...options.flatMap((option) => ['-O', option]),
    '-o',
    join(folder, 'out'),
    probe,
  ]);
  const seconds = (performance.now() - start) / 1000;
  return { name: 'pssh', hostsPerSecond: count / seconds, cpuMsPerProbe: (childrenCpuMs() - cpu) / count };
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}

function ended(program: string, args: readonly string[]): Promise<void> {
  const options: SpawnOptions = { stdio: ['ignore', 'ignore', 'ignore'] };
  return new Promise((resolve, reject) => {
    spawn(program, args, options)
      .once('error', reject)
      .once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`${program} ${args.at(-1) ?? ''}: exit ${code ?? 'by signal'}`)),
      );
  });
}

/** CPU of all children that ended, in ms: fields 16 and 17 of `/proc/self/stat`, in ticks of 10 ms (proc(5)). */
function childrenCpuMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
