import { useMemo } from 'react';
import type { ReactElement } from 'react';
import type { NodeCommand } from '#shared/lifecycle/commands.ts';
import { nodeContext } from '#shared/lifecycle/context.ts';
import type { DecisionContext } from '#shared/lifecycle/context.ts';
import { decideMany } from '#shared/lifecycle/decide-many.ts';
import type { SelectionDecision } from '#shared/lifecycle/decide-many.ts';
import { transitions } from '#shared/lifecycle/transitions.ts';
import { actionLabel, openAction, toolbarCommands, useRegionContext } from '../../state/node-actions.ts';
import { useSettledRows } from '../../state/settled-rows.ts';
import { useView } from '../../state/view.ts';
import { actionIcons } from '../../ui/action-entries.ts';
import { Button } from '../../ui/button.tsx';

interface BarAction {
  readonly command: NodeCommand;
  readonly decision: SelectionDecision;
}

const actionsOn = (contexts: readonly DecisionContext[]): readonly BarAction[] =>
  toolbarCommands.map((command) => ({ command, decision: decideMany(command, contexts) }));

const onNothing = actionsOn([]);

/** What can be done with the selection, decided node by node. */
function useSelectionActions(): { readonly actions: readonly BarAction[]; readonly selected: number } {
  const selection = useView((state) => state.selection);
  const region = useRegionContext();
  const settled = useSettledRows();
  return useMemo(() => {
    const rows = [...selection].flatMap((id) => settled.rows.get(id) ?? []);
    const contexts = region === null ? [] : rows.map((row) => nodeContext(row, region));
    return { actions: actionsOn(contexts), selected: rows.length };
  }, [selection, region, settled]);
}

/**
 * The actions for the selection. They are always there, in their places, so that nothing moves under the pointer; what is not available
 * says why. Which nodes of a selection an action leaves out stands beside them before it is pressed.
 */
export function NodeActionsBar(): ReactElement {
  const isNothing = useView(({ selection }) => selection.size === 0);
  // Without a selection nothing has to be known of the region, which changes with each update.
  return isNothing ? <Actions actions={onNothing} selected={0} /> : <SelectionActions />;
}

const SelectionActions = (): ReactElement => <Actions {...useSelectionActions()} />;

function Actions(props: { readonly actions: readonly BarAction[]; readonly selected: number }): ReactElement {
  const { actions, selected } = props;
  const told = actions.find(({ decision }) => decision.kind === 'allowed' && decision.words !== '');
  const words = told?.decision.kind === 'allowed' ? `${transitions[told.command].label}: ${told.decision.words}` : '';
  return (
    <>
      <span className="rk-vr" />
      {actions.map(({ command, decision }) => (
        <ActionButton key={command} command={command} decision={decision} selected={selected} />
      ))}
      {words === '' ? null : (
        <span className="rk-act__why" data-tip={words} role="status">
          {words}
        </span>
      )}
    </>
  );
}

function ActionButton(props: BarAction & { readonly selected: number }): ReactElement | null {
  const { command, decision, selected } = props;
  if (decision.kind === 'absent') return null;
  const icon = actionIcons[command];
  const label = actionLabel(command);
  const isPart = decision.kind === 'allowed' && decision.words !== '';
  return (
    <Button
      variant="plain"
      className="rk-act__do"
      {...(icon === undefined ? {} : { icon })}
      {...(isPart ? { title: decision.words } : {})}
      unavailableBecause={decision.kind === 'refused' ? decision.words : undefined}
      onClick={() => {
        if (decision.kind === 'allowed') openAction(command, decision.nodeIds);
      }}
    >
      {isPart ? `${label} ${String(decision.nodeIds.length)} of ${String(selected)}` : label}
    </Button>
  );
}
