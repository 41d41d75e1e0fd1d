import type { NodeId } from '#shared/model/ids.ts';
import type { NodeColumnId } from '../../state/node-columns.ts';
import { defaultSort, noFilter, useView } from '../../state/view.ts';
import type { NodeFilter } from '../../state/view.ts';

/** Sorts by a column, or turns the direction where it is sorted by already. */
export function sortBy(column: NodeColumnId): void {
  useView.setState(({ sort }) => ({
    sort: {
      column,
      direction: sort.column === column && sort.direction === 'ascending' ? 'descending' : 'ascending',
    },
  }));
}

export function setFilter(change: Partial<NodeFilter>): void {
  useView.setState(({ filter }) => ({ filter: { ...filter, ...change } }));
}

export function clearFilter(): void {
  useView.setState({ filter: noFilter });
}

/** Adds the rows to the selection or takes them out. */
export function select(ids: readonly NodeId[], isSelected: boolean): void {
  useView.setState(({ selection }) => {
    const next = new Set(selection);
    for (const id of ids) {
      if (isSelected) next.add(id);
      else next.delete(id);
    }
    return { selection: next };
  });
}

/** Selects every row that is shown, or none. Rows that a filter hides are never selected by this. */
export function selectAll(isSelected: boolean): void {
  useView.setState(({ shownIds }) => ({ selection: new Set(isSelected ? shownIds : []) }));
}

export function clearSelection(): void {
  useView.setState({ selection: new Set() });
}

export function toggleColumn(column: NodeColumnId): void {
  useView.setState(({ hiddenColumns, sort }) => {
    const isHidden = hiddenColumns.includes(column);
    const next = isHidden ? hiddenColumns.filter((id) => id !== column) : [...hiddenColumns, column];
    // A sort by a column nobody sees could not be understood.
    return { hiddenColumns: next, sort: !isHidden && sort.column === column ? defaultSort : sort };
  });
}

export function showAllColumns(): void {
  useView.setState({ hiddenColumns: [] });
}
