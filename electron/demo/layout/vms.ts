import { randomOf, uuidOf } from '../random.ts';
import type { DemoNode, DemoVm } from '../world/node.ts';
import { Rooms } from './rooms.ts';

/** A VM with what the configuration says of it. */
export interface PlacedVm {
  readonly vm: DemoVm;
  readonly node: string;
  readonly allowMigrate: boolean;
  /** It prefers its node (score 50), or may run nowhere else (a GPU is passed through). */
  readonly binding: 'none' | 'prefers' | 'only-there';
}

const purposes = ['web', 'db', 'cache', 'build', 'mail', 'dns', 'git', 'metrics', 'tenant', 'desktop'] as const;
const sizes = [4, 8, 8, 8, 16, 16, 24, 32, 48] as const;

/** What VMs may use of a node, MiB: the rest is the host's. */
export const capacityMib = ({ role, hardware }: DemoNode): number =>
  role === 'control' ? 0 : Math.floor(hardware.memoryGib * 1024 * 0.9);

/** Spreads the VMs over the nodes; small nodes are filled until next to nothing fits any more. */
export function placeVms(seed: number, hosts: readonly DemoNode[], count: number): readonly PlacedVm[] {
  const random = randomOf(seed, 'vms');
  const rooms = new Rooms(hosts, capacityMib);
  const placed: PlacedVm[] = [];
  for (const host of hosts)
    for (const gpuSlot of host.hardware.gpus)
      place(`gpu-${String(placed.length + 1).padStart(2, '0')}`, host, 65_536, gpuSlot);
  const small = hosts.filter(({ hardware }) => hardware.memoryGib <= 256);
  for (let index = placed.length; index < count; index += 1) {
    const memoryMib = random.pick(sizes) * 1024;
    const tight = small[index % Math.max(1, small.length)];
    const isForTight = tight !== undefined && rooms.of(tight) > memoryMib + 4096 && index < small.length * 24;
    const host = isForTight ? tight : rooms.roomiest(memoryMib, random.between(0, 3));
    // A region of very few nodes holds no more.
    if (host === undefined) break;
    place(`${random.pick(purposes)}-${String(index + 1).padStart(3, '0')}`, host, memoryMib, null);
  }
  return placed;

  function place(id: string, host: DemoNode, memoryMib: number, gpuSlot: string | null): void {
    rooms.take(host, memoryMib);
    const isBusy = random.next() < 0.02;
    const vm: DemoVm = {
      id,
      uuid: uuidOf(seed, 'vm', id),
      memoryMib,
      vcpus: Math.max(2, Math.min(32, memoryMib / 4096)),
      gpuSlot,
      dirtyMibPerSecond: isBusy ? 1_600 : random.between(5, 240),
      role: 'Started',
      nodes: [host.name],
      pending: null,
      failsToMigrate: false,
    };
    host.domains.set(id, { vm: id, state: 'running', reason: 'booted', job: null });
    placed.push({
      vm,
      node: host.name,
      allowMigrate: gpuSlot === null && random.next() > 0.03,
      binding: gpuSlot !== null ? 'only-there' : random.next() < 0.2 ? 'prefers' : 'none',
    });
  }
}
