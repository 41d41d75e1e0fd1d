import type { ReactElement } from 'react';
import { useSettledRows } from '../../state/settled-rows.ts';
import { useView } from '../../state/view.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { NodeActionsBar } from './node-actions-bar.tsx';
import { matcher } from './filter.ts';
import { clearSelection } from './view-actions.ts';

const namedAtMost = 3;

/** What the next action would act on. Always there, so that selecting a row does not move the table. */
export function NodesSelection(): ReactElement {
  const selection = useView((state) => state.selection);
  const filter = useView((state) => state.filter);
  const { rows } = useSettledRows();
  if (selection.size === 0) {
    return (
      <div className="rk-act">
        <span className="rk-dim">Nothing selected</span>
        <NodeActionsBar />
      </div>
    );
  }
  const names = [...selection].slice(0, namedAtMost).map((id) => rows.get(id)?.name ?? 'removed');
  const rest = selection.size - names.length;
  const isShown = matcher(filter);
  const hidden = [...selection].filter((id) => {
    const row = rows.get(id);
    return row !== undefined && !isShown(row);
  }).length;
  return (
    <div className="rk-act">
      <span className="rk-act__what" role="status">
        <b>{formatCount(selection.size)} selected</b>
        {hidden === 0 ? null : <span className="rk-act__hidden">{formatCount(hidden)} not shown by the filter</span>}
        <span className="rk-act__names">{`${names.join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}`}</span>
      </span>
      <Button
        variant="plain"
        icon="close"
        aria-label="Clear selection"
        title="Clear selection"
        onClick={clearSelection}
      />
      <NodeActionsBar />
    </div>
  );
}
