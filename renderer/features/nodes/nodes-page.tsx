import { useCallback, useEffect, useMemo } from 'react';
import type { ReactElement } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { nodeHref, useNodes } from '../../state/nodes.ts';
import { currentView, useRegions } from '../../state/regions.ts';
import { useView } from '../../state/view.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import { useRowMenu } from './node-actions-menu.tsx';
import { NodesEmpty } from './nodes-empty.tsx';
import { NodesFind } from './nodes-find.tsx';
import { NodesFoot } from './nodes-foot.tsx';
import { NodesHead } from './nodes-head.tsx';
import { NodesLoading } from './nodes-loading.tsx';
import { NodesSelection } from './nodes-selection.tsx';
import { followRows, presentRowDataOf, rowDataOf } from './row-data.ts';
import type { RowData } from './row-data.ts';
import { useNodeColumns } from './use-node-columns.ts';
import { useOrder } from './use-order.ts';
import { useSettledRows } from '../../state/settled-rows.ts';
import { clearSelection, select, selectAll, sortBy } from './view-actions.ts';

const rowName = ({ row }: RowData): string => row.name;
const isSelected = (id: NodeId): boolean => useView.getState().selection.has(id);
const open = (id: NodeId): void => {
  location.hash = nodeHref(id);
};

function isAnyReached(rows: ReadonlyMap<NodeId, NodeRow>): boolean {
  for (const { reachability } of rows.values()) if (reachability.kind === 'reachable') return true;
  return false;
}

/** The nodes of the region that is shown: one table of nodes and candidates. */
export function NodesPage(): ReactElement {
  const phase = useNodes((state) => state.phase);
  const total = useNodes((state) => state.rows.size);
  const isLinkLost = useRegions((state) => state.link.kind !== 'connected');
  const isRegionOffline = useRegions((state) => currentView(state)?.connection.kind === 'offline');
  const settled = useSettledRows();
  // Nodes may answer though the cluster says nothing that could be believed: then each value says for itself how old it is (R29).
  const isStale = useMemo(
    () => isLinkLost || (isRegionOffline && !isAnyReached(settled.rows)),
    [isLinkLost, isRegionOffline, settled],
  );
  const columns = useNodeColumns();
  const order = useOrder();
  const { ids, hold } = order;
  const { onMenu, onRowKey, menu } = useRowMenu(hold);
  const sort = useView((state) => state.sort);
  const place = useView(
    useShallow(({ scrollTop, activeId, activeColumn, isActiveMoved }) => ({
      scrollTop,
      activeId,
      activeColumn,
      isActiveMoved,
    })),
  );
  const selection = useView((state) => state.selection);
  const selectionState = useMemo(() => {
    if (selection.size === 0) return 'none' as const;
    return ids.length > 0 && ids.every((id) => selection.has(id)) ? ('all' as const) : ('some' as const);
  }, [selection, ids]);

  useEffect(() => {
    useView.setState({ shownIds: ids });
  }, [ids]);
  useEscape();
  const onLeave = useCallback((left: { scrollTop: number; activeId: NodeId | null; activeColumn: number }) => {
    useView.setState({ ...left, isActiveMoved: false });
  }, []);

  return (
    <>
      <NodesHead />
      <NodesFind ids={ids} columns={columns} hold={hold} />
      <NodesSelection />
      {total === 0 && phase.kind !== 'ready' ? (
        <NodesLoading />
      ) : ids.length === 0 ? (
        <NodesEmpty />
      ) : (
        <DataTable
          label="Nodes"
          columns={columns}
          ids={ids}
          dataOf={rowDataOf}
          presentDataOf={presentRowDataOf}
          isSelected={isSelected}
          rowName={rowName}
          follow={followRows}
          selectionState={selectionState}
          sort={sort}
          onSort={sortBy}
          onSelect={select}
          onSelectAll={selectAll}
          onOpen={open}
          onMenu={onMenu}
          onRowKey={onRowKey}
          onHold={hold}
          initialScrollTop={place.scrollTop}
          initialActiveId={place.activeId}
          initialActiveColumn={place.activeColumn}
          revealsActive={place.isActiveMoved}
          onLeave={onLeave}
          isStale={isStale}
        />
      )}
      {menu}
      <NodesFoot order={order} total={total} />
    </>
  );
}

/** Escape clears the search, then the selection. What lies above the page (menus, dialogs) takes it first. */
function useEscape(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      const { filter, selection } = useView.getState();
      if (filter.search !== '') useView.setState({ filter: { ...filter, search: '' } });
      else if (selection.size > 0) clearSelection();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, []);
}
