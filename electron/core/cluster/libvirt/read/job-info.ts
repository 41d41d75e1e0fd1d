import type { MoveProgress } from '#shared/model/operation.ts';
import type { Section } from '../../../ssh/sections.ts';
import { saysNoSuchDomain, whyNot } from './virsh.ts';

/** The figures of one read, in its first tenths of a second all 0; what needs several reads is made by `moveProgress`. */
export type JobProgress = Omit<MoveProgress, 'readAt' | 'leftMs' | 'isStalled'>;

/** What libvirt does with a domain at this moment. */
export type DomainJob =
  | { readonly kind: 'none' }
  /** It is the source of a live migration. */
  | { readonly kind: 'moving-out'; readonly progress: JobProgress }
  /** It is the target of one: paused until it has arrived, and gone if it does not. */
  | { readonly kind: 'moving-in' }
  /** Saving, dumping, a snapshot, a backup: no migration starts before it ends. */
  | { readonly kind: 'other'; readonly operation: string }
  /** The domain is not there: it moved away, ended, or never was. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly because: string };

/** virDomainJobOperation of libvirt. */
const operations = [
  'unknown',
  'start',
  'save',
  'restore',
  'migration in',
  'migration out',
  'snapshot',
  'revert to snapshot',
  'dump',
  'backup',
  'delete snapshot',
];

/**
 * Parses `virsh domjobinfo --rawstats DOMAIN` (libvirt 9.0): bytes and ms as they are, without `--rawstats` rounded and in changing units.
 *
 * `Job type` is virDomainJobType: 0 none, 1 bounded, 2 unbounded; 3 to 5 are of a job that is over. On the target of a migration it is an
 * error: "migration statistics are available only on the source host".
 */
export function parseJobInfo(section: Section): DomainJob {
  const { text, error } = section;
  if (saysNoSuchDomain(error)) return { kind: 'absent' };
  if (/only on the source host/u.test(error)) return { kind: 'moving-in' };
  const values = new Map(
    text.split('\n').flatMap((line) => {
      const [, name, value] = /^([\w ]+): +(-?\d+)$/u.exec(line.trim()) ?? [];
      return name === undefined ? [] : [[name, Number(value)] as const];
    }),
  );
  const type = values.get('Job type');
  if (type === undefined) return { kind: 'unknown', because: whyNot(section) };
  if (type !== 1 && type !== 2) return { kind: 'none' };
  const operation = operations[values.get('operation') ?? 0] ?? 'unknown';
  if (operation !== 'migration out') return { kind: 'other', operation };
  const pageBytes = values.get('memory_page_size') ?? null;
  const dirtyPages = values.get('memory_dirty_rate') ?? null;
  return {
    kind: 'moving-out',
    progress: {
      elapsedMs: values.get('time_elapsed') ?? 0,
      processedBytes: values.get('data_processed') ?? 0,
      remainingBytes: values.get('data_remaining') ?? 0,
      totalBytes: values.get('data_total') ?? 0,
      // Before the first pages are sent libvirt has no rates and leaves them out.
      bytesPerSecond: values.get('memory_bps') ?? null,
      dirtyBytesPerSecond: dirtyPages === null || pageBytes === null ? null : dirtyPages * pageBytes,
      iteration: values.get('memory_iteration') ?? null,
    },
  };
}
