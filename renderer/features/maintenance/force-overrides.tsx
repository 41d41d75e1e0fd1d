import { useId } from 'react';
import type { ReactElement } from 'react';
import type { ArmedForce, ForceOverride } from '#shared/model/maintenance.ts';
import { Icon } from '../../ui/icon.tsx';
import { TypedField } from './typed-field.tsx';
import { told } from './told.ts';

/** Exactly what is overridden, each with its own tick or statement; what is only told; what never is. */
export function ForceOverrides(props: {
  readonly force: ArmedForce;
  readonly ticked: readonly string[];
  readonly onTicked: (ticked: readonly string[]) => void;
  readonly statements: Readonly<Record<string, string>>;
  readonly onStatement: (id: string, text: string) => void;
}): ReactElement {
  const { force, ticked, onTicked, statements, onStatement } = props;
  return (
    <section>
      <h3 className="rk-sect">
        What you override <small>exactly these; each has its own tick</small>
      </h3>
      <ul className="rk-ovr">
        {force.overrides.map((override) => (
          <li key={override.id} className="rk-ovr__one">
            {override.isTold ? (
              <Told override={override} />
            ) : (
              <Ticked
                override={override}
                isTicked={ticked.includes(override.id)}
                onTicked={(isTicked) => {
                  const rest = ticked.filter((id) => id !== override.id);
                  onTicked(isTicked ? [...rest, override.id] : rest);
                }}
              />
            )}
            {override.statement === null ? null : (
              <div className="rk-ovr__typed">
                <TypedField
                  label="A tick is not enough. Type:"
                  wanted={override.statement}
                  value={statements[override.id] ?? ''}
                  onText={(text) => {
                    onStatement(override.id, text);
                  }}
                />
              </div>
            )}
          </li>
        ))}
        {force.neverOverridden.length > 0 ? (
          <li className="rk-ovr__one rk-ovr__one--never">
            <Icon name="lock" />
            <b>Never overridden by a tick</b>
            {force.neverOverridden.map((words) => (
              <small key={words}>{told(words)}</small>
            ))}
          </li>
        ) : null}
      </ul>
    </section>
  );
}

const Told = ({ override }: { readonly override: ForceOverride }): ReactElement => (
  <>
    <Icon name="danger" />
    <b>{override.title}</b>
    <small>{told(override.words)}</small>
  </>
);

function Ticked(props: {
  readonly override: ForceOverride;
  readonly isTicked: boolean;
  readonly onTicked: (isTicked: boolean) => void;
}): ReactElement {
  const id = useId();
  return (
    <>
      <span className="rk-ck">
        <input
          id={id}
          type="checkbox"
          checked={props.isTicked}
          aria-describedby={`${id}-more`}
          onChange={(event) => {
            props.onTicked(event.target.checked);
          }}
        />
      </span>
      <label htmlFor={id}>
        <b>{props.override.title}</b>
      </label>
      <small id={`${id}-more`}>{told(props.override.words)}</small>
    </>
  );
}
