import type { ReactNode } from 'react';
import type { TipContent } from '../tip.ts';

/** One column of a table. `Data` is what a row needs to be painted, computed once a row. */
export interface Column<Data, ColumnId extends string> {
  readonly id: ColumnId;
  /** The first line of the head; the name it is announced by. */
  readonly label: string;
  /** The second line of the head: what is counted, and the unit all numbers of the column share. */
  readonly unit?: string;
  /** Pixels; a column that grows has at least these. */
  readonly width: number;
  /** Its share of the width that is left over; 0 keeps the width. */
  readonly grow?: number;
  readonly align?: 'start' | 'end';
  /** Stays while the table scrolls sideways. Pinned columns come first. */
  readonly isPinned?: boolean;
  /** `width`: of the column now, px. Painted without React: components in it are plain functions, without hooks or handlers. */
  readonly render: (data: Data, width: number) => ReactNode;
  /** Asked only when a cell is hovered or focused. */
  readonly tip?: (data: Data) => TipContent | null;
}

export interface Sort<ColumnId extends string> {
  readonly column: ColumnId;
  readonly direction: 'ascending' | 'descending';
}

/** Where a row's menu is opened: beside its button or its cell, or at the pointer. */
export interface RowMenuPlace {
  readonly anchor: HTMLElement;
  readonly at?: { readonly x: number; readonly y: number };
}

/** What is selected among the rows that are shown. */
export type SelectionState = 'none' | 'some' | 'all';

/** Where the keyboard is: a row (`null`: the head) and a column by its place; 0 is the selection column. */
export interface ActiveCell<Id extends string> {
  readonly id: Id | null;
  readonly column: number;
}

/** Where the rows get what they show. */
export interface RowSource<Id extends string, Data> {
  /** What a row needs to be painted, with a stable identity while nothing of it changes. `undefined`: the row is gone. */
  readonly dataOf: (id: Id) => Data | undefined;
  readonly isSelected: (id: Id) => boolean;
  readonly rowName: (data: Data) => string;
  /** Tells when any of these may answer otherwise, until it is stopped. */
  readonly follow: (onChange: () => void) => () => void;
}

export interface DataTableProps<Id extends string, Data, ColumnId extends string> extends RowSource<Id, Data> {
  readonly label: string;
  readonly columns: readonly Column<Data, ColumnId>[];
  readonly ids: readonly Id[];
  /** What a row's tips tell, of this moment. */
  readonly presentDataOf: (id: Id) => Data | undefined;
  readonly selectionState: SelectionState;
  readonly sort: Sort<ColumnId>;
  readonly onSort: (column: ColumnId) => void;
  /** `range`: everything between the last row that was chosen and this one. */
  readonly onSelect: (ids: readonly Id[], isSelected: boolean) => void;
  readonly onSelectAll: (isSelected: boolean) => void;
  readonly onOpen: (id: Id) => void;
  /** Opens a row's menu: by the button at its end, by the pointer's other button, by Shift+F10. Without it rows have none. */
  readonly onMenu?: (id: Id, place: RowMenuPlace) => void;
  /** Other keys, in the row the keyboard is in; true where the key meant something. `cell` is the one it is in. */
  readonly onRowKey?: (key: string, id: Id, cell: HTMLElement) => boolean;
  /** The pointer is over the rows or the keyboard is in the table: no row may move. */
  readonly onHold: (isHeld: boolean) => void;
  readonly initialScrollTop?: number;
  readonly initialActiveId?: Id | null;
  readonly initialActiveColumn?: number;
  /** Begins with the active row in view, if `initialScrollTop` does not have it there. */
  readonly revealsActive?: boolean;
  readonly onLeave?: (place: {
    readonly scrollTop: number;
    readonly activeId: Id | null;
    readonly activeColumn: number;
  }) => void;
  /** Everything in the table is old: values and glyphs step back. */
  readonly isStale?: boolean;
}
