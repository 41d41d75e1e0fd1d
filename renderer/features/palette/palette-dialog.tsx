import { useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import { currentProfile, useRegions } from '../../state/regions.ts';
import { formatCount, formatPlural } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { RegionName } from '../../ui/region-name.tsx';
import { useModal } from '../../ui/use-modal.ts';
import { isVerbAlone, paletteGroups } from './entries.ts';
import type { PaletteEntry } from './entries.ts';
import { optionId, PaletteList } from './palette-list.tsx';
import { runEntry } from './run-entry.ts';
import { usePaletteWorld } from './use-palette-world.ts';
import type { PalettePage } from './use-palette-world.ts';

/**
 * Ctrl K: goes to a node, a page, an operation or a region, and opens the dialog of an action, by typing a part of its name. The field
 * keeps the focus, arrows step through what fits. Nothing is done from here that has no dialog of its own.
 */
export function PaletteDialog(props: {
  readonly pages: readonly PalettePage[];
  readonly openNode: NodeId | null;
  readonly onClose: () => void;
}): ReactElement {
  const { pages, openNode, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const region = useRegions(currentProfile);
  const world = usePaletteWorld(pages, openNode);
  const [query, setQuery] = useState('');
  const [chosenId, setChosenId] = useState<string | null>(null);
  const groups = useMemo(() => paletteGroups(query, world), [query, world]);
  const entries = groups.flatMap((group) => group.entries);
  // What is chosen stays chosen while the region changes under it; what has gone gives way to the first that can be chosen.
  const kept = entries.findIndex((entry) => entry.id === chosenId);
  const index =
    kept >= 0
      ? kept
      : Math.max(
          0,
          entries.findIndex(({ refused }) => refused === undefined),
        );
  const chosen = entries[index];
  useModal(dialog, firstFocus);

  const choose = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined || entry.refused !== undefined) return;
    onClose();
    runEntry(entry.act);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const to = steps[event.key]?.(index, entries.length);
    if (to !== undefined) setChosenId(entries[to]?.id ?? null);
    else if (event.key === 'Enter' && !event.repeat) choose(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className="pf-v6-c-modal-box rk-dlg rk-pal-dlg"
      aria-label="Go to node, run action"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        // Beside it: the box itself is covered by what is in it.
        if (event.target === event.currentTarget) onClose();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
      }}
    >
      <div className="rk-pal-dlg__in">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label="Node, action, page, operation or region"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={chosen === undefined ? undefined : optionId(id, chosen.id)}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={200}
          placeholder="Go to node, run action"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosenId(null);
          }}
          onKeyDown={onKeyDown}
        />
        {region ? <RegionName region={region} /> : null}
      </div>
      {entries.length === 0 ? (
        <p className="rk-pal-dlg__none">
          {isVerbAlone(query, world)
            ? 'Which node? Type a part of its name beside the verb, or select nodes in the table first.'
            : 'Nothing here has that in its name. Part of a name, an address or a tag will do, and a verb beside it.'}
        </p>
      ) : (
        <PaletteList id={id} groups={groups} chosenId={chosen?.id ?? null} onPoint={setChosenId} onChoose={choose} />
      )}
      <p className="rk-pal-dlg__foot">
        <kbd>↑</kbd> <kbd>↓</kbd> choose, <kbd>Enter</kbd> opens, <kbd>Esc</kbd> closes. An action asks in its own
        dialog first.
      </p>
      <p className="rk-sr" role="status">
        {query === ''
          ? ''
          : `${formatPlural(entries.length, 'entry', 'entries')} for ${formatCount(query.length)} letters`}
      </p>
    </dialog>
  );
}

const steps: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index, count) => (index + 1) % Math.max(1, count),
  ArrowUp: (index, count) => (index - 1 + count) % Math.max(1, count),
  PageDown: (index, count) => Math.min(index + 8, count - 1),
  PageUp: (index) => Math.max(index - 8, 0),
};

const firstFocus = ['input'];
