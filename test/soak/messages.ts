import type { DemoReady, ToDemo } from '#shared/model/demo.ts';
import type { NodeTruth } from './truth.ts';

/** What a soak says to its simulated region: the same as the app would. */
export type ToWorld = ToDemo;

export type FromWorld =
  | { readonly kind: 'ready'; readonly ready: DemoReady; readonly vms: readonly string[] }
  /** Servers of which something else is true now. UTC ms. */
  | { readonly kind: 'truth'; readonly at: number; readonly changed: readonly NodeTruth[] }
  /** `problem`: why the fault did not happen, `null` where it did. */
  | { readonly kind: 'fault-done'; readonly id: number; readonly problem: string | null }
  /** A command that the simulation does not know, or an error that nobody caught. */
  | { readonly kind: 'wrong'; readonly words: string };
