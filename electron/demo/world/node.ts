import type { MigrationJob } from './migration.ts';

/** What a machine is made of; nothing of it changes while it runs. */
export interface DemoHardware {
  readonly cpuModel: string;
  readonly sockets: number;
  readonly coresPerSocket: number;
  readonly memoryGib: number;
  readonly vendor: string;
  readonly model: string;
  readonly disks: readonly DemoDisk[];
  /** PCI addresses of its GPUs, e.g. `0000:41:00.0`. */
  readonly gpus: readonly string[];
}

export interface DemoDisk {
  readonly name: string;
  readonly model: string;
  readonly serial: string;
  readonly sizeBytes: number;
  readonly isRotational: boolean;
  /** Member of the data pool `md0`. */
  readonly isOfPool: boolean;
}

/** A domain as the node's own libvirt has it. */
export interface DemoDomain {
  readonly vm: string;
  state: 'running' | 'paused';
  reason: 'booted' | 'migrated' | 'migrating';
  /** On the source of a live migration. */
  job: MigrationJob | null;
}

/** A unit that systemd-run made. */
export interface DemoUnit {
  readonly name: string;
  /** `gone`: it was stopped after it had ended well, or forgotten; only its journal is left. */
  state: 'running' | 'exited' | 'failed' | 'gone';
  exitStatus: number;
  result: 'success' | 'exit-code' | 'signal';
  readonly journal: string[];
  /** It was asked to end, and has not yet. */
  isStopping: boolean;
  stop: (() => void) | null;
}

/** Counters that only grow, until the machine is booted again. */
export interface LoadCounters {
  /** UTC ms of the last look. */
  at: number;
  busyTicks: number;
  totalTicks: number;
  rxBytes: number;
  txBytes: number;
  readBytes: number;
  writtenBytes: number;
}

/** A simulated machine. */
export interface DemoNode {
  readonly name: string;
  /** Corosync's number of a control, the name of a worker. */
  readonly id: string;
  readonly index: number;
  readonly address: string;
  readonly machineId: string;
  readonly serial: string;
  readonly hardware: DemoHardware;
  /** `none`: it is no member (any more). */
  role: 'control' | 'worker' | 'none';
  power: 'on' | 'off' | 'frozen';
  /** UTC ms. */
  bootedAt: number;
  bootId: string;
  /** Pacemaker and Corosync, or pacemaker_remote. */
  services: 'running' | 'stopped';
  libvirt: 'running' | 'stopped';
  /** How far its own clock is ahead. */
  clockOffsetMs: number;
  /** UTC ms when the cluster last looked what runs there; `null`: not since its last fencing. */
  probedAt: number | null;
  /** As the cluster sees it. */
  membership: 'online' | 'pending' | 'unclean' | 'offline';
  network: 'good' | 'slow' | 'cut';
  canBeFenced: boolean;
  /** Names of disks that have failed. */
  readonly failedDisks: Set<string>;
  /** What of this belongs to the story at the start, and is no fault that could be healed. */
  readonly laid: { readonly power: 'on' | 'off'; readonly failedDisks: readonly string[] };
  readonly domains: Map<string, DemoDomain>;
  readonly units: Map<string, DemoUnit>;
  load: LoadCounters | null;
}

/** Nothing of it answers: without power, hung, or behind a cut cable. */
export function isSilent(node: DemoNode): boolean {
  return node.power !== 'on' || node.network === 'cut';
}

/** A virtual machine as the cluster has it. */
export interface DemoVm {
  /** The resource and the domain. */
  readonly id: string;
  readonly uuid: string;
  readonly memoryMib: number;
  readonly vcpus: number;
  /** Of the GPU that is passed through to it. */
  readonly gpuSlot: string | null;
  /** Memory that it writes, MiB a second. */
  readonly dirtyMibPerSecond: number;
  role: 'Started' | 'Stopped' | 'Starting' | 'Stopping' | 'Migrating';
  /** Where the cluster believes it to be: the target first while it arrives. */
  nodes: readonly string[];
  pending: string | null;
  /** Its next migration fails (a fault). */
  failsToMigrate: boolean;
}
