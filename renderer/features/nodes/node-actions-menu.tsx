import { useCallback, useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { openAction, tryAction, useNodeActions } from '../../state/node-actions.ts';
import { useNodes } from '../../state/nodes.ts';
import { useSettings } from '../../state/settings.ts';
import { actionEntries } from '../../ui/action-entries.ts';
import { Menu } from '../../ui/menu.tsx';
import type { RowMenuPlace } from '../../ui/table/types.ts';
import { showTip } from '../../ui/tip.ts';

interface OpenMenu {
  readonly id: NodeId;
  readonly place: RowMenuPlace;
}

/** The menu of a row: what opens it in the table, and the menu itself while it is open. */
export function useRowMenu(hold: (isHeld: boolean) => void) {
  const [open, setOpen] = useState<OpenMenu | null>(null);
  const hasLetters = useSettings((state) => state.settings?.singleKeyShortcuts ?? true);
  const isOpen = open !== null;
  useEffect(() => {
    if (!isOpen) return undefined;
    // No row moves under an open menu.
    hold(true);
    return () => {
      hold(false);
    };
  }, [isOpen, hold]);
  const close = useCallback(() => {
    setOpen(null);
  }, []);
  const onMenu = useCallback((id: NodeId, place: RowMenuPlace) => {
    // The button that has opened it closes it again.
    setOpen((before) => (before?.place.anchor === place.anchor && !place.at ? null : { id, place }));
  }, []);
  const onRowKey = useCallback(
    (key: string, id: NodeId, cell: HTMLElement): boolean => {
      if (key === 'F2') {
        const refused = tryAction('rename', id);
        if (refused !== undefined) showTip(cell, { lines: [refused] }, true);
      } else if (key.toLowerCase() === 'm' && hasLetters) onMenu(id, { anchor: cell });
      else return false;
      return true;
    },
    [onMenu, hasLetters],
  );
  return { onMenu, onRowKey, menu: open ? <RowMenu open={open} onClose={close} /> : null };
}

function RowMenu({ open, onClose }: { readonly open: OpenMenu; readonly onClose: () => void }): ReactElement | null {
  const row = useNodes((state) => state.rows.get(open.id));
  useEffect(() => {
    // The node has left the region: there is nothing to be done with it any more.
    if (!row) onClose();
  }, [row, onClose]);
  return row ? <ActionsMenu row={row} place={open.place} onClose={onClose} /> : null;
}

function ActionsMenu(props: {
  readonly row: NodeRow;
  readonly place: RowMenuPlace;
  readonly onClose: () => void;
}): ReactElement | null {
  const { row, place, onClose } = props;
  const actions = useNodeActions(row);
  if (!actions) return null;
  const { anchor, at } = place;
  return (
    <Menu
      key={row.id}
      label={`Actions of ${row.name}`}
      entries={actionEntries(actions, (command) => {
        openAction(command, [row.id]);
      })}
      anchor={anchor}
      align={anchor instanceof HTMLButtonElement ? 'end' : 'start'}
      at={at}
      // Not the cell: rows are painted anew while they scroll.
      returnFocus={anchor.closest<HTMLElement>('[role="grid"]') ?? undefined}
      onClose={onClose}
    />
  );
}
