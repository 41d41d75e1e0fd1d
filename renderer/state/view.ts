import { create } from 'zustand';
import type { BuiltInFilterId, NodeStatus } from '#shared/lifecycle/statuses.ts';
import { builtInFilters, nodeStatuses } from '#shared/lifecycle/statuses.ts';
import type { NodeId } from '#shared/model/ids.ts';
import { nodeColumnIds } from './node-columns.ts';
import type { NodeColumnId } from './node-columns.ts';

export interface NodeSort {
  readonly column: NodeColumnId;
  readonly direction: 'ascending' | 'descending';
}

/** Which rows are shown. Every part that is set must fit. */
export interface NodeFilter {
  readonly builtIn: BuiltInFilterId | null;
  readonly search: string;
  readonly statuses: readonly NodeStatus[];
  readonly tags: readonly string[];
}

export interface ViewState {
  readonly sort: NodeSort;
  readonly filter: NodeFilter;
  /** Columns a person has put away; a column that is built later is shown until it is put away. */
  readonly hiddenColumns: readonly NodeColumnId[];
  readonly selection: ReadonlySet<NodeId>;
  /** Where the list was left, to be found again after a visit to a node. */
  readonly scrollTop: number;
  readonly activeId: NodeId | null;
  /** By its place in the grid, beside `activeId`. */
  readonly activeColumn: number;
  /** Another row than the one that was left has become the active one (steps on a node's page), so it may be out of view. */
  readonly isActiveMoved: boolean;
  /** The ids in the order they are shown; the detail page steps through them. */
  readonly shownIds: readonly NodeId[];
}

export const noFilter: NodeFilter = { builtIn: null, search: '', statuses: [], tags: [] };
export const defaultSort: NodeSort = { column: 'status', direction: 'ascending' };

const nowhere = {
  selection: new Set<NodeId>(),
  scrollTop: 0,
  activeId: null,
  activeColumn: 1,
  isActiveMoved: false,
  shownIds: [],
};

/** How the nodes are looked at. Sort and columns hold for every region, filters for one. */
export const useView = create<ViewState>(() => ({
  sort: defaultSort,
  filter: noFilter,
  hiddenColumns: [],
  ...nowhere,
}));

/** What belongs to one region only is dropped when another one is shown. */
export function leaveRegionView(): void {
  useView.setState({ filter: noFilter, ...nowhere });
}

/** The part that is kept for every region, as JSON text. */
export const layoutText = ({ sort, hiddenColumns }: ViewState): string => JSON.stringify({ sort, hiddenColumns });

/** The part that is kept for one region. A search is a moment's question and is not kept. */
export const filterText = ({ filter }: Pick<ViewState, 'filter'>): string => JSON.stringify({ ...filter, search: '' });

/** Reads what `layoutText` wrote; what is not understood (another version wrote it) is left as it is by default. */
export function readLayout(text: string | null): Pick<ViewState, 'sort' | 'hiddenColumns'> {
  const stored = parsed(text);
  const sort = isRecord(stored['sort']) ? stored['sort'] : {};
  const column = nodeColumnIds.find((id) => id === sort['column']);
  const direction = sort['direction'] === 'descending' ? 'descending' : 'ascending';
  return {
    sort: column ? { column, direction } : defaultSort,
    hiddenColumns: nodeColumnIds.filter((id) => listed(stored['hiddenColumns']).includes(id)),
  };
}

/** Reads what `filterText` wrote. */
export function readFilter(text: string | null): NodeFilter {
  const stored = parsed(text);
  return {
    builtIn: builtInFilters.find(({ id }) => id === stored['builtIn'])?.id ?? null,
    search: '',
    statuses: nodeStatuses.filter((status) => listed(stored['statuses']).includes(status)),
    tags: listed(stored['tags']).filter((tag) => typeof tag === 'string'),
  };
}

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
