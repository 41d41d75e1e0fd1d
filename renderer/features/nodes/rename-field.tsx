import type { KeyboardEventHandler, ReactElement } from 'react';
import type { NamePlate } from '../../state/node-edits.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { isContested, keepMine, takeTheirs, typeInto, valueOfField } from './rename-draft.ts';
import type { PlateField as Field, RenameDraft } from './rename-draft.ts';

/** One field that somebody else may change meanwhile: then both values stand there, and the person chooses. */
export function PlateField(props: {
  readonly field: Field;
  readonly label: string;
  readonly hint: string;
  readonly error?: string | undefined;
  readonly isRequired?: boolean;
  readonly draft: RenameDraft;
  readonly row: NamePlate;
  readonly change: (draft: RenameDraft) => void;
  readonly onKeyDown: KeyboardEventHandler;
}): ReactElement {
  const { field, label, hint, error, isRequired = false, draft, row, change, onKeyDown } = props;
  return (
    <div>
      <TextField
        label={label}
        hint={hint}
        error={error}
        required={isRequired}
        kind={field}
        isJudgedLive
        onKeyDown={onKeyDown}
        value={valueOfField(draft, field, row)}
        {...(field === 'name' ? { 'data-first': '' } : {})}
        onText={(text) => {
          change(typeInto(draft, field, text, row));
        }}
      />
      {isContested(draft, field, row) ? (
        <div className="rk-contest" role="alert">
          <p>
            Changed by somebody else meanwhile, to <b>{row[field] === '' ? 'nothing' : row[field]}</b>
          </p>
          <Button
            onClick={() => {
              change(takeTheirs(draft, field, row));
            }}
          >
            Take theirs
          </Button>
          <Button
            onClick={() => {
              change(keepMine(draft, field, row));
            }}
          >
            Keep mine
          </Button>
        </div>
      ) : null}
    </div>
  );
}
