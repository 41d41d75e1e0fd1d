import type { DataPool } from '#shared/model/hardware.ts';
import { numberOf, parseJson, recordOf, recordsOf, textOf } from './untrusted.ts';

/** The RAID and mirror volumes of `lvs --reportformat json` (lvmraid(7)); `null` where it is no such report. */
export function lvmPools(text: string): readonly DataPool[] | null {
  const reports = recordOf(parseJson(text))?.['report'];
  if (!Array.isArray(reports)) return null;
  const volumes = recordsOf(reports).flatMap((report) => recordsOf(report['lv']));
  return volumes.flatMap((volume): readonly DataPool[] => {
    const segmentType = textOf(volume['segtype']) ?? '';
    const group = textOf(volume['vg_name']);
    const name = textOf(volume['lv_name']);
    if (group === null || name === null || !/^(raid|mirror)/.test(segmentType)) return [];
    const health = textOf(volume['lv_health_status']);
    const synced = numberOf(volume['copy_percent']);
    const action = textOf(volume['raid_sync_action']);
    // The fifth letter of lv_attr: `a` active. A partial volume that cannot be made active has lost too much.
    const isActive = (textOf(volume['lv_attr']) ?? '')[4] === 'a';
    const isChecking = action === 'check';
    return [
      {
        name: `${group}/${name}`,
        kind: 'lvm-raid',
        state: stateOf(segmentType, health, isActive),
        detail: [segmentType, health, action === 'idle' ? null : action].filter((word) => word !== null).join(', '),
        rebuildPercent: synced !== null && synced < 100 && !isChecking ? synced : null,
      },
    ];
  });
}

function stateOf(segmentType: string, health: string | null, isActive: boolean): DataPool['state'] {
  if (health === null) return 'healthy';
  if (health === 'partial' && (!isActive || segmentType === 'raid0' || segmentType === 'raid0_meta')) return 'failed';
  // `partial`, `refresh needed`, `mismatches exist`: the data is there, its redundancy is not to be trusted.
  return 'degraded';
}
