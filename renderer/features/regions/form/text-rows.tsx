import type { ReactElement, ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';

/** Several lines of one kind: addresses, key files. The last one stays, so that there is always one to type in. */
export function TextRows(props: {
  readonly label: ReactNode;
  /** Names a row to a screen reader: `Control node 2`. */
  readonly rowName: string;
  readonly addName: string;
  readonly values: readonly string[];
  readonly onValues: (values: readonly string[]) => void;
  /** What is wrong with the row, by its index. */
  readonly errorOf: (index: number) => string | undefined;
  readonly placeholder: string;
  readonly most: number;
}): ReactElement {
  const { label, rowName, addName, values, onValues, errorOf, placeholder, most } = props;
  return (
    <fieldset>
      <legend>{label}</legend>
      {values.map((value, index) => (
        // A row is its place: its text changes with every key.
        <div key={index} className="rk-f--bare">
          <TextField
            label={<span className="rk-sr">{`${rowName} ${String(index + 1)}`}</span>}
            value={value}
            placeholder={index === 0 ? placeholder : ''}
            error={errorOf(index)}
            onText={(text) => {
              onValues(values.with(index, text));
            }}
            after={
              values.length > 1 ? (
                <Button
                  variant="plain"
                  icon="close"
                  aria-label={`Remove ${rowName} ${String(index + 1)}`}
                  onClick={() => {
                    onValues(values.toSpliced(index, 1));
                  }}
                />
              ) : undefined
            }
          />
        </div>
      ))}
      {values.length < most ? (
        <div>
          <Button
            variant="link"
            className="rk-add"
            icon="plus"
            onClick={() => {
              onValues([...values, '']);
            }}
          >
            {addName}
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}
