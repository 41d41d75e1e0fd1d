import { useState } from 'react';
import type { ReactElement } from 'react';
import type { AppInfo } from '#shared/contract/app.ts';
import type { RegionId } from '#shared/model/ids.ts';
import { supplySecret } from '../../../state/trust.ts';
import { Button } from '../../../ui/button.tsx';
import { SecretField } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { onEnter } from '../../../ui/keyboard.ts';
import { RememberField } from '../remember-field.tsx';
import { AnswerState } from './answer-state.tsx';
import { namesText } from './group.ts';
import type { SecretAsked, SecretEvidence } from './group.ts';
import { useAnswer } from './use-answer.ts';

/** A password or passphrase that somebody waits for. It goes to the main process and is not seen again. */
export function SecretQuestion(props: {
  readonly regionId: RegionId;
  readonly asked: SecretAsked;
  readonly isFirst: boolean;
  readonly secretStorage: AppInfo['secretStorage'];
}): ReactElement {
  const { regionId, asked, isFirst, secretStorage } = props;
  const { evidence, problem, names } = asked;
  const [value, setValue] = useState('');
  const [isRemembered, setRemembered] = useState(false);
  const answer = useAnswer(regionId, [asked.id]);
  const { secret: kind, scope, user, host, keyFile } = evidence;
  const unavailableBecause =
    value === '' ? 'Enter it first.' : answer.isTrying ? 'The last answer is being tried.' : undefined;
  const give = (): void => {
    if (unavailableBecause !== undefined) return;
    void answer.answer(async () => {
      await supplySecret({
        scope,
        kind,
        user,
        host,
        value,
        remember: isRemembered,
        ...(keyFile === undefined ? {} : { keyFile }),
      });
      setValue('');
    }, [asked.id]);
  };
  return (
    <section className="rk-q" aria-label={secretLabel(evidence)}>
      <h3>
        <Icon name="lock" size={16} /> {problem.message}
      </h3>
      <p className="rk-dim">
        {names.length > 1 ? `Asked for ${namesText(names)}. ` : ''}
        {problem.advice}
      </p>
      <div className="rk-q__secret">
        <SecretField
          label={secretLabel(evidence)}
          data-first={isFirst ? '' : undefined}
          value={value}
          onText={setValue}
          onKeyDown={onEnter(give)}
        />
        <RememberField secretStorage={secretStorage} isRemembered={isRemembered} onRemembered={setRemembered} />
      </div>
      <div className="rk-q__do">
        <Button variant={isFirst ? 'primary' : 'secondary'} unavailableBecause={unavailableBecause} onClick={give}>
          Log in
        </Button>
        <AnswerState answer={answer} />
      </div>
    </section>
  );
}

/** `Password of tech`, `Passphrase of ~/.ssh/id_ed25519`, `sudo password of tech`. */
function secretLabel({ secret, user, keyFile }: SecretEvidence): string {
  switch (secret) {
    case 'password':
      return `Password of ${user}`;
    case 'sudo-password':
      return `Password of ${user} for sudo`;
    case 'passphrase':
      return `Passphrase of ${keyFile ?? 'the private key'}`;
  }
}
