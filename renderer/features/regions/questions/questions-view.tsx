import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { useSettings } from '../../../state/settings.ts';
import { Conversation } from './conversation.tsx';
import type { Questions } from './group.ts';
import { HostKeys } from './host-keys.tsx';
import { RefusalView } from './refusal-view.tsx';
import { SecretQuestion } from './secret-question.tsx';

const unknownStorage = {
  kind: 'session-only',
  because: 'the app has not said yet whether there is a keychain',
} as const;

/** Everything a region waits for a person to answer: refusals first, because they may change what one answers below. */
export function QuestionsView({
  regionId,
  questions,
}: {
  readonly regionId: RegionId;
  readonly questions: Questions;
}): ReactElement {
  const secretStorage = useSettings((state) => state.info?.secretStorage ?? unknownStorage);
  const { keys, secrets, conversations, refusals } = questions;
  const [first] = [...conversations, ...keys, ...secrets];
  return (
    <div className="rk-qs">
      {refusals.map((refusal) => (
        <RefusalView key={refusal.id} regionId={regionId} refusal={refusal} />
      ))}
      {conversations.map((asked) => (
        <Conversation key={asked.id} regionId={regionId} asked={asked} isFirst={asked === first} />
      ))}
      {keys.length > 0 ? <HostKeys regionId={regionId} keys={keys} isFirst={keys[0] === first} /> : null}
      {secrets.map((asked) => (
        <SecretQuestion
          key={asked.id}
          regionId={regionId}
          asked={asked}
          isFirst={asked === first}
          secretStorage={secretStorage}
        />
      ))}
    </div>
  );
}
