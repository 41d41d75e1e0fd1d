import type { ReactElement } from 'react';
import type { AppInfo } from '#shared/contract/app.ts';
import { TextField } from '../../../ui/field.tsx';
import { RememberField } from '../remember-field.tsx';
import { ColourField } from './colour-field.tsx';
import { withImported } from './draft.ts';
import type { RegionDraft } from './draft.ts';
import { ImportHost } from './import-host.tsx';
import { JumpFields } from './jump-fields.tsx';
import { LoginFields } from './login-fields.tsx';
import { NodeLoginFields } from './node-login-fields.tsx';
import { TextRows } from './text-rows.tsx';
import type { FieldErrors } from './to-region.ts';

/** Everything a region is on this laptop. Left: what and where; right: how to be let in. */
export function RegionForm(props: {
  readonly draft: RegionDraft;
  readonly onDraft: (draft: RegionDraft) => void;
  readonly errors: FieldErrors;
  /** The region exists: it may have secrets, and nodes with names. */
  readonly isKnown: boolean;
  readonly secretStorage: AppInfo['secretStorage'];
}): ReactElement {
  const { draft, onDraft, errors, isKnown, secretStorage } = props;
  const put = (change: Partial<RegionDraft>): void => {
    onDraft({ ...draft, ...change });
  };
  const logins = [draft.login, ...draft.jumps.map(({ login }) => login), ...draft.nodeLogins.map(({ login }) => login)];
  const hasSecrets = logins.some(({ usesPassword, sudoPassword }) => usesPassword || sudoPassword !== '');
  return (
    <div className="rk-form rk-form--two">
      <div className="rk-form">
        <TextField
          label="Name"
          data-first=""
          value={draft.name}
          placeholder="Frankfurt 2"
          error={errors['name']}
          onText={(name) => {
            put({ name });
          }}
        />
        <ColourField
          value={draft.colour}
          onChange={(colour) => {
            put({ colour });
          }}
        />
        <ImportHost
          onImported={(typed, host) => {
            onDraft(withImported(draft, typed, host));
          }}
        />
        <TextRows
          label={
            <>
              Control nodes <small>host or host:port; the next is tried when one is gone</small>
            </>
          }
          rowName="Control node"
          addName="Add a control node"
          values={draft.seeds}
          placeholder="10.42.0.11"
          most={16}
          errorOf={(index) => errors[`seed.${String(index)}`]}
          onValues={(seeds) => {
            put({ seeds });
          }}
        />
        <TextField
          label="SSH port of the nodes"
          inputMode="numeric"
          value={draft.port}
          error={errors['port']}
          onText={(port) => {
            put({ port });
          }}
        />
      </div>
      <div className="rk-form">
        <LoginFields
          login={draft.login}
          errors={errors}
          place=""
          isKnown={isKnown}
          hasSudo
          onLogin={(login) => {
            put({ login });
          }}
        />
        <JumpFields
          jumps={draft.jumps}
          errors={errors}
          isKnown={isKnown}
          onJumps={(jumps) => {
            put({ jumps });
          }}
        />
        {isKnown ? (
          <NodeLoginFields
            nodes={draft.nodeLogins}
            errors={errors}
            onNodes={(nodeLogins) => {
              put({ nodeLogins });
            }}
          />
        ) : null}
        {hasSecrets ? (
          <RememberField
            secretStorage={secretStorage}
            isRemembered={draft.isRemembered}
            onRemembered={(isRemembered) => {
              put({ isRemembered });
            }}
          />
        ) : null}
      </div>
    </div>
  );
}
