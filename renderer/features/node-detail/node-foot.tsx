import type { ReactElement } from 'react';
import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import { valueOf } from '#shared/model/reading.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatPlural } from '../../ui/format.ts';
import { SlotContent } from '../../ui/slot.tsx';

/** The page's part of the status bar: the node, its VMs, and its place in the list. */
export function NodeFoot({ row, detail }: { readonly row: NodeRow; readonly detail: NodeDetail | null }): ReactElement {
  const shownIds = useView((state) => state.shownIds);
  const domains = detail ? valueOf(detail.domains) : undefined;
  const place = shownIds.indexOf(row.id);
  return (
    <SlotContent>
      <span>
        <b>{row.name}</b>
        {domains ? `, ${formatPlural(domains.length, 'VM')}` : ''}
      </span>
      {place === -1 ? null : (
        <span>
          {formatCount(place + 1)} of {formatCount(shownIds.length)} in the list, [ and ] step
        </span>
      )}
    </SlotContent>
  );
}
