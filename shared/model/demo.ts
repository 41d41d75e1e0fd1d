/** The demo region: what it is started with, what can go wrong in it, and what the app and its process say to each other. */

export interface DemoOptions {
  /** Members of the cluster at the start, controls among them. */
  readonly nodes: number;
  /** The same seed makes the same region. */
  readonly seed: number;
  /** How many times faster than a clock the region's time goes; 1 is real time. */
  readonly speed: number;
}

export const defaultDemoOptions: DemoOptions = { nodes: 48, seed: 1, speed: 1 };

/** What stands beside the region's name; a clock that runs faster than real time says so. */
export function demoLabelOf({ speed }: Pick<DemoOptions, 'speed'>): string {
  return speed === 1 ? 'Demo' : `Demo, clock × ${String(speed)}`;
}

/** Faults of one node, by its name in the cluster. */
export const nodeFaults = [
  'node-dies',
  'node-freezes',
  'network-slow',
  'network-cut',
  'fencing-fails',
  'disk-fails',
  'second-operator-takes-lease',
] as const;

/** Something that goes wrong in the region; `heal` ends all of them. `node` and `vm` are names in the cluster. */
export type WorldFault =
  | { readonly kind: (typeof nodeFaults)[number]; readonly node: string }
  | { readonly kind: 'quorum-lost' }
  | { readonly kind: 'migration-fails'; readonly vm: string }
  | { readonly kind: 'heal' };

/** The same, and what happens to the laptop that looks at it: `seconds` of a clock on the wall, whatever the region's speed is. */
export type DemoFault = WorldFault | { readonly kind: 'laptop-sleeps'; readonly seconds: number };

export type ToDemo =
  | { readonly kind: 'start'; readonly options: DemoOptions }
  | { readonly kind: 'fault'; readonly id: number; readonly fault: WorldFault }
  /** Whether the laptop's network carries anything: while it sleeps no byte comes or goes, and no connection ends. */
  | { readonly kind: 'network'; readonly isUp: boolean }
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

/** The region answers at its jump host, with a login that holds as long as its process. */
export interface DemoReady {
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

export type FromDemo =
  | DemoReady
  /** `problem` is null where the fault happened, else why not, in words. */
  | { readonly kind: 'fault-done'; readonly id: number; readonly problem: string | null }
  | { readonly kind: 'failed'; readonly message: string };

/** The simulation as a process of its own; a port, given by the shell. */
export interface DemoProcess {
  send(message: ToDemo): void;
  /** Every message, not yet believed. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once; `how` in words: `exit 1`, `SIGKILL`, `it could not be started: …`. */
  onExit(listener: (how: string) => void): void;
  kill(): void;
}
