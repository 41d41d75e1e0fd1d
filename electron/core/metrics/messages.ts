import type { AppNotice } from '#shared/contract/app.ts';
import type { Problem } from '#shared/problems.ts';
import type { MetricSeries } from './series.ts';

/** How long is kept what is measured. Raw ticks are needed for an hour at least: sparklines are loaded from them. */
export interface Retention {
  readonly rawMs: number;
  readonly minutesMs: number;
}

/** What the worker is started with. */
export interface WorkerStart {
  readonly file: string;
  readonly quarantine: string;
  readonly backups: string;
  readonly retention: Retention;
  /** UTC ms. */
  readonly now: number;
  /** The file was found damaged by the worker before: it is set aside without another look. */
  readonly isDamaged: boolean;
}

/** Sums and counts a minute, `[node][series][minute]`, the first minute's number since 1970 being `firstMinute`. */
export interface HourOfMeans {
  readonly firstMinute: number;
  readonly minutes: number;
  readonly nodes: readonly string[];
  readonly sums: Float32Array<ArrayBuffer>;
  readonly counts: Uint16Array<ArrayBuffer>;
}

/** One node over a span, one point a minute; NaN where nothing was read. */
export interface History {
  readonly startsAt: number;
  readonly stepMs: number;
  readonly values: Readonly<Record<MetricSeries, Float32Array>>;
}

export type ToWorker =
  /** `matrix` is `[series][node]` of the nodes given last. */
  | { readonly kind: 'tick'; readonly at: number; readonly matrix: Float32Array<ArrayBuffer> }
  | { readonly kind: 'nodes'; readonly nodes: readonly string[] }
  | {
      readonly kind: 'history';
      readonly request: number;
      readonly node: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'size'; readonly request: number }
  | { readonly kind: 'retention'; readonly retention: Retention }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'opened'; readonly hour: HourOfMeans }
  | { readonly kind: 'written'; readonly at: number; readonly tookMs: number }
  | { readonly kind: 'notice'; readonly notice: Pick<AppNotice, 'level' | 'message' | 'advice'> }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** The tick before was lost because the file is damaged; the worker ends and is started anew with a fresh file. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'history'; readonly request: number; readonly history: History }
  | { readonly kind: 'size'; readonly request: number; readonly bytes: number };
