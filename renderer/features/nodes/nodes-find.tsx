import { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import { nodeStatuses, statusLabels } from '#shared/lifecycle/statuses.ts';
import type { NodeId } from '#shared/model/ids.ts';
import { pinnedColumnIds } from '../../state/node-columns.ts';
import { useNodes } from '../../state/nodes.ts';
import { useSettings } from '../../state/settings.ts';
import { useView } from '../../state/view.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import type { MenuEntry } from '../../ui/menu.tsx';
import { MenuButton } from '../../ui/menu-button.tsx';
import { StatusGlyph } from '../../ui/status-label.tsx';
import { isPlainKey } from '../../ui/keyboard.ts';
import { columnNames, nodeColumns } from './columns.tsx';
import type { NodeColumn } from './columns.tsx';
import { exportNodes } from './export-nodes.ts';
import { countTags } from './filter.ts';
import { useCounts } from './use-counts.ts';
import { setFilter, showAllColumns, toggleColumn } from './view-actions.ts';

export interface NodesFindProps {
  readonly ids: readonly NodeId[];
  readonly columns: readonly NodeColumn[];
  /** No row moves while a menu is open. */
  readonly hold: (isHeld: boolean) => void;
}

/** Finding and viewing: search, status, tags; columns and export. */
export function NodesFind({ ids, columns, hold }: NodesFindProps): ReactElement {
  const filter = useView((state) => state.filter);
  const hidden = useView((state) => state.hiddenColumns);
  const counts = useCounts();

  const statusEntries = (): readonly MenuEntry[] => [
    ...nodeStatuses.map((status): MenuEntry => {
      const isChosen = filter.statuses.includes(status);
      return {
        kind: 'item',
        id: status,
        label: (
          <span className="rk-st">
            <StatusGlyph name={status} />
            {statusLabels[status]}
          </span>
        ),
        hint: formatCount(counts.statuses.get(status) ?? 0),
        choice: { kind: 'check', isChosen },
        onChoose: () => {
          setFilter({
            statuses: isChosen ? filter.statuses.filter((other) => other !== status) : [...filter.statuses, status],
          });
        },
      };
    }),
    { kind: 'rule', id: 'rule' },
    {
      kind: 'item',
      id: 'any',
      label: 'Any status',
      unavailableBecause: filter.statuses.length === 0 ? 'No status is chosen.' : undefined,
      onChoose: () => {
        setFilter({ statuses: [] });
      },
    },
  ];

  const tagEntries = (): readonly MenuEntry[] => {
    const tags = countTags(useNodes.getState().rows.values());
    const names = [...new Set([...tags.keys(), ...filter.tags])].toSorted((a, b) => a.localeCompare(b));
    return names.length === 0
      ? [{ kind: 'title', id: 'none', label: 'No node has a tag.' }]
      : names.map((tag): MenuEntry => {
          const isChosen = filter.tags.includes(tag);
          return {
            kind: 'item',
            id: tag,
            label: tag,
            hint: formatCount(tags.get(tag) ?? 0),
            choice: { kind: 'check', isChosen },
            onChoose: () => {
              setFilter({ tags: isChosen ? filter.tags.filter((other) => other !== tag) : [...filter.tags, tag] });
            },
          };
        });
  };

  const columnEntries = (): readonly MenuEntry[] => [
    ...nodeColumns.map(({ id }): MenuEntry => ({
      kind: 'item',
      id,
      label: columnNames[id],
      choice: { kind: 'check', isChosen: !hidden.includes(id) },
      unavailableBecause: pinnedColumnIds.has(id) ? 'Always shown.' : undefined,
      onChoose: () => {
        toggleColumn(id);
      },
    })),
    { kind: 'rule', id: 'rule' },
    {
      kind: 'item',
      id: 'all',
      label: 'Show all columns',
      unavailableBecause: hidden.length === 0 ? 'All columns are shown.' : undefined,
      onChoose: showAllColumns,
    },
  ];

  return (
    <div className="rk-tb">
      <Search />
      <MenuButton className="rk-sel" label="Status" entries={statusEntries} onOpenChange={hold}>
        <small>Status</small> {chosenWords(filter.statuses.map((status) => statusLabels[status]))}
      </MenuButton>
      <MenuButton className="rk-sel" label="Tags" entries={tagEntries} onOpenChange={hold}>
        <small>Tags</small> {chosenWords(filter.tags)}
      </MenuButton>
      <span className="rk-flex" />
      <MenuButton
        className="pf-v6-c-button pf-m-secondary"
        label="Columns"
        align="end"
        hasCaret={false}
        entries={columnEntries}
        onOpenChange={hold}
      >
        <Icon name="columns" /> Columns
      </MenuButton>
      <Button
        icon="download"
        unavailableBecause={ids.length === 0 ? 'No node is shown, so there is nothing to export.' : undefined}
        onClick={() => {
          exportNodes(
            ids,
            columns.map(({ id }) => id),
          );
        }}
      >
        Export CSV
      </Button>
    </div>
  );
}

function chosenWords(words: readonly string[]): string {
  if (words.length === 0) return 'Any';
  return words.length === 1 ? (words[0] ?? '') : `${String(words.length)} chosen`;
}

function Search(): ReactElement {
  const search = useView((state) => state.filter.search);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isOn = useSettings.getState().settings?.singleKeyShortcuts ?? true;
      if (event.key !== '/' || !isOn || !isPlainKey(event)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  return (
    <label className="rk-in rk-search">
      <Icon name="search" size={13} />
      <input
        ref={field}
        type="search"
        aria-label="Search nodes"
        placeholder="Name, address, tag, serial, MAC"
        autoComplete="off"
        spellCheck={false}
        value={search}
        onChange={(event) => {
          setFilter({ search: event.currentTarget.value });
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          document.querySelector<HTMLElement>('[role="grid"]')?.focus();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}
