import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { useSettledRows } from '../../state/settled-rows.ts';
import { formatPlural } from '../../ui/format.ts';
import { suggestTags, wrongTag } from './tag-suggestions.ts';

/** Where a tag's name is entered: a text with the region's other tags beneath it. Enter adds, Escape gives up. */
export function TagField(props: {
  readonly own: readonly string[];
  /** A name that was refused, to be mended instead of typed again. */
  readonly initial: string;
  readonly onAdd: (tag: string) => void;
  /** `isByKey`: the focus has to go back to where it came from. */
  readonly onClose: (isByKey: boolean) => void;
}): ReactElement {
  const { own, initial, onAdd, onClose } = props;
  const [text, setText] = useState(initial);
  const [chosen, setChosen] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const { rows } = useSettledRows();
  const suggestions = useMemo(() => suggestTags(rows.values(), own, text), [rows, own, text]);
  const wrong = wrongTag(text, own);
  useEffect(() => {
    field.current?.focus();
  }, []);

  const add = (name: string): void => {
    const tag = name.trim();
    if (tag !== '' && wrongTag(tag, own) === undefined) onAdd(tag);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter' && !event.repeat) add(suggestions[chosen]?.tag ?? text);
    else if (event.key === 'Escape') onClose(true);
    else if (move !== undefined) setChosen(stepped(chosen, move, suggestions.length));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span className="rk-tagf">
      <span className={wrong === undefined ? 'rk-in' : 'rk-in rk-in--wrong'}>
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label="Tag name"
          aria-expanded={suggestions.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={chosen === -1 ? undefined : `${id}-${String(chosen)}`}
          aria-invalid={wrong !== undefined || undefined}
          aria-describedby={`${id}-more`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(-1);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => {
            onClose(false);
          }}
        />
      </span>
      <span className="rk-tagf__list">
        <span id={`${id}-more`} className={wrong === undefined ? 'rk-tagf__more' : 'rk-f__wrong'}>
          {wrong ?? (suggestions.length > 0 ? 'Enter adds. Tags of other nodes:' : 'Enter adds it.')}
        </span>
        <ul id={`${id}-list`} role="listbox" aria-label="Tags of other nodes">
          {suggestions.map(({ tag, nodes }, index) => (
            // Options take no focus: the field keeps it, and steps through them.
            <li
              key={tag}
              id={`${id}-${String(index)}`}
              role="option"
              aria-selected={index === chosen}
              onPointerDown={(event) => {
                // The field would lose the focus first, and close.
                event.preventDefault();
                add(tag);
              }}
              onPointerMove={() => {
                setChosen(index);
              }}
            >
              <span>{tag}</span> <small>{formatPlural(nodes, 'node')}</small>
            </li>
          ))}
        </ul>
      </span>
    </span>
  );
}

/** One step through the suggestions; -1 is the text itself, before the first and after the last. */
function stepped(from: number, by: number, count: number): number {
  const next = from + by;
  if (next >= count || next < -1) return by > 0 ? -1 : count - 1;
  return next;
}
