import type { DataPool } from '#shared/model/hardware.ts';

/** How many missing members each personality of md survives; `null`: it depends on which ones. */
const survivable: Readonly<Record<string, number | null>> = {
  raid0: 0,
  linear: 0,
  raid4: 1,
  raid5: 1,
  raid6: 2,
  raid10: null,
};

/**
 * The arrays of `/proc/mdstat` (md(4)): `[n/m]` are the members wanted and working, `[U_]` which. Arrays without redundancy are
 * listed too: their data is lost with any member.
 */
export function mdPools(text: string): readonly DataPool[] {
  const pools: DataPool[] = [];
  // An array's first line begins at the margin, all others are indented.
  for (const block of text.split(/^(?=md\S* : )/m)) {
    const [, name, state, rest = ''] = /^(md\S*) : (active|inactive|broken)(.*)/.exec(block) ?? [];
    if (name === undefined || state === undefined) continue;
    const level = /^(?: \([a-z-]+\))* ([a-z]+\d*)/.exec(rest)?.[1] ?? '';
    const [counts, wanted, working] = /\[(\d+)\/(\d+)\](?: \[[U_]+\])?/.exec(block) ?? [];
    const missing = Number(wanted ?? 0) - Number(working ?? 0);
    const progress = /(recovery|resync|reshape|check|repair) *= *(\d+(?:\.\d+)?%|DELAYED|PENDING|REMOTE)?/.exec(block);
    const [, action, percent] = progress ?? [];
    // A check reads what is whole; everything else rebuilds.
    const isRebuild = action !== undefined && action !== 'check';
    pools.push({
      name,
      kind: 'md',
      state: stateOf(state, level, missing, Number(working ?? 0)),
      detail: [
        state === 'active' ? level : state,
        counts,
        /\(F\)/.test(rest) ? 'a member failed' : undefined,
        action === undefined ? undefined : `${action} ${percent ?? ''}`.trim(),
      ]
        .filter((word) => word !== undefined && word !== '')
        .join(' '),
      rebuildPercent: isRebuild && percent?.endsWith('%') === true ? Number(percent.slice(0, -1)) : null,
    });
  }
  return pools;
}

function stateOf(state: string, level: string, missing: number, working: number): DataPool['state'] {
  if (state !== 'active') return 'failed';
  if (missing <= 0) return 'healthy';
  if (working <= 0) return 'failed';
  const limit = survivable[level];
  return typeof limit === 'number' && missing > limit ? 'failed' : 'degraded';
}
