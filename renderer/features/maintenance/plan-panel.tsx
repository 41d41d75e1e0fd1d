import type { ReactElement } from 'react';
import type { MaintenanceChoices, PreparedMaintenance } from '#shared/model/maintenance.ts';
import { MemoryLegend } from './memory-bar.tsx';
import type { PlanChanges } from './plan-changes.ts';
import { PlanTable } from './plan-table.tsx';
import { planSummary } from './plan-words.ts';

/** What would happen to every VM, those of other nodes included. */
export function PlanPanel(props: {
  readonly answer: PreparedMaintenance;
  readonly changes: PlanChanges;
  readonly choices: MaintenanceChoices;
  readonly onChoices: (choices: MaintenanceChoices) => void;
}): ReactElement {
  const { answer, changes, choices, onChoices } = props;
  const rows = { targets: answer.targets, changed: changes.vms, choices, onChoices };
  const effects = [...answer.vms, ...answer.others];
  return (
    <>
      <div className="rk-nd__plan">
        <h3 className="rk-sect">
          Plan <small>{answer.vms.length === 0 ? '' : planSummary(answer.vms)}</small>
        </h3>
        {effects.length === 0 ? null : <MemoryLegend />}
      </div>
      {answer.vms.length === 0 ? (
        <p className="rk-nd__empty">No VM runs on {answer.node}: it goes into standby at once.</p>
      ) : (
        <PlanTable vms={answer.vms} {...rows} />
      )}
      {changes.gone.length > 0 ? (
        <p className="rk-nd__hint">
          Not in the plan any more: <b>{changes.gone.join(', ')}</b>
        </p>
      ) : null}
      {answer.others.length > 0 ? (
        <>
          <h3 className="rk-sect">
            VMs on other nodes <small>the cluster would touch these, too</small>
          </h3>
          <PlanTable vms={answer.others} hasNodes {...rows} />
        </>
      ) : null}
      {effects.some(({ needsTick }) => needsTick) ? (
        <p className="rk-nd__hint">
          A VM that restarts or stops is without service meanwhile: tick its row to allow that. With{' '}
          <i>Move what can move now</i> it stays without its tick, and the node stays Active.
        </p>
      ) : null}
    </>
  );
}
