import type { ReactElement } from 'react';
import { CheckField, SecretField, TextField } from '../../../ui/field.tsx';
import type { LoginDraft } from './draft.ts';
import { TextRows } from './text-rows.tsx';
import type { FieldErrors } from './to-region.ts';

/** How somebody logs in: as whom, and by which proofs, in the order in which they are tried. */
export function LoginFields(props: {
  readonly login: LoginDraft;
  readonly onLogin: (login: LoginDraft) => void;
  readonly errors: FieldErrors;
  /** Before the names of its errors: '' for the region's login, `jump.3.` for a jump host's. */
  readonly place: string;
  /** True where a password may be known already: an empty field then changes nothing. */
  readonly isKnown: boolean;
  /** A jump host only forwards: nothing is run there, and nobody needs root. */
  readonly hasSudo: boolean;
}): ReactElement {
  const { login, onLogin, errors, place, isKnown, hasSudo } = props;
  const put = (change: Partial<LoginDraft>): void => {
    onLogin({ ...login, ...change });
  };
  const methodsError = errors[`${place}methods`];
  const keep = isKnown ? 'Empty: what is known stays.' : undefined;
  const needsSudo = hasSudo && login.user.trim() !== 'root' && login.user.trim() !== '';
  return (
    <>
      <TextField
        label="User"
        value={login.user}
        error={errors[`${place}user`]}
        onText={(user) => {
          put({ user });
        }}
      />
      <fieldset aria-describedby={methodsError === undefined ? undefined : `${place}methods-wrong`}>
        <legend>
          Ways to log in <small>tried from top to bottom</small>
        </legend>
        <CheckField
          label="Private key file"
          isChecked={login.usesKey}
          onChange={(usesKey) => {
            put({ usesKey });
          }}
        />
        {login.usesKey ? (
          <div className="rk-form__sub">
            <TextRows
              label={<span className="rk-sr">Private key files</span>}
              rowName="Key file"
              addName="Add a key file"
              values={login.keyFiles}
              placeholder="~/.ssh/id_ed25519"
              most={4}
              errorOf={(index) => errors[`${place}key.${String(index)}`]}
              onValues={(keyFiles) => {
                put({ keyFiles });
              }}
            />
          </div>
        ) : null}
        <CheckField
          label="SSH agent"
          isChecked={login.usesAgent}
          onChange={(usesAgent) => {
            put({ usesAgent });
          }}
        />
        <CheckField
          label="Password"
          isChecked={login.usesPassword}
          onChange={(usesPassword) => {
            put({ usesPassword });
          }}
        />
        {login.usesPassword ? (
          <div className="rk-form__sub">
            <SecretField
              label="Password"
              value={login.password}
              hint={keep}
              onText={(password) => {
                put({ password });
              }}
            />
          </div>
        ) : null}
        <CheckField
          label="Keyboard-interactive: the server asks, you answer"
          isChecked={login.usesInteractive}
          onChange={(usesInteractive) => {
            put({ usesInteractive });
          }}
        />
        {methodsError === undefined ? null : (
          <p id={`${place}methods-wrong`} className="rk-f__wrong" data-wrong="" tabIndex={-1}>
            {methodsError}
          </p>
        )}
      </fieldset>
      {needsSudo ? (
        <SecretField
          label="Password for sudo"
          value={login.sudoPassword}
          hint={
            keep ??
            `Some values need root. Empty: sudo without a password is tried, then ${login.usesPassword ? 'the login’s password' : 'those values stay not known'}.`
          }
          onText={(sudoPassword) => {
            put({ sudoPassword });
          }}
        />
      ) : null}
    </>
  );
}
