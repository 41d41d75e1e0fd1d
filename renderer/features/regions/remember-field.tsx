import type { ReactElement } from 'react';
import type { AppInfo } from '#shared/contract/app.ts';
import { CheckField } from '../../ui/field.tsx';
import { sentence } from '../../ui/format.ts';

/** Whether secrets outlive the session: a choice where there is a keychain, else the reason why there is none (R25). */
export function RememberField(props: {
  readonly secretStorage: AppInfo['secretStorage'];
  readonly isRemembered: boolean;
  readonly onRemembered: (isRemembered: boolean) => void;
}): ReactElement {
  const { secretStorage, isRemembered, onRemembered } = props;
  if (secretStorage.kind === 'session-only') {
    return (
      <p className="rk-f__hint">
        Secrets are kept for this session only: {sentence(lowerFirst(secretStorage.because))}
      </p>
    );
  }
  return (
    <CheckField label="Remember secrets in this laptop’s keychain" isChecked={isRemembered} onChange={onRemembered} />
  );
}

/** A sentence that goes on after a colon; a name at its beginning keeps its capital. */
const lowerFirst = (text: string): string =>
  text.startsWith('Rackside') ? text : `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
