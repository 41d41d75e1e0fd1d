import { useState } from 'react';
import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { useClock } from '../../../state/clock.ts';
import { answerConversation } from '../../../state/trust.ts';
import { Button } from '../../../ui/button.tsx';
import { SecretField, TextField } from '../../../ui/field.tsx';
import { formatDuration } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { onEnter } from '../../../ui/keyboard.ts';
import { AnswerState } from './answer-state.tsx';
import type { ConversationAsked } from './group.ts';
import { useAnswer } from './use-answer.ts';

/** What a machine asks in its own words before it lets anybody in, and how long it waits for the answer. */
export function Conversation(props: {
  readonly regionId: RegionId;
  readonly asked: ConversationAsked;
  readonly isFirst: boolean;
}): ReactElement {
  const { regionId, asked, isFirst } = props;
  const { conversationId, instructions, prompts, expiresAt } = asked.evidence;
  const [answers, setAnswers] = useState<readonly string[]>(() => prompts.map(() => ''));
  const answer = useAnswer(regionId, [asked.id]);
  const now = useClock((state) => state.now);
  const leftS = Math.max(0, Math.ceil((expiresAt - now) / 1000));
  const isOver = leftS === 0;
  const give = (): void => {
    if (!answer.isTrying) void answer.answer(() => answerConversation(conversationId, answers), [asked.id]);
  };
  return (
    <section className="rk-q" aria-label={`Questions of ${asked.evidence.host}`}>
      <h3>
        <Icon name="lock" size={16} /> {asked.problem.message}
      </h3>
      {instructions === '' ? null : <pre className="rk-q__words">{instructions}</pre>}
      <div className="rk-q__secret">
        {prompts.map(({ prompt, isEchoed }, index) => {
          const Field = isEchoed ? TextField : SecretField;
          return (
            <Field
              // Two prompts may have the same words; their order is the machine's.
              key={index}
              label={prompt.trim() === '' ? `Answer ${String(index + 1)}` : prompt.trim()}
              data-first={isFirst && index === 0 ? '' : undefined}
              value={answers[index] ?? ''}
              onText={(text: string) => {
                setAnswers(answers.with(index, text));
              }}
              // A wrong answer may lock the account, so an empty one is never sent by a key.
              onKeyDown={onEnter(() => {
                if (!isOver && !answers.includes('')) give();
              })}
            />
          );
        })}
      </div>
      <div className="rk-q__do">
        {isOver ? (
          <Button
            variant={isFirst ? 'primary' : 'secondary'}
            onClick={() => void answer.answer(() => Promise.resolve(), [asked.id])}
          >
            Ask again
          </Button>
        ) : (
          <Button
            variant={isFirst ? 'primary' : 'secondary'}
            unavailableBecause={answer.isTrying ? 'The answer is being tried.' : undefined}
            onClick={give}
          >
            Answer
          </Button>
        )}
        <span role="timer" className="rk-dim">
          {isOver ? 'The machine does not wait any more.' : `The machine waits ${formatDuration(leftS)} more.`}
        </span>
        <AnswerState answer={answer} />
      </div>
    </section>
  );
}
