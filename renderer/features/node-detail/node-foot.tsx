import type { ReactElement } from 'react';
import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import { isOld, valueOf } from '#shared/model/reading.ts';
import { useClock } from '../../state/clock.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatPlural } from '../../ui/format.ts';
import { SlotContent } from '../../ui/slot.tsx';

/** The page's part of the status bar: the node, its VMs, and its place in the list. */
export function NodeFoot({ row, detail }: { readonly row: NodeRow; readonly detail: NodeDetail | null }): ReactElement {
  const shownIds = useView((state) => state.shownIds);
  const now = useClock((state) => state.now);
  // A count without its age would be taken for one of now.
  const domains = detail && !isOld(detail.domains, now) ? valueOf(detail.domains) : undefined;
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
