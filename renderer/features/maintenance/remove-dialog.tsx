import type { ReactElement } from 'react';
import type { Operation } from '#shared/model/operation.ts';
import type { NodeOfRegion } from '../../state/maintenance-actions.ts';
import { prepareRemoval, startRemoval } from '../../state/maintenance-actions.ts';
import { isCurrent } from '../../state/preparations.ts';
import { Notice } from '../../ui/banner.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { CheckedFoot, heldBy } from './checked-foot.tsx';
import { useConfirmation } from './confirmation.ts';
import { dropDraft, useDraft } from './drafts.ts';
import { NodeAbout, shortMachineId, useNodeRow } from './node-about.tsx';
import { PreflightPanel } from './preflight-panel.tsx';
import { afterwards, missingForRemoval } from './remove-words.ts';
import { SaidProblem } from './said-problem.tsx';
import { TypedField } from './typed-field.tsx';
import { usePrepared } from './use-prepared.ts';
import { useTyped } from './use-typed.ts';
import { WouldRun } from './would-run.tsx';
import { told } from './told.ts';

/** Takes a node out of the cluster for good: who it is, what the cluster is without it, what goes with it, and its name typed. */
export function RemoveDialog({
  on,
  onClose,
}: {
  readonly on: NodeOfRegion;
  readonly onClose: () => void;
}): ReactElement {
  const { prepared, again } = usePrepared(on, prepareRemoval);
  const { answer } = prepared;
  const { poolWarning = null, poolStatement = null, powerOffStatement = null } = answer ?? {};
  const row = useNodeRow(on);
  const [draft, putDraft] = useDraft(on);
  const confirmation = useConfirmation(onClose);
  const name = answer?.nodeName ?? row?.name ?? on.nodeId;
  const address = answer?.address ?? (row?.address.kind === 'known' ? row.address.value : null);
  const { typed, type: typeText } = useTyped();
  const type = (id: string) => (text: string) => {
    typeText(id, text);
  };
  const input = {
    typedName: typed('name'),
    poolStatement: poolStatement === null ? '' : typed('pool'),
    powerOffStatement: powerOffStatement === null ? '' : typed('power-off'),
    reason: draft.reason.trim(),
  };
  const missing = missingForRemoval(prepared, input);
  const start = async (): Promise<Operation> => {
    const about = { ...on, ...input, digest: answer?.digest ?? '' };
    const operation = await startRemoval({ ...about, operationId: confirmation.idOf(about) });
    dropDraft(on);
    return operation;
  };
  return (
    <Dialog
      title="Remove node"
      isDangerous
      about={<NodeAbout {...on} machineId={answer?.machineId} />}
      note={
        heldBy(confirmation, missing) ??
        `After Remove: ${name} leaves the cluster and is marked Out.${poolStatement === null ? '' : ' Data on it may be lost.'}`
      }
      onClose={onClose}
      footer={
        <CheckedFoot
          verb="Remove"
          variant="danger"
          confirmation={confirmation}
          missing={missing}
          start={start}
          again={again}
          onClose={onClose}
        />
      }
    >
      <div className="rk-force rk-force--tall">
        <SaidProblem problem={confirmation.problem} />
        <dl className="rk-who">
          <dt>Name</dt>
          <dd>{name}</dd>
          <dt>ID</dt>
          <dd>
            <MachineId
              machineId={answer?.machineId ?? (row?.machineId.kind === 'known' ? row.machineId.value : null)}
            />
          </dd>
          <dt>IP address</dt>
          <dd>{address === null ? 'not known' : <code>{address}</code>}</dd>
        </dl>
        {poolWarning === null ? null : (
          <Notice level="danger" title="Caution">
            {told(poolWarning)}
          </Notice>
        )}
        <PreflightPanel
          name={name}
          of={prepared}
          reads={`What the cluster is without ${name}, its data pools, and what names it`}
          andAgain=""
          ready={
            isCurrent(prepared) && answer?.isReady && poolStatement === null && powerOffStatement === null
              ? { title: 'Nothing holds it up.', text: 'No VM runs here, and the others keep their quorum.' }
              : null
          }
        />
        {answer && answer.leftovers.length > 0 ? (
          <section>
            <h3 className="rk-sect">
              Goes with it <small>constraints that name it</small>
            </h3>
            <ul className="rk-lines">
              {answer.leftovers.map(({ id, words }) => (
                <li key={id}>
                  <code>{id}</code> {told(words)}
                </li>
              ))}
            </ul>
          </section>
        ) : null}
        <section>
          <h3 className="rk-sect">
            Afterwards <small>yours to do, and listed again at the end</small>
          </h3>
          <ul className="rk-lines">
            {afterwards.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </section>
        {answer ? <WouldRun regionId={on.regionId} commands={answer.wouldRun} /> : null}
        <TextField
          label="Reason"
          kind="reason"
          value={draft.reason}
          onText={(reason) => {
            putDraft({ reason });
          }}
        />
        {poolStatement === null ? null : (
          <TypedField
            label="About the data pool, type:"
            wanted={poolStatement}
            value={typed('pool')}
            onText={type('pool')}
          />
        )}
        {powerOffStatement === null ? null : (
          <TypedField
            label="It does not answer. Look at it, then type:"
            wanted={powerOffStatement}
            value={typed('power-off')}
            onText={type('power-off')}
          />
        )}
        <TypedField
          label="Type the node’s name to confirm:"
          wanted={name}
          value={typed('name')}
          onText={type('name')}
        />
      </div>
    </Dialog>
  );
}

const MachineId = ({ machineId }: { readonly machineId: string | null }): ReactElement =>
  machineId === null ? <>not known</> : <code>{shortMachineId(machineId)}</code>;
