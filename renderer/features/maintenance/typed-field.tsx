import type { ReactElement, ReactNode } from 'react';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';

/** Two spellings of the same text are the same (Unicode NFC, no spaces around it), as the core compares them, too. */
export const isTyped = (typed: string, wanted: string): boolean =>
  typed.trim().normalize('NFC') === wanted.trim().normalize('NFC');

/** What has to be typed as it stands there. Enter does nothing; a mark says when it is the same. */
export function TypedField(props: {
  readonly label: string;
  /** What has to be typed. */
  readonly wanted: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly hint?: ReactNode;
  readonly isFirst?: boolean;
}): ReactElement {
  const { label, wanted, value, onText, hint, isFirst = false } = props;
  const isSame = isTyped(value, wanted);
  return (
    <div className="rk-typed">
      <TextField
        label={
          <>
            {label} <code>{wanted}</code>
          </>
        }
        isMono
        {...(isFirst ? { 'data-first': '' } : {})}
        value={value}
        onText={onText}
        hint={hint}
        maxLength={512}
      />
      {isSame ? (
        <span className="rk-typed__same" role="img" aria-label="It is the same">
          <Icon name="check" />
        </span>
      ) : null}
    </div>
  );
}
