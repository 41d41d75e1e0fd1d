import { useState } from 'react';
import type { ReactElement } from 'react';
import { assertPresent } from '#shared/assert.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { NodeOfRegion } from '../../state/maintenance-actions.ts';
import { startForce } from '../../state/maintenance-actions.ts';
import { Notice } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { beingStarted, useConfirmation } from './confirmation.ts';
import { dropDraft, useDraft } from './drafts.ts';
import { ForceOverrides } from './force-overrides.tsx';
import { missingForForce, sequenceWords, severeWarning } from './force-words.ts';
import { NodeAbout, useNodeRow } from './node-about.tsx';
import { ReadingLine } from './reading-line.tsx';
import { Ring } from './ring.tsx';
import { SaidProblem } from './said-problem.tsx';
import { TypedField } from './typed-field.tsx';
import { useTyped } from './use-typed.ts';
import { useArmed } from './use-armed.ts';
import { useCountdown } from './use-countdown.ts';
import { WouldRun } from './would-run.tsx';
import { told } from './told.ts';

/** The specification's last resort: exactly what is overridden, ticked one by one, the name typed, and a timer that nothing shortens. */
export function ForceDialog({
  on,
  onClose,
}: {
  readonly on: NodeOfRegion;
  readonly onClose: () => void;
}): ReactElement {
  const { force, endsAt, problem, readingSince, arm, restart, spent } = useArmed(on);
  const seconds = useCountdown(endsAt);
  const [draft, putDraft] = useDraft(on);
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const confirmation = useConfirmation(onClose);
  const row = useNodeRow(on);
  const name = force?.nodeName ?? row?.name ?? on.nodeId;
  const { typed, type, clear } = useTyped();
  const statements = Object.fromEntries((force?.overrides ?? []).map(({ id }) => [id, typed(`statement ${id}`)]));
  const input = { ticked, statements, typedName: typed('name'), reason: draft.reason };
  // The token is used up, or what it confirms is not what is true now: only another one can go on.
  const isSpent = ['token-used', 'plan-changed'].includes(confirmation.problem?.code ?? '');
  const note = noteOf();

  function noteOf(): string {
    // The specification's words are the operation's, once there is one: it may be refused yet.
    if (confirmation.isSending) return beingStarted;
    if (isSpent) return 'What you confirmed holds no more: arm the timer again.';
    if (readingSince !== null) return 'What would be overridden is being read.';
    if (!force) return 'What would be overridden could not be read, so nothing can be forced.';
    if (force.refused !== null) return told(force.refused);
    const missing = missingForForce(force, input);
    const timer = seconds > 0 ? 'The timer runs to the end. Use it to check the list above.' : '';
    return [missing, timer].filter(Boolean).join(' ');
  }
  const start = async (): Promise<Operation> => {
    const armed = assertPresent(force, 'the verb is not available before it is armed');
    const said = Object.fromEntries(
      armed.overrides.flatMap(({ id, statement }) => (statement === null ? [] : [[id, statements[id] ?? '']])),
    );
    const about = {
      ...on,
      token: armed.token,
      typedName: input.typedName,
      ticked,
      statements: said,
      reason: draft.reason.trim(),
    };
    const operation = await startForce({ ...about, operationId: confirmation.idOf(about) });
    spent();
    dropDraft(on);
    return operation;
  };
  /** Another token is another confirmation: what was ticked and typed for the last one is not for it. */
  const armAnew = (): void => {
    confirmation.setProblem(null);
    setTicked([]);
    clear();
    arm();
  };
  return (
    <Dialog
      title="Force maintenance"
      isDangerous
      about={<NodeAbout {...on} />}
      note={note === '' ? 'What is ticked above happens at once.' : note}
      onClose={onClose}
      footer={
        <>
          <Button data-cancel="" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="danger"
            unavailableBecause={note === '' ? undefined : note}
            onClick={() => {
              confirmation.send(start, ({ code }) => {
                if (code === 'timer-running') restart();
              });
            }}
          >
            Force maintenance
          </Button>
        </>
      }
    >
      <div className="rk-force rk-force--tall">
        <SaidProblem
          problem={confirmation.problem}
          actions={isSpent ? <Button onClick={armAnew}>Arm again</Button> : null}
        />
        <Notice level="danger" title="Severe warning">
          {severeWarning}
        </Notice>
        {problem ? <ProblemView problem={problem} actions={<Button onClick={armAnew}>Try again</Button>} /> : null}
        <p className="rk-dim" role="status">
          <ReadingLine since={readingSince} otherwise={force && force.refused === null ? sequenceWords(force) : ''}>
            Reading what would be overridden on {name}
          </ReadingLine>
        </p>
        {force && force.refused !== null ? (
          <Notice level="info" title="Nothing to force">
            {told(force.refused)}
          </Notice>
        ) : null}
        {force && force.refused === null ? (
          <>
            <ForceOverrides
              force={force}
              ticked={ticked}
              onTicked={setTicked}
              statements={statements}
              onStatement={(id, text) => {
                type(`statement ${id}`, text);
              }}
            />
            <WouldRun regionId={on.regionId} commands={force.wouldRun} />
            <div className="rk-force__confirm">
              <div className="rk-force__fields">
                <TextField
                  label="Reason"
                  kind="reason"
                  value={draft.reason}
                  onText={(reason) => {
                    putDraft({ reason });
                  }}
                />
                <TypedField
                  label="Type the node’s name to confirm:"
                  wanted={name}
                  value={input.typedName}
                  onText={(text) => {
                    type('name', text);
                  }}
                  hint="Recorded in the cluster with your name and your reason."
                />
              </div>
              <Ring seconds={seconds} ofSeconds={force.timerMs / 1000} />
            </div>
          </>
        ) : null}
      </div>
    </Dialog>
  );
}
