import type { EventEnvelope } from '#shared/contract/contract.ts';
import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { RegionSnapshot, RegionView } from '#shared/model/region.ts';
import { judge, longestMs, missing, type Verdict } from './judge.ts';
import { TruthHistory } from './truth.ts';

type False = Extract<Verdict, { kind: 'false' }>;

/** One status that was neither true nor marked, from the first look that saw it on. */
export interface Untruth extends False {
  readonly at: number;
  looks: number;
}

/** The table as a window has it, judged again and again. */
export class JudgedTable {
  readonly counts = { true: 0, marked: 0, false: 0, missing: 0 };
  readonly seen = new Map<NodeStatus, number>();
  readonly untruths: Untruth[] = [];
  readonly history = new TruthHistory(20 * 60_000);
  readonly #rows = new Map<string, NodeRow>();
  readonly #current = new Map<string, Untruth>();
  #view: RegionView | undefined;

  paint({ region, nodes }: RegionSnapshot): void {
    this.#view = region;
    this.#rows.clear();
    for (const row of nodes) this.#rows.set(row.id, row);
  }

  hear(event: EventEnvelope): void {
    if (event.name !== 'region.changed') return;
    this.#view = event.payload.region;
    for (const row of event.payload.changed) this.#rows.set(row.id, row);
    for (const id of event.payload.removed) this.#rows.delete(id);
  }

  get view(): RegionView | undefined {
    return this.#view;
  }

  rows(): readonly NodeRow[] {
    return [...this.#rows.values()];
  }

  /** Looks at every row once. UTC ms. */
  look(now: number): void {
    const view = this.#view;
    if (view === undefined) return;
    if (longestMs(view) > 20 * 60_000) throw new Error('the truth is not kept for as long as these intervals need');
    for (const row of this.#rows.values()) {
      const { status } = row.status;
      this.seen.set(status, (this.seen.get(status) ?? 0) + 1);
      const verdict = judge(row, view, this.history, now);
      this.counts[verdict.kind] += 1;
      if (verdict.kind === 'false') this.#note(verdict, now);
      else this.#current.delete(row.hostname);
    }
    if (view.connection.kind === 'live')
      this.counts.missing += missing(this.#rows.values(), view, this.history, now).length;
  }

  #note(verdict: False, now: number): void {
    const known = this.#current.get(verdict.node);
    if (known?.shown === verdict.shown) {
      known.looks += 1;
      return;
    }
    const untruth: Untruth = { ...verdict, at: now, looks: 1 };
    this.#current.set(verdict.node, untruth);
    this.untruths.push(untruth);
  }
}
