import { useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { assertPresent } from '#shared/assert.ts';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import type { MaintenanceChoices } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { Problem } from '#shared/problems.ts';
import { openDialog } from '../../state/dialogs.ts';
import { prepareMaintenance, startMaintenance, startMaintenanceOfMany } from '../../state/maintenance-actions.ts';
import { createPreparations, isCurrent, passesByItself } from '../../state/preparations.ts';
import { Notice } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { formatPlural } from '../../ui/format.ts';
import { asShown } from './as-shown.ts';
import { checkActions } from './check-actions.tsx';
import { CheckedFoot, heldBy } from './checked-foot.tsx';
import { useConfirmation } from './confirmation.ts';
import { dropDraft, keepDraft, keptDraft, keptForAll, keptReason, type ByNode } from './drafts.ts';
import { inRow } from './in-row.ts';
import { afterOk, missingForOk, nothingToForce, readyWords } from './maintenance-words.ts';
import { AboutRegion, NodeAbout, useNodeNames } from './node-about.tsx';
import { NodeList } from './node-list.tsx';
import { hasChanges, planChanges } from './plan-changes.ts';
import { PlanOptions } from './plan-options.tsx';
import { PlanPanel } from './plan-panel.tsx';
import { PreflightPanel } from './preflight-panel.tsx';
import { SaidOnTop, SaidProblem } from './said-problem.tsx';
import { WouldRun } from './would-run.tsx';

/** Takes nodes out of service: preflight, plan, reason, OK. Several nodes are planned together and done one after the other. */
export function MaintenanceDialog(props: {
  readonly regionId: RegionId;
  readonly nodeIds: readonly NodeId[];
  readonly onClose: () => void;
}): ReactElement {
  const { regionId, onClose } = props;
  const [nodeIds, setNodeIds] = useState(props.nodeIds);
  const [shownId, setShownId] = useState(() => assertPresent(props.nodeIds[0], 'the dialog was opened on nodes'));
  const on = (nodeId: NodeId) => ({ regionId, nodeId });
  const [preparations] = useState(() => {
    const forAll = keptForAll(props.nodeIds.map(on));
    const kept = (nodeId: NodeId): MaintenanceChoices => ({ ...keptDraft(on(nodeId)).choices, ...forAll });
    return createPreparations(
      props.nodeIds,
      (nodeId) => ({ ...kept(nodeId), ...inRow(props.nodeIds, nodeId, kept) }),
      (nodeId, choices, signal) => prepareMaintenance(on(nodeId), choices, signal),
      passesByItself,
    );
  });
  useEffect(() => preparations.start(), [preparations]);
  const prepared = preparations.use();
  const nameOf = useNodeNames(regionId, props.nodeIds);
  const [reason, setReason] = useState(() => keptReason(props.nodeIds.map(on)));
  const [wasStale, setWasStale] = useState<Problem | null>(null);
  const confirmation = useConfirmation(onClose);

  const shown = assertPresent(prepared[shownId], 'every node of the dialog is prepared');
  const all = nodeIds.map((nodeId) => assertPresent(prepared[nodeId], 'every node of the dialog is prepared'));
  const name = nameOf(shownId);
  const isOne = nodeIds.length === 1;
  const changes = useMemo(() => planChanges(shown.before, shown.answer), [shown.before, shown.answer]);
  const missing = missingForOk(
    nodeIds.map((nodeId, index) => [nameOf(nodeId), all[index] ?? shown]),
    reason,
  );

  const choicesOf = (nodeId: NodeId): MaintenanceChoices =>
    assertPresent(prepared[nodeId], 'every node of the dialog is prepared').choices;
  /** Plans these of the row anew, by how they stand in it. */
  const planInRow = (
    row: readonly NodeId[],
    anew: readonly NodeId[],
    changed: ByNode<MaintenanceChoices> = {},
  ): void => {
    const now = (id: NodeId): MaintenanceChoices => changed[id] ?? choicesOf(id);
    for (const id of anew) preparations.choose(id, { ...now(id), ...inRow(row, id, now) });
  };
  const keep = (nodeId: NodeId, choices: MaintenanceChoices): void => {
    // A tick is made on what stands there; the next opening asks for it anew.
    keepDraft(on(nodeId), { choices: { ...choices, ticked: [], alsoOut: [], ahead: [] } });
    setWasStale(null);
  };
  const choose = (nodeId: NodeId, choices: MaintenanceChoices): void => {
    keep(nodeId, choices);
    preparations.choose(nodeId, choices);
    // Where its VMs go there is less room for those behind it.
    if (choices.targets !== choicesOf(nodeId).targets)
      planInRow(nodeIds, nodeIds.slice(nodeIds.indexOf(nodeId) + 1), { [nodeId]: choices });
  };
  /** What is chosen for all of them, which changes how those behind stand in the row. */
  const chooseForAll = (change: Partial<MaintenanceChoices>): void => {
    const changed = Object.fromEntries(nodeIds.map((id) => [id, { ...choicesOf(id), ...change }]));
    for (const id of nodeIds) keep(id, assertPresent(changed[id], 'each node of the row is changed'));
    planInRow(nodeIds, nodeIds, changed);
  };
  const again = (): void => {
    setWasStale(null);
    preparations.again(nodeIds);
  };
  const start = async (): Promise<Operation> => {
    const why = reason.trim();
    const planned = nodeIds.map((nodeId, index) => {
      const { choices: chosen, answer } = all[index] ?? shown;
      const digest = answer?.digest ?? '';
      // Those behind the first are planned anew when it is their turn.
      const choices = answer === null || index > 0 ? chosen : asShown(chosen, answer);
      return { nodeId, choices, digest, operationId: confirmation.idOf({ nodeId, choices, digest, why }) };
    });
    const first = assertPresent(planned[0], 'the last node cannot be left out');
    const operation =
      planned.length === 1
        ? await startMaintenance({ regionId, ...first, reason: why })
        : (await startMaintenanceOfMany({ regionId, reason: why, nodes: planned }))[0];
    for (const nodeId of nodeIds) dropDraft(on(nodeId));
    return assertPresent(operation, 'an operation is answered for each node');
  };
  const refused = (problem: Problem): void => {
    // What held it up is among the checks, read anew; other targets may do.
    if (problem.code === 'preflight-failed') preparations.again(nodeIds);
    if (problem.code !== 'plan-changed') return;
    confirmation.setProblem(null);
    setWasStale(problem);
    preparations.again(nodeIds);
  };
  const force = isOne ? nothingToForce(shown) : 'Force is for one node at a time: open the dialog on that node alone.';

  return (
    <Dialog
      title="Node Maintenance"
      width="wide"
      about={
        isOne ? (
          <NodeAbout regionId={regionId} nodeId={shownId} machineId={shown.answer?.machineId} />
        ) : (
          <>
            <span>{formatPlural(nodeIds.length, 'node')}</span>
            <AboutRegion regionId={regionId} />
          </>
        )
      }
      note={heldBy(confirmation, missing) ?? afterOk(all)}
      onClose={onClose}
      footer={
        <CheckedFoot
          verb="OK"
          variant="primary"
          confirmation={confirmation}
          missing={missing}
          start={start}
          again={again}
          onRefused={refused}
          onClose={onClose}
        >
          <Button
            variant="link"
            className="rk-nd__force"
            unavailableBecause={force ?? undefined}
            onClick={() => {
              openDialog({ kind: 'force-maintenance', nodeId: shownId });
            }}
          >
            Force Maintenance…
          </Button>
        </CheckedFoot>
      }
    >
      <SaidProblem problem={confirmation.problem} />
      {wasStale ? (
        <SaidOnTop about={wasStale}>
          <div role="alert">
            <Notice level="warning" title="The plan is not what you confirmed. Nothing was started.">
              {wasStale.message} What is new is marked <b>changed</b>; OK confirms the plan as it stands now.
            </Notice>
          </div>
        </SaidOnTop>
      ) : null}
      <div className="rk-nd">
        <div className="rk-nd__left">
          {props.nodeIds.length > 1 ? (
            <NodeList
              nodeIds={nodeIds}
              nameOf={nameOf}
              prepared={prepared}
              shownId={shownId}
              onShow={setShownId}
              onLeaveOut={(nodeId) => {
                const rest = nodeIds.filter((id) => id !== nodeId);
                setNodeIds(rest);
                // Their VMs may go to the one that is left out, and it is out before none of them.
                planInRow(rest, rest);
                if (shownId === nodeId && rest[0] !== undefined) setShownId(rest[0]);
              }}
            />
          ) : null}
          <PreflightPanel
            name={name}
            of={shown}
            reads={`What runs on ${name}, where it would fit, and what the cluster itself would do`}
            andAgain=", and again per VM"
            changed={changes.checks}
            actions={checkActions(shown.answer, (resource) => {
              openDialog({
                kind: 'shut-down-vm',
                nodeId: shownId,
                resource,
                back: { kind: 'maintenance', nodeIds: props.nodeIds },
              });
            })}
            ready={isCurrent(shown) && shown.answer?.isReady ? readyWords(shown) : null}
          />
        </div>
        <div className="rk-nd__right" aria-busy={shown.readingSince !== null}>
          {shown.answer ? (
            <PlanPanel
              answer={shown.answer}
              changes={changes}
              choices={shown.choices}
              onChoices={(choices) => {
                choose(shownId, choices);
              }}
            />
          ) : (
            <div className="rk-nd__plan">
              <h3 className="rk-sect">
                Plan <small>comes with the preflight</small>
              </h3>
            </div>
          )}
          {wasStale === null && hasChanges(changes) ? (
            <p className="rk-nd__hint" role="status">
              Not as it was when it was read before: marked <b>changed</b>.
            </p>
          ) : null}
          {shown.answer ? <WouldRun regionId={regionId} commands={shown.answer.wouldRun} /> : null}
          <div className="rk-nd__ask">
            <TextField
              label="Reason"
              data-first=""
              kind="reason"
              placeholder="Replace DIMM B3, ticket DC-4417"
              value={reason}
              onText={(text) => {
                setReason(text);
                for (const nodeId of nodeIds) keepDraft(on(nodeId), { reason: text });
              }}
            />
            <PlanOptions nodes={all} onChoices={chooseForAll} />
          </div>
        </div>
      </div>
    </Dialog>
  );
}
