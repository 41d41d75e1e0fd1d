import { useId, useState } from 'react';
import type { InputHTMLAttributes, ReactElement, ReactNode } from 'react';
import { wrongText, type LimitedText } from '#shared/model/texts.ts';

export interface FieldProps {
  readonly label: ReactNode;
  /** What a person may need to know before they fill it in. */
  readonly hint?: ReactNode;
  /** What is wrong with what was entered; takes the hint's place. */
  readonly error?: string | undefined;
}

export interface TextFieldProps
  extends FieldProps, Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'children'> {
  readonly value: string;
  readonly onText: (value: string) => void;
  /** After the field, in its own row: a unit, a button. */
  readonly after?: ReactNode;
  readonly isMono?: boolean;
  /** What it may be at most, judged while it is typed: nothing that was pasted is cut off unseen. */
  readonly kind?: LimitedText;
  /** `error` is judged anew with each letter; else it was said of a text that was sent, and is not true of the next one. */
  readonly isJudgedLive?: boolean;
}

/** A labelled line of text. Enter does nothing here, unless its owner says so: no form is sent by an accidental key. */
export function TextField(props: TextFieldProps): ReactElement {
  const { label, hint, error: said, value, onText, after, isMono = false, isJudgedLive = false, kind, ...rest } = props;
  const id = useId();
  const [isCorrected, setCorrected] = useState(false);
  // What was said of the text before is not true of the one that is being typed; the next answer judges that.
  if (said === undefined && isCorrected) setCorrected(false);
  const wrong = kind === undefined ? undefined : wrongText(kind, value);
  const error = wrong ?? (isCorrected && !isJudgedLive ? undefined : said);
  const isWrong = error !== undefined;
  return (
    <div className="rk-f">
      <label htmlFor={id}>{label}</label>
      <div className="rk-f__row">
        <span className={`rk-in rk-in--form${isWrong ? ' rk-in--wrong' : ''}${isMono ? ' rk-mono' : ''}`}>
          <input
            type="text"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            {...rest}
            id={id}
            value={value}
            aria-invalid={isWrong || undefined}
            aria-describedby={isWrong || hint !== undefined ? `${id}-more` : undefined}
            onChange={(event) => {
              setCorrected(said !== undefined);
              onText(event.target.value);
            }}
          />
        </span>
        {after}
      </div>
      <FieldMore id={id} hint={hint} error={error} />
    </div>
  );
}

/** A secret: hidden until asked for. `data-typed` marks that closing would lose it. */
export function SecretField(props: Omit<TextFieldProps, 'type' | 'after' | 'isMono'>): ReactElement {
  const [isShown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={isShown ? 'text' : 'password'}
      autoComplete="off"
      data-typed={props.value === '' ? undefined : ''}
      after={
        <button
          type="button"
          className="rk-f__show"
          aria-pressed={isShown}
          onClick={() => {
            setShown(!isShown);
          }}
        >
          {isShown ? 'Hide' : 'Show'}
        </button>
      }
    />
  );
}

/** A box to tick, with its words beside it. */
export function CheckField(props: {
  readonly label: ReactNode;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}): ReactElement {
  return (
    <label className="rk-ck rk-f__check">
      <input
        type="checkbox"
        checked={props.isChecked}
        onChange={(event) => {
          props.onChange(event.target.checked);
        }}
      />
      <span>{props.label}</span>
    </label>
  );
}

/** What stands beneath a field: what is wrong with it, else its hint. */
export function FieldMore(props: {
  readonly id: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}): ReactElement | null {
  const { id, hint, error } = props;
  if (error !== undefined) {
    return (
      <p id={`${id}-more`} className="rk-f__wrong">
        {error}
      </p>
    );
  }
  return hint === undefined ? null : (
    <p id={`${id}-more`} className="rk-f__hint">
      {hint}
    </p>
  );
}
