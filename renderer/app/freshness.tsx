import type { ReactElement } from 'react';
import { useMemo } from 'react';
import { useClock } from '../state/clock.ts';
import { useNodes } from '../state/nodes.ts';
import { currentView, useRegions } from '../state/regions.ts';
import { useSettledRows } from '../state/settled-rows.ts';
import { Icon } from '../ui/icon.tsx';
import { countReached, freshnessWords, unopenedWords } from './freshness-words.ts';

/** Is what I see live or old: for the whole window. Each value says the same of itself. */
export function Freshness(): ReactElement | null {
  const view = useRegions(currentView);
  const link = useRegions((state) => state.link);
  const settled = useSettledRows();
  const phase = useNodes((state) => state.phase);
  const now = useClock((state) => state.now);
  const reached = useMemo(() => countReached(settled.rows.values()), [settled]);
  const words = view ? freshnessWords(view, link, reached, now) : unopenedWords(phase, now);
  if (!words) return null;
  const isOld = words.kind === 'old';
  return (
    <>
      <span className="rk-vr" />
      <span
        className={`rk-fresh rk-fresh--${words.kind}`}
        data-tip={[words.detail, words.tip].filter(Boolean).join('\n')}
      >
        {isOld ? <Icon name="clock" /> : <i aria-hidden="true" />}
        <b>{words.main}</b>
        {words.detail === '' ? null : <span className="rk-fresh__detail">{words.detail}</span>}
      </span>
    </>
  );
}
