import type { DataPool } from '#shared/model/hardware.ts';

/** Pool states of zpoolconcepts(7); one that is not listed is not known. */
const states: Readonly<Record<string, DataPool['state']>> = {
  ONLINE: 'healthy',
  DEGRADED: 'degraded',
  FAULTED: 'failed',
  OFFLINE: 'failed',
  REMOVED: 'failed',
  SUSPENDED: 'failed',
  UNAVAIL: 'failed',
};

/** The pools of `zpool status`. A resilver rebuilds; a scrub only reads. */
export function zfsPools(text: string): readonly DataPool[] {
  const pools: DataPool[] = [];
  for (const block of text.split(/^(?=\s*pool: )/m)) {
    const name = /^\s*pool: (\S+)/.exec(block)?.[1];
    const state = /^\s*state: (\S+)/m.exec(block)?.[1];
    if (name === undefined || state === undefined) continue;
    const isResilvering = /^\s*scan: resilver in progress/m.test(block);
    const percent = /(\d+(?:\.\d+)?)% done/.exec(block)?.[1];
    pools.push({
      name,
      kind: 'zfs',
      state: states[state] ?? 'unknown',
      detail: isResilvering ? `${state}, resilvering` : state,
      rebuildPercent: isResilvering && percent !== undefined ? Number(percent) : null,
    });
  }
  return pools;
}
