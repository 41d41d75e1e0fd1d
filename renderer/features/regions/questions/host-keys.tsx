import { useState } from 'react';
import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { trustKeys } from '../../../state/trust.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatPlural } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { AnswerState } from './answer-state.tsx';
import { trustedViewWords } from './group.ts';
import type { KeyToConfirm } from './group.ts';
import { useAnswer } from './use-answer.ts';

/** Every unknown key of the region as one list: compared by a person, trusted as a whole or in part. */
export function HostKeys(props: {
  readonly regionId: RegionId;
  readonly keys: readonly KeyToConfirm[];
  readonly isFirst: boolean;
}): ReactElement {
  const { regionId, keys, isFirst } = props;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const answer = useAnswer(
    regionId,
    keys.map(({ id }) => id),
  );
  const selected = keys.filter(({ id }) => chosen.has(id));
  const trust = (some: readonly KeyToConfirm[]): void => {
    void answer.answer(
      () =>
        trustKeys(
          regionId,
          some.map(({ evidence }) => ({ host: evidence.host, keyBase64: evidence.shownKeyBase64 })),
        ),
      some.map(({ id }) => id),
    );
  };
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const commands = [...new Set(keys.map(({ evidence }) => evidence.consoleCommand))];
  const hasSeveral = keys.length > 1;
  return (
    <section className="rk-q" aria-label="Host keys to confirm">
      <h3>
        <Icon name="key" size={16} /> Host keys to confirm
      </h3>
      <p className="rk-dim">
        {hasSeveral ? 'Are these the machines you mean?' : 'Is this the machine you mean?'} Nothing has been sent to{' '}
        {hasSeveral ? 'them' : 'it'} yet, no password either. A different key later is refused.
      </p>
      <table className="rk-qt">
        <thead>
          <tr>
            {hasSeveral ? (
              <th className="rk-qt__pick">
                <span className="rk-sr">Select</span>
              </th>
            ) : null}
            <th>Machine</th>
            <th>Address</th>
            <th>Key</th>
            <th>Fingerprint</th>
            <th>Seen from inside</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(({ id, names, evidence }) => {
            const inside = trustedViewWords(evidence);
            return (
              <tr key={id}>
                {hasSeveral ? (
                  <td className="rk-qt__pick">
                    <span className="rk-ck">
                      <input
                        type="checkbox"
                        aria-label={`Select ${evidence.host}`}
                        checked={chosen.has(id)}
                        onChange={() => {
                          toggle(id);
                        }}
                      />
                    </span>
                  </td>
                ) : null}
                <td>{names.join(', ')}</td>
                <td className="rk-mono">{evidence.host}</td>
                <td className="rk-mono">{evidence.shown.type}</td>
                <td>
                  <span className="rk-copied">
                    <span className="rk-mono">{evidence.shown.fingerprint}</span>
                    <CopyButton text={evidence.shown.fingerprint} name={`fingerprint of ${evidence.host}`} />
                  </span>
                </td>
                <td>
                  {inside.kind === 'same' ? (
                    <span className="rk-same">
                      <Icon name="check" /> {inside.words}
                    </span>
                  ) : (
                    <span className="rk-dim">{inside.words}</span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {commands.map((command) => (
        <p key={command} className="rk-dim rk-copied">
          <span>
            At the machine’s own console: <code>{command}</code>
          </span>
          <CopyButton text={command} name="command" />
        </p>
      ))}
      <div className="rk-q__do">
        <Button
          variant={isFirst ? 'primary' : 'secondary'}
          unavailableBecause={answer.isTrying ? 'The last answer is being tried.' : undefined}
          onClick={() => {
            trust(keys);
          }}
        >
          {hasSeveral ? `Trust all ${String(keys.length)} keys` : 'Trust this key'}
        </Button>
        {hasSeveral ? (
          <Button
            unavailableBecause={selected.length === 0 ? 'Tick the keys that you compared.' : undefined}
            onClick={() => {
              trust(selected);
            }}
          >
            {selected.length === 0 ? 'Trust the ticked ones' : `Trust ${formatPlural(selected.length, 'ticked key')}`}
          </Button>
        ) : null}
        <AnswerState answer={answer} />
      </div>
    </section>
  );
}
