import type { OperationAction, OperationCommand, OperationState } from '#shared/model/operation.ts';

/** Commands that Force may end where they are stuck. */
const forcible: ReadonlySet<OperationCommand> = new Set(['maintenance', 'force-maintenance']);

/** What a person may do with it. `canUndo`: the command has a way back. */
export function actionsOf(
  state: OperationState,
  canUndo: boolean,
  command: OperationCommand,
): readonly OperationAction[] {
  const allow = (action: OperationAction['action']): OperationAction => ({ action, refused: null });
  const refuse = (action: OperationAction['action'], refused: string): OperationAction => ({ action, refused });
  const back = (action: 'cancel' | 'roll-back') =>
    canUndo ? allow(action) : refuse(action, 'What this operation does cannot be undone; it can only be continued.');
  switch (state.kind) {
    case 'queued':
      return [allow('cancel')];
    case 'running':
      return [back('cancel'), allow('hand-over')];
    case 'cancelling':
      return [refuse('cancel', 'It is being cancelled.')];
    case 'rolling-back':
      return [refuse('cancel', 'It is being rolled back: that is the way a cancel would take.'), allow('hand-over')];
    case 'failed':
    case 'unattended':
      return [allow('continue'), back('roll-back'), ...(forcible.has(command) ? [allow('force')] : [])];
    case 'elsewhere': {
      const because = `${state.owner} drives it. It can be taken over once that laptop has been silent for a minute.`;
      return [refuse('continue', because), refuse('roll-back', because)];
    }
    case 'ended':
      return [];
  }
}
