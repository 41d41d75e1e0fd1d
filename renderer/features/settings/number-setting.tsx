import { useState } from 'react';
import type { ReactElement } from 'react';
import type { Settings } from '#shared/contract/app.ts';
import { changeSettings } from '../../state/app-actions.ts';
import { problemFrom } from '../../state/session.ts';
import { TextField } from '../../ui/field.tsx';

type NumberName = { [Name in keyof Settings]: Settings[Name] extends number ? Name : never }[keyof Settings];

/** A number with its unit, kept when the field is left or Enter is pressed. What is refused stays to be corrected. */
export function NumberSetting(props: {
  readonly name: NumberName;
  readonly label: string;
  readonly unit: string;
  /** How many of the setting's own units are one of these. */
  readonly factor: number;
  readonly value: number;
}): ReactElement {
  const { name, label, unit, factor, value } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | undefined>(undefined);
  const [isKept, setKept] = useState(false);
  const shown = typed ?? String(value / factor);
  const keep = async (): Promise<void> => {
    if (typed === null) return;
    try {
      const number = typed.trim() === '' ? Number.NaN : Number(typed.replaceAll(',', ''));
      await changeSettings({ [name]: Math.round(number * factor) });
      setTyped(null);
      setError(undefined);
      setKept(true);
    } catch (caught) {
      setError(problemFrom(caught).message);
    }
  };
  return (
    <TextField
      label={label}
      inputMode="decimal"
      value={shown}
      error={error}
      hint={<span role="status">{isKept ? 'Kept.' : ''}</span>}
      after={<span className="rk-dim">{unit}</span>}
      onText={(text) => {
        setTyped(text);
        setError(undefined);
        setKept(false);
      }}
      onBlur={() => void keep()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void keep();
      }}
    />
  );
}
