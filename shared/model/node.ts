import type { StatusView } from '../lifecycle/statuses.ts';
import type { Problem } from '../problems.ts';
import type { NodeRecord, OperationRecord } from './cluster.ts';
import type {
  CpuFacts,
  DataPool,
  Disk,
  Domain,
  Filesystem,
  MemoryFacts,
  NodeLink,
  PciDevice,
  ServiceState,
  SystemFacts,
} from './hardware.ts';
import type { NodeId } from './ids.ts';
import type { Reading } from './reading.ts';

/** Whether this laptop reaches the node: a column of its own, never a status. */
export type Reachability =
  | { readonly kind: 'reachable'; readonly at: number }
  | { readonly kind: 'unreachable'; readonly since: number; readonly problem: Problem }
  | { readonly kind: 'not-tried'; readonly because: string };

/** One row of the node table. Units are in the names; sources and formulas in `docs/architecture.md`, Columns. */
export interface NodeRow {
  readonly id: NodeId;
  /** The display name, else the hostname. */
  readonly name: string;
  readonly hostname: string;
  readonly description: string;
  readonly role: 'control' | 'worker';
  readonly isDc: boolean;
  readonly status: StatusView;
  /** Why nothing is written to it: another machine answers under its name (R12); `null` while it is itself. Also among the warnings. */
  readonly frozenBecause: string | null;
  readonly reachability: Reachability;
  readonly address: Reading<string>;
  readonly machineId: Reading<string>;
  readonly cpuPercent: Reading<number>;
  readonly vcpus: Reading<number>;
  readonly memoryBytes: Reading<number>;
  readonly memoryUsedPercent: Reading<number>;
  readonly vmMemoryTotalBytes: Reading<number>;
  readonly vmMemoryAllocatedBytes: Reading<number>;
  readonly vmMemoryAvailableBytes: Reading<number>;
  readonly networkRxBitsPerSecond: Reading<number>;
  readonly networkTxBitsPerSecond: Reading<number>;
  /** Sum of the physical links' speeds: the top of the network sparklines. */
  readonly linkBitsPerSecond: Reading<number>;
  readonly storageBytes: Reading<number>;
  readonly uptimeSeconds: Reading<number>;
  readonly tags: readonly string[];
  /** The operation that is recorded on it in the cluster; `null`: none. */
  readonly operation: OperationRecord | null;
  /** Who put it in maintenance and why, as recorded; `null`: nobody, or not by Rackside. */
  readonly maintenance: NodeRecord['maintenance'];
  /** What search finds besides name, address and tags: serials and MACs, lower case. */
  readonly searchTerms: readonly string[];
}

/** The last hour, one point a minute, oldest first; `null` where nothing was read (gaps are gaps). */
export interface NodeTrends {
  readonly id: NodeId;
  /** UTC ms of the last point. */
  readonly endsAt: number;
  readonly stepMs: number;
  readonly cpuPercent: readonly (number | null)[];
  readonly memoryUsedPercent: readonly (number | null)[];
  readonly networkRxBitsPerSecond: readonly (number | null)[];
  readonly networkTxBitsPerSecond: readonly (number | null)[];
}

/** The slow facts of a node, each a reading of its own; the keys are those of the probes that read them. */
export interface SlowReadings {
  readonly system: Reading<SystemFacts>;
  readonly cpu: Reading<CpuFacts>;
  readonly memory: Reading<MemoryFacts>;
  readonly links: Reading<readonly NodeLink[]>;
  readonly disks: Reading<readonly Disk[]>;
  readonly filesystems: Reading<readonly Filesystem[]>;
  readonly pciDevices: Reading<readonly PciDevice[]>;
  readonly services: Reading<readonly ServiceState[]>;
  readonly domains: Reading<readonly Domain[]>;
  readonly pools: Reading<readonly DataPool[]>;
}

/** Everything known of one node: the detail page. */
export interface NodeDetail extends SlowReadings {
  readonly row: NodeRow;
  readonly memoryUsedBytes: Reading<number>;
  readonly load1: Reading<number>;
  /** The host key this laptop trusts for it. */
  readonly hostKey: Reading<{ readonly type: string; readonly fingerprint: string }>;
}
