import { cibOf, layRegion } from '../layout/region.ts';
import type { Cib } from './cib.ts';
import type { DemoClock } from './clock.ts';
import { isSilent, type DemoNode, type DemoVm } from './node.ts';
import { settingsOf, type Settings } from './settings.ts';

/** One entry of the fencer's history. */
export interface FenceEntry {
  readonly action: 'reboot' | 'off';
  readonly target: string;
  readonly client: string;
  readonly origin: string;
  /** Who did it, where that is not the node that asked. */
  readonly delegate?: string;
  status: 'pending' | 'success' | 'failed';
  /** UTC ms; `null` while it is pending. */
  completedAt: number | null;
}

/** A resource that is no VM: a worker's connection, the fencing device. */
export interface DemoService {
  readonly id: string;
  readonly kind: 'connection' | 'fencing';
  role: 'Started' | 'Stopped' | 'Starting' | 'Stopping' | 'Migrating';
  nodes: readonly string[];
}

export interface DemoQuorum {
  readonly votes: number;
  readonly expected: number;
  readonly needed: number;
  readonly isQuorate: boolean;
}

/** Everything that is true in the simulated region. Whoever changes something of it says so by `changed`. */
export class World {
  readonly seed: number;
  readonly clock: DemoClock;
  readonly nodes: ReadonlyMap<string, DemoNode>;
  readonly vms: Map<string, DemoVm>;
  readonly services = new Map<string, DemoService>();
  readonly cib: Cib;
  readonly fencing: FenceEntry[] = [];
  /** Nodes that a fault has killed or frozen since the last heal, by their names. */
  readonly broken = new Set<string>();
  /** Leases that a second operator has taken (a fault): their values by their names. */
  readonly takenLeases = new Map<string, string>();
  readonly #byAddress: ReadonlyMap<string, DemoNode>;
  readonly #listeners = new Set<(line: string) => void>();
  #settings: { readonly epoch: number; readonly settings: Settings } | undefined;
  #version = 0;

  constructor(seed: number, members: number, clock: DemoClock) {
    this.seed = seed;
    this.clock = clock;
    const laid = layRegion(seed, members, clock.now());
    this.nodes = new Map(laid.nodes.map((node) => [node.name, node]));
    this.#byAddress = new Map(laid.nodes.map((node) => [node.address, node]));
    this.vms = new Map(laid.vms.map((vm) => [vm.id, vm]));
    this.cib = cibOf(laid, (by) => this.changed(`(cib_perform_op) info: ++ /cib: by cib_${by}`));
    this.#layFencings();
    const controls = laid.nodes.filter(({ role }) => role === 'control').map(({ name }) => name);
    const first = controls[0] ?? '';
    this.services.set('power', { id: 'power', kind: 'fencing', role: 'Started', nodes: [first] });
    const workers = laid.nodes.filter(({ role }) => role === 'worker');
    workers.forEach(({ name, membership }, index) => {
      const isOn = membership !== 'offline';
      this.services.set(name, {
        id: name,
        kind: 'connection',
        role: isOn ? 'Started' : 'Stopped',
        nodes: isOn ? [controls[index % controls.length] ?? first] : [],
      });
    });
  }

  /** Who is fenced at the start was fenced half an hour ago, and stays off; who joins again was fenced just now. */
  #layFencings(): void {
    const [first] = this.controls();
    for (const { name, power, membership } of this.members()) {
      const isOff = power === 'off' && this.settings().connections.get(name)?.isStopped === false;
      if (!isOff && membership !== 'pending') continue;
      this.fencing.push({
        action: isOff ? 'off' : 'reboot',
        target: name,
        client: 'pacemaker-controld.1742',
        origin: first?.name ?? '',
        status: 'success',
        completedAt: this.clock.now() - (isOff ? 1_800_000 : 15_000),
      });
    }
  }

  /** Grows with whatever the cluster's status would show. */
  get version(): number {
    return this.#version;
  }

  /** Something has changed; `line` is what Pacemaker's log would say of it. */
  changed(line: string): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener(line);
  }

  /** Hears of every change. Returns what ends it. */
  onChange(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  settings(): Settings {
    if (this.#settings?.epoch !== this.cib.epoch)
      this.#settings = { epoch: this.cib.epoch, settings: settingsOf(this.cib) };
    return this.#settings.settings;
  }

  /** Controls and workers, controls first. */
  members(): readonly DemoNode[] {
    return [...this.nodes.values()].filter(({ role }) => role !== 'none');
  }

  controls(): readonly DemoNode[] {
    return [...this.nodes.values()].filter(({ role }) => role === 'control');
  }

  nodeAt(address: string): DemoNode | undefined {
    return this.#byAddress.get(address) ?? this.nodes.get(address);
  }

  /** The coordinator: the first control that is a member. */
  dc(): DemoNode | undefined {
    return this.controls().find((node) => votes(node) && node.membership === 'online');
  }

  quorum(): DemoQuorum {
    const controls = this.controls();
    const present = controls.filter(votes).length;
    // Of two, one is enough: pcs writes `two_node` (capture `cutnet`).
    const needed = controls.length === 2 ? 1 : Math.floor(controls.length / 2) + 1;
    return { votes: present, expected: controls.length, needed, isQuorate: present >= needed };
  }

  isStandby({ name }: DemoNode): boolean {
    return this.settings().nodes.get(name)?.isStandby === true;
  }

  /** Whether the cluster answers on this machine: on a control that votes, or through a worker's connection. */
  answersFor(node: DemoNode): boolean {
    if (node.role === 'control') return votes(node);
    const role = this.services.get(node.name)?.role;
    return node.role === 'worker' && node.services === 'running' && (role === 'Started' || role === 'Migrating');
  }
}

/** Its Corosync takes part. */
const votes = (node: DemoNode): boolean => !isSilent(node) && node.services === 'running';
