import type { ReactElement } from 'react';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { emptyLogin, newKey } from './draft.ts';
import type { JumpDraft } from './draft.ts';
import { LoginFields } from './login-fields.tsx';
import type { FieldErrors } from './to-region.ts';

const most = 4;

/** The jump hosts that every node is reached through, first hop first. */
export function JumpFields(props: {
  readonly jumps: readonly JumpDraft[];
  readonly onJumps: (jumps: readonly JumpDraft[]) => void;
  readonly errors: FieldErrors;
  readonly isKnown: boolean;
}): ReactElement {
  const { jumps, onJumps, errors, isKnown } = props;
  const put = (index: number, change: Partial<JumpDraft>): void => {
    onJumps(jumps.map((jump, at) => (at === index ? { ...jump, ...change } : jump)));
  };
  return (
    <section aria-label="Jump hosts">
      <p className="rk-f__label">
        Jump hosts <small>{jumps.length === 0 ? 'none: nodes are reached directly' : 'first hop first'}</small>
      </p>
      <div className="rk-hops">
        {jumps.map((jump, index) => (
          <div key={jump.key} className="rk-hop" role="group" aria-label={`Jump host ${String(index + 1)}`}>
            <div className="rk-hop__head">
              <b>Jump host {index + 1}</b>
              <Button
                variant="link"
                onClick={() => {
                  onJumps(jumps.toSpliced(index, 1));
                }}
              >
                Remove
              </Button>
            </div>
            <TextField
              label="Address"
              value={jump.address}
              placeholder="jump.example.net, or with a port: jump.example.net:2222"
              error={errors[`jump.${String(jump.key)}.address`]}
              onText={(address) => {
                put(index, { address });
              }}
            />
            <LoginFields
              login={jump.login}
              errors={errors}
              place={`jump.${String(jump.key)}.`}
              isKnown={isKnown}
              hasSudo={false}
              onLogin={(login) => {
                put(index, { login });
              }}
            />
          </div>
        ))}
      </div>
      {jumps.length < most ? (
        <Button
          variant="link"
          className="rk-add"
          icon="plus"
          onClick={() => {
            onJumps([...jumps, { key: newKey(), address: '', login: emptyLogin }]);
          }}
        >
          Add a jump host
        </Button>
      ) : null}
    </section>
  );
}
