import type { ReactElement } from 'react';
import { builtInFilters } from '#shared/lifecycle/statuses.ts';
import type { BuiltInFilterId } from '#shared/lifecycle/statuses.ts';
import { useView } from '../../state/view.ts';
import { formatCount } from '../../ui/format.ts';
import { StatusGlyph } from '../../ui/status-label.tsx';
import { useCounts } from './use-counts.ts';
import { useIsKnown } from './use-is-known.ts';
import { setFilter } from './view-actions.ts';

/** The page's title with the built-in filters as counts that filter. */
export function NodesHead(): ReactElement {
  const counts = useCounts();
  const isKnown = useIsKnown();
  const builtIn = useView((state) => state.filter.builtIn);
  return (
    <div className="rk-ph">
      <h1>Nodes</h1>
      <div className="rk-qf" role="group" aria-label="Built-in filters">
        <Count label="All" id={null} count={isKnown ? counts.all : null} isOn={builtIn === null} />
        <span className="rk-qf__rule" />
        {builtInFilters.map(({ id, label }) => (
          <Count key={id} id={id} label={label} count={isKnown ? counts.builtIn[id] : null} isOn={builtIn === id} />
        ))}
      </div>
    </div>
  );
}

function Count(props: {
  readonly id: BuiltInFilterId | null;
  readonly label: string;
  readonly count: number | null;
  readonly isOn: boolean;
}): ReactElement {
  const { id, label, count, isOn } = props;
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={() => {
        setFilter({ builtIn: isOn ? null : id });
      }}
    >
      {id === null ? null : <StatusGlyph name={id} size={12} />}
      {label} {count === null ? null : <b>{formatCount(count)}</b>}
    </button>
  );
}
