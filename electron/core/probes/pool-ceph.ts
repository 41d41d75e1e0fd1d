import type { DataPool } from '#shared/model/hardware.ts';
import { numberOf, parseJson, recordOf, textOf } from './untrusted.ts';

/** Health checks that mean lost redundancy and lost access (docs.ceph.com, Health checks); the rest are warnings of other kinds. */
const lostRedundancy = new Set(['PG_DEGRADED', 'OBJECT_MISPLACED', 'OSD_DOWN', 'OSD_HOST_DOWN', 'PG_RECOVERY_FULL']);
const lostAccess = new Set(['PG_AVAILABILITY', 'PG_DAMAGED', 'OBJECT_UNFOUND', 'OSD_FULL']);

/** The Ceph cluster this node is part of, by `ceph status --format json`; `null` where it is no such report. */
export function cephPool(text: string): DataPool | null {
  const status = recordOf(parseJson(text));
  const health = recordOf(status?.['health']);
  const verdict = textOf(health?.['status']) ?? textOf(health?.['overall_status']);
  if (status === null || verdict === null) return null;
  const checks = Object.keys(recordOf(health?.['checks']) ?? {});
  const degradedRatio = numberOf(recordOf(status['pgmap'])?.['degraded_ratio']);
  return {
    name: textOf(status['fsid']) ?? 'ceph',
    kind: 'ceph',
    state: stateOf(verdict, checks),
    detail: [verdict, ...checks].join(' '),
    rebuildPercent: degradedRatio !== null && degradedRatio > 0 ? (1 - Math.min(degradedRatio, 1)) * 100 : null,
  };
}

function stateOf(verdict: string, checks: readonly string[]): DataPool['state'] {
  if (verdict === 'HEALTH_OK') return 'healthy';
  if (verdict === 'HEALTH_ERR' || checks.some((check) => lostAccess.has(check))) return 'failed';
  if (verdict !== 'HEALTH_WARN') return 'unknown';
  return checks.some((check) => lostRedundancy.has(check)) ? 'degraded' : 'healthy';
}
