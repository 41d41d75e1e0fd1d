import type { ReactElement } from 'react';
import { useSettings } from '../state/settings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CurrentRegion } from './current-region.tsx';
import { railPages } from './pages.tsx';

const shortcuts: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['/'], does: 'Search' },
  { keys: ['Ctrl/Cmd K'], does: 'Go to a node, a page or an operation; open an action' },
  { keys: ['?'], does: 'These shortcuts' },
  { keys: ['↑', '↓', '←', '→'], does: 'Move in a table; up from the first row to the head' },
  { keys: ['Home', 'End', 'PgUp', 'PgDn'], does: 'First row, last row, a page up, a page down' },
  { keys: ['Enter'], does: 'Open the node; in the head: sort' },
  { keys: ['Space'], does: 'Select or unselect' },
  { keys: ['M', 'Shift F10'], does: 'What can be done with the node: its menu' },
  { keys: ['F2'], does: 'Rename the node' },
  { keys: ['Shift ↑', 'Shift ↓'], does: 'Extend the selection' },
  { keys: ['Ctrl/Cmd A'], does: 'Select all that are shown' },
  { keys: ['['], does: 'Previous node' },
  { keys: [']'], does: 'Next node' },
  { keys: ['Esc'], does: 'Close the top layer; in the list: clear the search, then the selection; on a node: back' },
];

/** Every key there is. No key triggers a destructive action. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const isOn = useSettings((state) => state.settings?.singleKeyShortcuts ?? true);
  const goTo = railPages.map(({ key, label }) => ({ keys: [`G then ${key.toUpperCase()}`], does: `Go to ${label}` }));
  return (
    <Dialog
      title="Keyboard shortcuts"
      about={<CurrentRegion />}
      note={isOn ? undefined : 'Single keys are switched off in the settings.'}
      onClose={onClose}
      footer={
        <Button data-cancel="" onClick={onClose}>
          Close
        </Button>
      }
    >
      <dl className="rk-keys">
        {[...shortcuts, ...goTo].map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
