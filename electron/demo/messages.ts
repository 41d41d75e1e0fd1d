/** What the app and the process of the demo region say to each other: the app starts it, asks it for faults, and closes it. */

export interface DemoOptions {
  /** Members of the cluster at the start, controls among them. */
  readonly nodes: number;
  /** The same seed makes the same region. */
  readonly seed: number;
  /** How many times faster than a clock the region's time goes; 1 is real time. */
  readonly speed: number;
}

export const defaultDemoOptions: DemoOptions = { nodes: 48, seed: 1, speed: 1 };

/** Something that goes wrong in the region; `heal` ends all of them. `node` and `vm` are names in the cluster. */
export type DemoFault =
  | {
      readonly kind: 'node-dies' | 'node-freezes' | 'network-slow' | 'network-cut' | 'fencing-fails' | 'disk-fails';
      readonly node: string;
    }
  | { readonly kind: 'quorum-lost' }
  | { readonly kind: 'migration-fails'; readonly vm: string }
  | { readonly kind: 'second-operator-takes-lease'; readonly node: string }
  | { readonly kind: 'heal' };

export type ToDemo =
  | { readonly kind: 'start'; readonly options: DemoOptions }
  | { readonly kind: 'fault'; readonly id: number; readonly fault: DemoFault }
  | { readonly kind: 'close' };

/** A host key that a person who knows the region would confirm. One of them is not the one that its node shows. */
export interface DemoHostKey {
  readonly host: string;
  readonly port: number;
  /** `ssh-ed25519`. */
  readonly type: string;
  /** OpenSSH's base64. */
  readonly keyBase64: string;
}

export type FromDemo =
  | {
      readonly kind: 'ready';
      /** Of the jump host, on 127.0.0.1. */
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly jump: { readonly address: '127.0.0.1'; readonly port: number };
      /** Addresses of the control nodes to open the region by, reached through the jump host at port 22. */
      readonly seeds: readonly string[];
      readonly hostKeys: readonly DemoHostKey[];
    }
  /** `problem` is null where the fault happened, else why not, in words. */
  | { readonly kind: 'fault-done'; readonly id: number; readonly problem: string | null }
  | { readonly kind: 'failed'; readonly message: string };
