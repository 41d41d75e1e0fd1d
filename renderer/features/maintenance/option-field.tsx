import { useId } from 'react';
import type { ReactElement, ReactNode } from 'react';

/** A box to tick whose words say what it does; where it does nothing now it stays in its place and says why. */
export function OptionField(props: {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly isChecked: boolean;
  readonly unavailableBecause?: string | undefined;
  readonly onChange: (isChecked: boolean) => void;
}): ReactElement {
  const { label, hint, isChecked, unavailableBecause, onChange } = props;
  const id = useId();
  const isUnavailable = unavailableBecause !== undefined;
  const more = unavailableBecause ?? hint;
  return (
    <div className={isUnavailable ? 'rk-opt rk-opt--not' : 'rk-opt'}>
      <label className="rk-ck">
        <input
          type="checkbox"
          checked={isChecked}
          aria-disabled={isUnavailable || undefined}
          aria-describedby={more === undefined ? undefined : id}
          onChange={(event) => {
            if (!isUnavailable) onChange(event.target.checked);
          }}
        />
        <span>{label}</span>
      </label>
      {more === undefined ? null : <small id={id}>{more}</small>}
    </div>
  );
}
