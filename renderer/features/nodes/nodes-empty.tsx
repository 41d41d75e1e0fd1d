import type { ReactElement } from 'react';
import { currentProfile, currentView, useRegions } from '../../state/regions.ts';
import { resync } from '../../state/session.ts';
import { useSettledRows } from '../../state/settled-rows.ts';
import { useView } from '../../state/view.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatPlural } from '../../ui/format.ts';
import { filterParts, matcher } from './filter.ts';
import { NodesLoading } from './nodes-loading.tsx';
import { clearFilter } from './view-actions.ts';

/** No row to show: there is none, or the filter hides all. */
export function NodesEmpty(): ReactElement {
  const { rows } = useSettledRows();
  const filter = useView((state) => state.filter);
  const name = useRegions((state) => currentProfile(state)?.name ?? 'this region');
  const connection = useRegions((state) => currentView(state)?.connection);
  if (rows.size === 0) {
    // Only a cluster that answered can be said to name no node.
    if (connection?.kind === 'connecting') return <NodesLoading />;
    if (connection?.kind === 'offline' && connection.lastReadAt === null) {
      return (
        <div className="rk-mid">
          <b>Nothing of {name} was ever read</b>
          <span className="rk-dim">Its nodes stand here once one of its control nodes has answered.</span>
        </div>
      );
    }
    return (
      <div className="rk-mid">
        <b>No node in {name}</b>
        <span className="rk-dim">The cluster answered, and names no node.</span>
        <Button icon="retry" onClick={() => void resync('snapshot')}>
          Read again
        </Button>
      </div>
    );
  }
  const parts = filterParts(filter);
  const offers = parts.map((part) => {
    const matches = matcher(part.without);
    return { part, count: [...rows.values()].filter(matches).length };
  });
  const best = offers.toSorted((a, b) => b.count - a.count)[0];
  return (
    <div className="rk-mid">
      <b>No node matches</b>
      <span className="rk-dim">
        {parts.map(({ label }) => label).join(' and ')}: 0 of {formatCount(rows.size)}.
      </span>
      <div>
        <Button onClick={clearFilter}>Clear filters</Button>{' '}
        {best && best.count > 0 && parts.length > 1 ? (
          <Button
            variant="link"
            onClick={() => {
              useView.setState({ filter: best.part.without });
            }}
          >
            Remove {best.part.label}: {formatPlural(best.count, 'node')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
