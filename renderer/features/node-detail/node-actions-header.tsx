import { useEffect } from 'react';
import type { ReactElement } from 'react';
import type { NodeCommand } from '#shared/lifecycle/commands.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { openAction, tryAction, useNodeActions } from '../../state/node-actions.ts';
import { actionEntries, actionIcons } from '../../ui/action-entries.ts';
import { Button } from '../../ui/button.tsx';
import { isPlainKey } from '../../ui/keyboard.ts';
import { MenuButton } from '../../ui/menu-button.tsx';

/** Beside the menu, which has all of them: what a person comes to this page for. */
const beside: readonly NodeCommand[] = ['maintenance', 'activate', 'rename'];

/** What can be done with the node: its most used actions, and the menu with all of them. */
export function NodeActionsHeader({ row }: { readonly row: NodeRow }): ReactElement | null {
  const actions = useNodeActions(row);
  useKeys(row);
  if (!actions) return null;
  const choose = (command: NodeCommand): void => {
    openAction(command, [row.id]);
  };
  return (
    <span className="rk-nh__do" role="group" aria-label="Actions">
      {actions.actions
        .filter(({ command }) => beside.includes(command))
        .map(({ command, label, refused }) => {
          const icon = actionIcons[command];
          return (
            <Button
              key={command}
              className={command === 'maintenance' ? undefined : 'rk-nh__wide'}
              {...(icon === undefined ? {} : { icon })}
              unavailableBecause={refused}
              onClick={() => {
                choose(command);
              }}
            >
              {label}
            </Button>
          );
        })}
      <MenuButton
        className="pf-v6-c-button pf-m-secondary"
        label={`Actions of ${row.name}`}
        align="end"
        entries={() => actionEntries(actions, choose)}
      >
        Actions
      </MenuButton>
    </span>
  );
}

/** F2 renames here too. Where it is not available the menu says why, so the key does nothing. */
function useKeys({ id }: NodeRow): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'F2' || !isPlainKey(event)) return;
      event.preventDefault();
      tryAction('rename', id);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, [id]);
}
