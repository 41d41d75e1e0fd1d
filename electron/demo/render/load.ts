import { randomOf } from '../random.ts';
import type { DemoNode, LoadCounters } from '../world/node.ts';
import type { World } from '../world/world.ts';

const dayMs = 86_400_000;
const gib = 1_073_741_824;

/** How busy a machine is at a moment, each from 0 to 1: a day's rhythm, slower and faster waves, and what runs on it. */
interface Pace {
  readonly cpu: number;
  readonly network: number;
  readonly disk: number;
}

const phases = new WeakMap<DemoNode, readonly [number, number, number, number]>();

function phasesOf(world: World, node: DemoNode): readonly [number, number, number, number] {
  const known = phases.get(node);
  if (known !== undefined) return known;
  const random = randomOf(world.seed, 'load', node.name);
  const fresh = [random.next(), random.next(), random.next(), random.next()] as const;
  phases.set(node, fresh);
  return fresh;
}

function paceOf(world: World, node: DemoNode, at: number): Pace {
  const [day, slow, fast, level] = phasesOf(world, node);
  const wave = (periodMs: number, phase: number): number => Math.sin(2 * Math.PI * (at / periodMs + phase));
  const domains = node.domains.size;
  // Busiest in the afternoon, with an hour or so between the machines.
  const rhythm = 0.5 + 0.3 * wave(dayMs, 0.6 + day * 0.08) + 0.12 * wave(420_000, slow) + 0.08 * wave(37_000, fast);
  const work = Math.min(1, 0.03 + (domains / 24) * (0.5 + level));
  return {
    cpu: clamp(work * rhythm + 0.02),
    network: clamp(work * (rhythm + 0.1 * wave(61_000, fast))) ** 1.5,
    disk: clamp(work * (rhythm + 0.15 * wave(89_000, slow))) ** 1.3,
  };
}

const clamp = (share: number): number => Math.min(0.98, Math.max(0.004, share));

/** The machine's counters now: what they were at the last look, and since then what its pace made of the time between. */
export function countersOf(world: World, node: DemoNode): LoadCounters {
  const now = world.clock.now();
  const threads = threadsOf(node);
  const before = node.load ?? started(world, node, threads);
  // Two looks a long time apart lie on a straight line: the pace in the middle stands for all of it.
  const elapsed = Math.max(0, now - before.at) / 1000;
  const pace = paceOf(world, node, now - elapsed * 500);
  before.at = now;
  before.totalTicks += elapsed * 100 * threads;
  before.busyTicks += elapsed * 100 * threads * pace.cpu;
  before.rxBytes += elapsed * pace.network * 2.2e9;
  before.txBytes += elapsed * pace.network * 1.7e9;
  before.readBytes += elapsed * pace.disk * 9e8;
  before.writtenBytes += elapsed * pace.disk * 4e8;
  node.load = before;
  return before;
}

function started(world: World, node: DemoNode, threads: number): LoadCounters {
  const now = world.clock.now();
  const seconds = Math.max(1, (now - node.bootedAt) / 1000);
  const [, , , level] = phasesOf(world, node);
  const totalTicks = seconds * 100 * threads;
  return {
    at: now,
    totalTicks,
    busyTicks: totalTicks * 0.3 * level,
    rxBytes: seconds * 4e7 * level,
    txBytes: seconds * 3e7 * level,
    readBytes: seconds * 2e7 * level,
    writtenBytes: seconds * 1e7 * level,
  };
}

export const threadsOf = ({ hardware }: DemoNode): number => hardware.sockets * hardware.coresPerSocket * 2;

/** Memory as `/proc/meminfo` counts it, kB: what the VMs have, what the host takes, and a little that the kernel keeps for itself. */
export function memoryKib(
  world: World,
  node: DemoNode,
): { readonly total: number; readonly free: number; readonly available: number } {
  const total = Math.round((node.hardware.memoryGib * gib * 0.983) / 1024);
  let vms = 0;
  for (const name of node.domains.keys()) vms += (world.vms.get(name)?.memoryMib ?? 0) * 1024;
  const [, , , level] = phasesOf(world, node);
  const host = Math.round((6 + level * 6) * 1_048_576);
  const available = Math.max(1_048_576, total - host - Math.round(vms * (0.86 + 0.1 * level)));
  return { total, free: Math.round(available * 0.8), available };
}
