import type { DemoNode } from '../world/node.ts';

/** What each host has left for VMs, MiB; kept in order, so that a VM costs a search and not a look at every host. */
export class Rooms {
  readonly #free: Map<DemoNode, number>;
  readonly #position: ReadonlyMap<DemoNode, number>;
  /** The most room first; hosts that have as much as each other as they were given. */
  readonly #ordered: DemoNode[];

  constructor(hosts: readonly DemoNode[], capacityMib: (host: DemoNode) => number) {
    this.#free = new Map(hosts.map((host) => [host, capacityMib(host)]));
    this.#position = new Map(hosts.map((host, index) => [host, index]));
    this.#ordered = hosts.toSorted((one, other) => this.#compare(one, other));
  }

  of(host: DemoNode): number {
    return this.#free.get(host) ?? 0;
  }

  take(host: DemoNode, memoryMib: number): void {
    this.#ordered.splice(this.#find(host), 1);
    this.#free.set(host, this.of(host) - memoryMib);
    this.#ordered.splice(this.#find(host), 0, host);
  }

  /** One of the hosts with the most room, `rank` places from the top; `undefined` where it fits nowhere. */
  roomiest(memoryMib: number, rank: number): DemoNode | undefined {
    const best = this.#ordered.slice(0, rank + 1).filter((host) => this.of(host) >= memoryMib);
    return best.at(-1);
  }

  #compare(one: DemoNode, other: DemoNode): number {
    return this.of(other) - this.of(one) || (this.#position.get(one) ?? 0) - (this.#position.get(other) ?? 0);
  }

  /** Where the host stands, or would stand. */
  #find(host: DemoNode): number {
    let [from, to] = [0, this.#ordered.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = this.#ordered[middle];
      if (other !== undefined && this.#compare(other, host) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
