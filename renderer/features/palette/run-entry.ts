import { assertNever } from '#shared/assert.ts';
import { nodeHref } from '../../state/nodes.ts';
import { openDialog } from '../../state/dialogs.ts';
import { openAction } from '../../state/node-actions.ts';
import { goToOperation } from '../../state/operation-actions.ts';
import { showRegion } from '../../state/session.ts';
import { chooseTheme } from '../../state/theme.ts';
import type { PaletteAct } from './entries.ts';

/** Goes there, or opens the dialog that asks. */
export function runEntry(act: PaletteAct): void {
  switch (act.kind) {
    case 'node':
      location.hash = nodeHref(act.nodeId);
      break;
    case 'command':
      openAction(act.command, [act.nodeId]);
      break;
    case 'operation':
      goToOperation(act.regionId, act.operationId);
      break;
    case 'region':
      location.hash = '#/nodes';
      void showRegion(act.regionId);
      break;
    case 'page':
      location.hash = `#/${act.page}`;
      break;
    case 'theme':
      // A choice that could not be kept is taken back where it is seen.
      chooseTheme(act.theme).catch(() => undefined);
      break;
    case 'dialog':
      openDialog(act.request);
      break;
    default:
      assertNever(act);
  }
}
