import { useId } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';

/** One of a list, with its label, and what is done to it beside it. */
export function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly words: string }[];
  readonly onChoose: (value: string) => void;
  readonly after?: ReactNode;
}): ReactElement {
  const id = useId();
  return (
    <div className="rk-f">
      <label htmlFor={id}>{props.label}</label>
      <div className="rk-f__row">
        <span className="rk-plan__choice">
          <select
            id={id}
            value={props.value}
            disabled={props.options.length === 0}
            onChange={(event) => {
              props.onChoose(event.target.value);
            }}
          >
            {props.options.length === 0 && <option value="">None</option>}
            {props.options.map(({ value, words }) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
          <Icon name="down" size={12} />
        </span>
        {props.after}
      </div>
    </div>
  );
}
