import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import type { PreparedActivation } from '#shared/model/maintenance.ts';
import { isCurrent } from '../../state/preparations.ts';
import type { Preparation } from '../../state/preparations.ts';
import { Notice } from '../../ui/banner.tsx';
import { formatPlural, sentence } from '../../ui/format.ts';
import { HomeTable } from './home-table.tsx';
import { OptionField } from './option-field.tsx';
import { PreflightPanel } from './preflight-panel.tsx';
import { WouldRun } from './would-run.tsx';
import { told } from './told.ts';

export interface ActivateChoices {
  readonly bringsVmsHome: boolean;
  readonly acknowledgesFenceLoop: boolean;
}

export const noActivateChoices: ActivateChoices = { bringsVmsHome: false, acknowledgesFenceLoop: false };

/** Why this node cannot be activated now; empty when it can. */
export function missingForActivate(of: Preparation<null, PreparedActivation>, choices: ActivateChoices): string {
  const { answer, problem, readingSince } = of;
  if (readingSince !== null) return 'The preflight is being read.';
  if (problem || !answer) return 'The preflight could not be read, so nothing can be activated.';
  if (answer.fenceLoop !== null && !choices.acknowledgesFenceLoop) {
    return 'Activate becomes available when the fence loop is acknowledged.';
  }
  const isHeld = answer.checks.some(({ state }) => state === 'blocker' || state === 'unknown');
  // A fence loop that is acknowledged here is no reason any more; the core asks for the same acknowledgement.
  if (answer.isReady || (answer.fenceLoop !== null && !isHeld)) return '';
  return sentence(answer.heldUpBy === '' ? 'The preflight holds it up' : told(answer.heldUpBy));
}

/** What activating one node would meet, and what is chosen for it. */
export function ActivateNode(props: {
  readonly regionId: RegionId;
  readonly name: string;
  /** Where several are activated, each says which it is. */
  readonly hasTitle: boolean;
  readonly of: Preparation<null, PreparedActivation>;
  readonly choices: ActivateChoices;
  readonly onChoices: (choices: ActivateChoices) => void;
}): ReactElement {
  const { regionId, name, hasTitle, of, choices, onChoices } = props;
  const { answer } = of;
  const fenceLoop = answer?.fenceLoop ?? null;
  const homeward = answer?.home.filter(({ effect }) => effect !== 'cannot-move').length ?? 0;
  return (
    <div className="rk-nd" role="group" aria-label={name}>
      <div className="rk-nd__left">
        {hasTitle ? <h3 className="rk-nd__title">{name}</h3> : null}
        <PreflightPanel
          name={name}
          of={of}
          reads={`Whether ${name} answers, its services, and its health`}
          andAgain=", and again before it is Active"
          ready={
            isCurrent(of) && missingForActivate(of, choices) === ''
              ? { title: 'Ready.', text: 'It is Active when the cluster and the node itself both say so.' }
              : null
          }
        />
      </div>
      <div className="rk-nd__right" aria-busy={of.readingSince !== null}>
        {fenceLoop === null ? null : (
          <>
            <Notice level="warning" title="Fence loop">
              {told(fenceLoop)}
            </Notice>
            <OptionField
              label="I know why it was fenced, and the cause is gone"
              hint="Recorded in the cluster."
              isChecked={choices.acknowledgesFenceLoop}
              onChange={(acknowledgesFenceLoop) => {
                onChoices({ ...choices, acknowledgesFenceLoop });
              }}
            />
          </>
        )}
        <h3 className="rk-sect">
          VMs <small>moved away by the maintenance</small>
        </h3>
        {!answer ? null : answer.home.length === 0 ? (
          <p className="rk-nd__empty">None was moved away, so none comes home.</p>
        ) : (
          <>
            <OptionField
              label={`Bring ${formatPlural(homeward, 'VM')} home`}
              unavailableBecause={homeward === 0 ? 'None of them can come home now; each row says why.' : undefined}
              hint={
                choices.bringsVmsHome
                  ? 'One after the other, once the node is Active.'
                  : 'Without it they stay where they are.'
              }
              isChecked={choices.bringsVmsHome}
              onChange={(bringsVmsHome) => {
                onChoices({ ...choices, bringsVmsHome });
              }}
            />
            <HomeTable vms={answer.home} />
          </>
        )}
        {answer ? (
          <WouldRun regionId={regionId} commands={choices.bringsVmsHome ? answer.wouldRunHome : answer.wouldRun} />
        ) : null}
      </div>
    </div>
  );
}
