import type { RequestMessage, ServerMessage } from '#shared/contract/contract.ts';
import type { DemoOptions } from '#shared/model/demo.ts';

/** What a measuring program says to the app in a process of its own. */
export type ToApp =
  | { readonly kind: 'start'; readonly folder: string; readonly demo: DemoOptions }
  | RequestMessage
  | { readonly kind: 'measure' }
  | { readonly kind: 'close' };

export type FromApp =
  | { readonly kind: 'started' }
  | ServerMessage
  | { readonly kind: 'measured'; readonly measured: Measured }
  /** The app has started the process of its demo region. */
  | { readonly kind: 'demo'; readonly pid: number }
  /** An error or a rejection that nobody caught, in words. */
  | { readonly kind: 'uncaught'; readonly words: string };

/** One look at the app's process; what the look itself takes is left out. */
export interface Measured {
  /** CPU of all its threads since its start, ms. */
  readonly cpuMs: number;
  /** After a collection; `external`: buffers outside of the heap. */
  readonly heapBytes: number;
  readonly externalBytes: number;
  readonly rssBytes: number;
  /** How late the main loop was since the look before. */
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly most: number };
}
