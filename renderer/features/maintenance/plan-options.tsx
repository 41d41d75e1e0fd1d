import type { ReactElement } from 'react';
import type { MaintenanceChoices } from '#shared/model/maintenance.ts';
import type { PreparedNode } from './maintenance-words.ts';
import { OptionField } from './option-field.tsx';

/** What is chosen for the whole node, or for all nodes that are planned together. */
export function PlanOptions(props: {
  readonly nodes: readonly PreparedNode[];
  readonly onChoices: (change: Partial<Pick<MaintenanceChoices, 'movesOnlyWhatCan' | 'stopsServices'>>) => void;
}): ReactElement {
  const { nodes, onChoices } = props;
  const moves = nodes.every(({ choices }) => choices.movesOnlyWhatCan);
  const isWhole = nodes.every(
    ({ answer, choices }) =>
      answer?.isReady && !choices.movesOnlyWhatCan && answer.vms.every((vm) => vm.effect !== 'cannot-move'),
  );
  const isStuck =
    !moves && nodes.every(({ answer }) => answer?.vms.length && answer.vms.every((vm) => vm.effect === 'cannot-move'));
  return (
    <div className="rk-nd__options">
      <OptionField
        label="Move what can move now"
        hint="What cannot stays, and the node ends Active."
        unavailableBecause={
          isWhole
            ? 'Every VM can leave: there is nothing to leave behind.'
            : isStuck
              ? 'No VM can move now: every one would stay.'
              : undefined
        }
        isChecked={moves}
        onChange={(movesOnlyWhatCan) => {
          onChoices(movesOnlyWhatCan ? { movesOnlyWhatCan, stopsServices: false } : { movesOnlyWhatCan });
        }}
      />
      <OptionField
        label="Stop the cluster services at the end, so that powering off fences nobody"
        unavailableBecause={moves ? 'The node ends Active: its services go on.' : undefined}
        isChecked={nodes.every(({ choices }) => choices.stopsServices)}
        onChange={(stopsServices) => {
          onChoices({ stopsServices });
        }}
      />
    </div>
  );
}
