import type { ReactElement } from 'react';
import type { TargetMemory } from '#shared/model/maintenance.ts';
import { formatGib } from '../../ui/format.ts';
import { isOverLimit, limitPercent, percentWords, shares } from './plan-words.ts';

/** A target's memory: used now solid, what the plan adds hatched, the limit a line; both numbers beside it. */
export function MemoryBar({ target }: { readonly target: TargetMemory }): ReactElement {
  const share = shares(target);
  if (!share) {
    return (
      <span className="rk-dim">
        {formatGib(target.beforeBytes)} → {formatGib(target.afterBytes)} GiB, size not known
      </span>
    );
  }
  const { before, after } = share;
  const isOver = isOverLimit(target);
  return (
    <span className="rk-mb">
      <span className="rk-mb__bar" aria-hidden="true">
        <i style={{ width: `${String(Math.min(100, before))}%` }} />
        <i
          className={isOver ? 'rk-mb__add rk-mb__add--over' : 'rk-mb__add'}
          style={{
            left: `${String(Math.min(100, before))}%`,
            right: `${String(100 - Math.min(100, Math.max(before, after)))}%`,
          }}
        />
        <i className="rk-mb__limit" style={{ left: `${String(limitPercent)}%` }} />
      </span>
      <small className={isOver ? 'rk-mb__text rk-mb__text--over' : 'rk-mb__text'}>
        {percentWords(before)} → <b>{percentWords(after)}</b> %
      </small>
    </span>
  );
}

export function MemoryLegend(): ReactElement {
  return (
    <span className="rk-lg" aria-hidden="true">
      <span>
        <i /> used now
      </span>
      <span>
        <i className="rk-lg__add" /> added by this plan
      </span>
      <span>
        <i className="rk-lg__limit" /> limit {limitPercent} %
      </span>
    </span>
  );
}
