/**
 * Where a lab lives: its number, addresses, names and folders. Several labs may exist at once on one machine, so nothing that the
 * kernel sees once for the whole host (addresses, network namespaces, cgroups, the laptop's interface) may lack the lab's number.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './shell.ts';

export type NodeRole = 'control' | 'worker' | 'candidate';

/** One node as it is wired, before it is booted. `number` is the last byte of its addresses. */
export type NodePlace = {
  readonly name: string;
  readonly role: NodeRole;
  readonly number: number;
  readonly address: string;
  readonly secondAddress: string;
  readonly macs: readonly [string, string];
};

export type Layout = {
  readonly id: number;
  /** Holds this lab's state; gone after `down`. */
  readonly folder: string;
  /** The network namespace that holds every bridge and switch port of this lab, and its power switch: the datacenter. */
  readonly datacenter: string;
  /** The laptop's interface on the host, and its address in the management network. */
  readonly laptopInterface: string;
  readonly laptopAddress: string;
  readonly managementNetwork: string;
  readonly switchAddress: string;
  readonly switchPort: number;
};

export const clusterName = 'lab';
export const rootPassword = 'lab-root';
export const clusterPassword = 'lab-hacluster';
/** MiB of "memory" that Pacemaker places VMs by on every node: small, so that a test can fill it with tiny VMs. */
export const nodeMemoryMiB = 128;

/** Users other than root on every node; all of them also accept the lab's key. */
export const logins = {
  /** May read the cluster and libvirt by its groups; sudo asks for the password. */
  tech: { user: 'tech', password: 'lab-tech' },
  /** No group, no sudo. */
  bare: { user: 'bare', password: 'lab-bare' },
  /** sudo without a password, no group. */
  sudoer: { user: 'sudoer', password: 'lab-sudoer' },
} as const;

const roleLetters = { c: 'control', w: 'worker', x: 'candidate' } as const satisfies Record<string, NodeRole>;
const firstNumbers = { c: 10, w: 50, x: 80 } as const;

export const stateFolder = (): string => process.env['RACKSIDE_LAB_DIR'] ?? '/var/tmp/rackside-lab';

/** The lab's layout; `id` 0–9, else the one named by RACKSIDE_LAB, else 0. */
export function layoutOf(id: number = Number(process.env['RACKSIDE_LAB'] ?? 0)): Layout {
  if (!Number.isInteger(id) || id < 0 || id > 9) throw new LabError(`A lab's number is 0 to 9, not ${id}.`);
  return {
    id,
    folder: join(stateFolder(), 'labs', String(id)),
    datacenter: `rackside-lab${id}`,
    laptopInterface: `rackside${id}`,
    laptopAddress: `10.213.${id}.1`,
    managementNetwork: `10.213.${id}.0/24`,
    switchAddress: `10.213.${id}.2`,
    switchPort: 9623,
  };
}

/** c1 → .11, w1 → .51, x1 → .81; at most nine of each. */
export function placeOf(layout: Layout, name: string): NodePlace {
  const match = /^([cwx])([1-9])$/.exec(name);
  if (match === null) throw new LabError(`A lab's nodes are called c1…c9, w1…w9 and x1…x9, not '${name}'.`);
  const letter = match[1] as keyof typeof roleLetters;
  const number = firstNumbers[letter] + Number(match[2]);
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return {
    name,
    role: roleLetters[letter],
    number,
    address: `10.213.${layout.id}.${number}`,
    secondAddress: `10.214.${layout.id}.${number}`,
    macs: [`52:54:00:d5:${hex(layout.id)}:${hex(number)}`, `52:54:00:d6:${hex(layout.id)}:${hex(number)}`],
  };
}

export const allPlaces = (layout: Layout): readonly NodePlace[] =>
  (['c', 'w', 'x'] as const).flatMap((letter) =>
    Array.from({ length: 9 }, (_, index) => placeOf(layout, `${letter}${index + 1}`)),
  );

export const nodeFolder = (layout: Layout, name: string): string => join(layout.folder, 'nodes', name);
export const nodeNamespace = (layout: Layout, name: string): string => `${layout.datacenter}-${name}`;

/**
 * The cgroup trees a container's systemd needs to find its own place in: on a host with the hybrid layout both the unified one and
 * systemd's named one, on a pure version 2 host the only one.
 */
export function cgroupTrees(): readonly string[] {
  const unified = '/sys/fs/cgroup/unified';
  if (!existsSync(unified)) return ['/sys/fs/cgroup'];
  return [unified, '/sys/fs/cgroup/systemd'].filter((tree) => existsSync(tree));
}

export const cgroupsOf = (layout: Layout, name?: string): readonly string[] =>
  cgroupTrees().map((tree) => join(tree, layout.datacenter, ...(name === undefined ? [] : [name])));
