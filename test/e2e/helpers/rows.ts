import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import { candidateStatuses } from '#shared/lifecycle/statuses.ts';
import { nodeId } from '#shared/model/ids.ts';
import type { NodeRow, NodeTrends } from '#shared/model/node.ts';
import type { Reading } from '#shared/model/reading.ts';
import { known, none, unknown } from '#shared/model/reading.ts';

const gib = 2 ** 30;
const gigabit = 1e9;

export const fastMs = 5000;
export const slowMs = 300_000;

/** A row as a person would write it down; everything that is not said is that of a healthy worker. */
export interface RowWords {
  readonly name: string;
  readonly status?: NodeStatus;
  readonly reason?: string;
  readonly warnings?: readonly string[];
  readonly unknownSince?: number;
  readonly address?: string | null;
  readonly role?: 'control' | 'worker';
  readonly isDc?: boolean;
  readonly cpu?: number | null;
  readonly vcpus?: number;
  readonly memoryGib?: number;
  readonly memoryUsed?: number;
  /** `null`: no VM memory (a candidate, a control node). */
  readonly vmTotalGib?: number | null;
  readonly vmAvailableGib?: number | null;
  readonly rx?: number | null;
  readonly tx?: number | null;
  readonly storageTb?: number;
  readonly uptimeSeconds?: number | null;
  readonly tags?: readonly string[];
  readonly serial?: string;
  readonly mac?: string;
  /** How long ago its fast values were read last, ms. */
  readonly silentForMs?: number;
  readonly silentBecause?: string;
  readonly description?: string;
}

/** The row, read `now`. */
export function row(words: RowWords, now: number): NodeRow {
  const status = words.status ?? 'active';
  const silent = words.silentForMs ?? 0;
  const readAt = now - (silent === 0 ? 1500 : silent);
  const fast = <T>(value: T | null | undefined, otherwise: Reading<T>): Reading<T> => {
    if (value === null || value === undefined) return otherwise;
    const reading = known(value, readAt, fastMs);
    return silent > 0 && reading.kind === 'known'
      ? { ...reading, because: words.silentBecause ?? '3 probes timed out' }
      : reading;
  };
  const slow = <T>(value: T): Reading<T> => known(value, now - 60_000, slowMs);
  const isMember = !candidateStatuses.has(status) && status !== 'out';
  const notRead = words.cpu === null;
  const nothing: Reading<never> = notRead ? none : unknown('the node was never read');
  const total = words.vmTotalGib === undefined ? (isMember ? 448 : null) : words.vmTotalGib;
  const available = words.vmAvailableGib === undefined ? (total === null ? null : total / 2) : words.vmAvailableGib;
  return {
    id: nodeId(`${isMember ? 'member' : status === 'out' ? 'out' : 'candidate'}:${words.name}`),
    name: words.name,
    hostname: words.name,
    description: words.description ?? '',
    role: words.role ?? 'worker',
    isDc: words.isDc ?? false,
    status: {
      status,
      unknownSince: words.unknownSince ?? null,
      reason: words.reason ?? '',
      since: now - 43 * 86_400_000,
      readAt: words.unknownSince ?? now - 4000,
      evidence: [`crm_mon: node ${words.name}: online="${String(status === 'active')}"`],
      // As the core says of every node that it does not reach.
      warnings: words.warnings ?? (silent > 0 ? ['not reachable from this laptop'] : []),
    },
    reachability:
      silent > 0
        ? {
            kind: 'unreachable',
            since: now - silent,
            problem: {
              code: 'connection-timed-out',
              message: `${words.name} did not answer within 10 s.`,
              advice: 'Check its power and its network.',
            },
          }
        : notRead
          ? { kind: 'not-tried', because: 'it has no address yet' }
          : { kind: 'reachable', at: readAt },
    address: words.address === null ? unknown('no address is recorded') : slow(words.address ?? '10.42.1.1'),
    machineId: slow('4f1c2a9b7d3e4c5f8a6b0d1e2f3a4b5c'),
    cpuPercent: fast(words.cpu, nothing),
    vcpus: slow(words.vcpus ?? 64),
    memoryBytes: slow((words.memoryGib ?? 512) * gib),
    memoryUsedPercent: fast(notRead ? null : (words.memoryUsed ?? 44), nothing),
    vmMemoryTotalBytes: total === null ? none : slow(total * gib),
    vmMemoryAllocatedBytes: total === null || available === null ? none : slow((total - available) * gib),
    vmMemoryAvailableBytes: available === null ? none : slow(available * gib),
    networkRxBitsPerSecond: fast(words.rx === undefined ? 1.2 * gigabit : words.rx && words.rx * gigabit, nothing),
    networkTxBitsPerSecond: fast(words.tx === undefined ? 1.1 * gigabit : words.tx && words.tx * gigabit, nothing),
    linkBitsPerSecond: slow(25 * gigabit),
    storageBytes: slow((words.storageTb ?? 30.7) * 1e12),
    uptimeSeconds: fast(words.uptimeSeconds === undefined ? 41 * 86_400 + 6 * 3600 : words.uptimeSeconds, nothing),
    tags: words.tags ?? [],
    operation: null,
    maintenance: null,
    frozenBecause: null,
    searchTerms: [words.serial ?? `sn-${words.name}`, words.mac ?? '']
      .filter(Boolean)
      .map((term) => term.toLowerCase()),
  };
}

/** A deterministic random number generator (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** An hour that ends near the row's present values. A silent node's last points are missing. */
export function trends(of: NodeRow, now: number, next: () => number): NodeTrends | null {
  if (of.cpuPercent.kind !== 'known') return null;
  const gone = Math.floor(Math.max(0, now - of.cpuPercent.readAt - 60_000) / 60_000);
  const walk = (end: Reading<number>, spread: number): readonly (number | null)[] => {
    const base = end.kind === 'known' ? end.value : 0;
    let value = base;
    return Array.from({ length: 60 }, (_, index) => {
      value += (next() - 0.5) * spread + (base - value) * 0.2;
      return index >= 60 - gone ? null : Math.max(0, value);
    });
  };
  return {
    id: of.id,
    endsAt: now,
    stepMs: 60_000,
    cpuPercent: walk(of.cpuPercent, 14),
    memoryUsedPercent: walk(of.memoryUsedPercent, 4),
    networkRxBitsPerSecond: walk(of.networkRxBitsPerSecond, 2 * gigabit),
    networkTxBitsPerSecond: walk(of.networkTxBitsPerSecond, 2 * gigabit),
  };
}
