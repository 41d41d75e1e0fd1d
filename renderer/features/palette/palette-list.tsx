import { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import { useClock } from '../../state/clock.ts';
import { formatCount, formatReason } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { StatusLabel } from '../../ui/status-label.tsx';
import type { PaletteEntry, PaletteGroup } from './entries.ts';

/** The id of an option's element: one word, whatever the entry is called. */
export const optionId = (id: string, entryId: string): string => `${id}-${entryId.replaceAll(/\s/g, '_')}`;

/** What fits, in its groups. Options take no focus: the field keeps it. */
export function PaletteList(props: {
  readonly id: string;
  readonly groups: readonly PaletteGroup[];
  readonly chosenId: string | null;
  readonly onPoint: (entryId: string) => void;
  readonly onChoose: (entry: PaletteEntry) => void;
}): ReactElement {
  const { id, groups, chosenId, onPoint, onChoose } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosenId]);
  return (
    <div ref={list} id={`${id}-list`} className="rk-pal-dlg__list" role="listbox" aria-label="What fits">
      {groups.map(({ title, entries, found }) => (
        <div key={title} role="group" aria-labelledby={`${id}-${title}`}>
          <div id={`${id}-${title}`} className="rk-pal-dlg__title" role="presentation">
            {title}
            {found > entries.length ? ` ${formatCount(entries.length)} of ${formatCount(found)}` : ''}
          </div>
          {entries.map((entry) => (
            <Option
              key={entry.id}
              id={optionId(id, entry.id)}
              entry={entry}
              isChosen={entry.id === chosenId}
              onPoint={onPoint}
              onChoose={onChoose}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

function Option(props: {
  readonly id: string;
  readonly entry: PaletteEntry;
  readonly isChosen: boolean;
  readonly onPoint: (entryId: string) => void;
  readonly onChoose: (entry: PaletteEntry) => void;
}): ReactElement {
  const { id, entry, isChosen, onPoint, onChoose } = props;
  const now = useClock((state) => state.now);
  const { label, more, row, icon, refused } = entry;
  return (
    <div
      id={id}
      className="rk-pal-dlg__one"
      role="option"
      aria-selected={isChosen}
      aria-disabled={refused !== undefined || undefined}
      onPointerMove={() => {
        if (!isChosen) onPoint(entry.id);
      }}
      onClick={() => {
        onChoose(entry);
      }}
    >
      <Icon name={icon} />
      <span>{label}</span>
      <span className="rk-dim">{more}</span>
      {row === null ? null : <StatusLabel status={row.status} now={now} reason="" />}
      {refused === undefined ? null : <small>{formatReason(refused, now)}</small>}
    </div>
  );
}
