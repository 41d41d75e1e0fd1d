import type { DemoNode } from '../../electron/demo/world/node.ts';

/** What is true of one server in the simulated region, in the simulation's own words: nothing of it has been through a parser of the app's. */
export interface NodeTruth {
  readonly name: string;
  /** `none`: no member of the cluster. */
  readonly role: DemoNode['role'];
  readonly membership: DemoNode['membership'];
  readonly isStandby: boolean;
  /** The last thing done to it by the fencer succeeded. */
  readonly wasFenced: boolean;
  /** VMs that its libvirt has or that the cluster has there, one that moves included. */
  readonly vms: number;
  /** The command of the operation that is recorded on it; `null`: none. */
  readonly operation: string | null;
  /** No disk of its pool is left. */
  readonly hasFailedPool: boolean;
  /** Nothing of it answers this laptop, or only after seconds; or it shows a key that this laptop does not trust. */
  readonly isHardToReach: boolean;
}

/** One change of a server; UTC ms. */
export interface TruthAt {
  readonly at: number;
  readonly truth: NodeTruth;
}

/** What was true of every server, for as long back as judging needs it. */
export class TruthHistory {
  readonly #keepMs: number;
  readonly #nodes = new Map<string, TruthAt[]>();

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  take(at: number, changed: readonly NodeTruth[]): void {
    for (const truth of changed) {
      const all = this.#nodes.get(truth.name) ?? [];
      this.#nodes.set(truth.name, all);
      all.push({ at, truth });
      // The last one from before what is kept was still true when that began.
      while ((all[1]?.at ?? at) < at - this.#keepMs) all.shift();
    }
  }

  names(): readonly string[] {
    return [...this.#nodes.keys()];
  }

  now(name: string): NodeTruth | undefined {
    return this.#nodes.get(name)?.at(-1)?.truth;
  }

  /** Everything that was true of it at some moment since then, oldest first. */
  since(name: string, at: number): readonly NodeTruth[] {
    const all = this.#nodes.get(name) ?? [];
    return all.filter((_, index) => (all[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= at).map(({ truth }) => truth);
  }
}
