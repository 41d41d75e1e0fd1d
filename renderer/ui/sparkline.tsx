import type { ReactElement } from 'react';

const width = 40;
const height = 16;
/** Points on the axis: one a minute for an hour, the last at its right end. */
const axisPoints = 60;

export type Series = readonly (number | null)[];

export interface SparkPaths {
  readonly line: string;
  readonly area: string;
}

const cache = new WeakMap<Series, { readonly top: number; readonly paths: SparkPaths }>();

/**
 * The paths of a series on the fixed scale 0 to `top`, so that rows can be compared. A `null` is a gap and stays one; a series
 * shorter than the hour stands at the right end of the axis and is never stretched over it.
 * Built once a change: the series' identity is the key.
 */
export function sparkPaths(series: Series, top: number): SparkPaths {
  const cached = cache.get(series);
  if (cached?.top === top) return cached.paths;
  const paths = buildPaths(series, top);
  cache.set(series, { top, paths });
  return paths;
}

function buildPaths(series: Series, top: number): SparkPaths {
  const step = (width - 2) / (axisPoints - 1);
  const last = series.length - 1;
  const runs: string[][] = [];
  const ends: [first: string, last: string][] = [];
  let run: string[] | null = null;
  series.forEach((value, index) => {
    if (value === null) {
      run = null;
      return;
    }
    const share = top > 0 ? Math.min(1, Math.max(0, value / top)) : 0;
    const x = (width - 1 - (last - index) * step).toFixed(1);
    const point = `${x} ${(height - 1.5 - share * (height - 3)).toFixed(1)}`;
    if (run) {
      run.push(point);
      const end = ends.at(-1);
      if (end) end[1] = x;
    } else {
      run = [point];
      runs.push(run);
      ends.push([x, x]);
    }
  });
  // A lone point is a dot: the line's round end makes one of no length at all.
  const line = runs.map((points) => `M${points.length === 1 ? `${points[0] ?? ''}h.01` : points.join('L')}`).join('');
  const area = runs
    .map(
      (points, index) =>
        `M${points.join('L')}L${ends[index]?.[1] ?? ''} ${height}L${ends[index]?.[0] ?? ''} ${height}Z`,
    )
    .join('');
  return { line, area };
}

export interface SparklineProps {
  readonly series: Series;
  readonly top: number;
  /** Its number has crossed its threshold; the line turns amber only together with it. */
  readonly isHot?: boolean;
}

/** One hour in 40 × 16 px. Grey on purpose: colour only means something. */
export function Sparkline({ series, top, isHot = false }: SparklineProps): ReactElement {
  const { line, area } = sparkPaths(series, top);
  return (
    <svg className={`rk-sp${isHot ? ' rk-sp--hot' : ''}`} width={width} height={height} aria-hidden="true">
      <path className="rk-sp__area" d={area} />
      <path className="rk-sp__line" d={line} />
    </svg>
  );
}
