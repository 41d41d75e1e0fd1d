import type { ReactElement } from 'react';
import { assertNever } from '#shared/assert.ts';
import { NodeDialogs } from '../features/maintenance/node-dialogs.tsx';
import { OperationDialogs } from '../features/operations/operation-dialogs.tsx';
import { RenameDialog } from '../features/nodes/rename-dialog.tsx';
import { PaletteDialog } from '../features/palette/palette-dialog.tsx';
import { QuestionsDialog } from '../features/regions/questions-dialog.tsx';
import { RegionDialog } from '../features/regions/region-dialog.tsx';
import { RemoveDialog } from '../features/regions/remove-dialog.tsx';
import { ForgetKeyDialog } from '../features/settings/forget-key-dialog.tsx';
import { closeDialog, useDialogs } from '../state/dialogs.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { CurrentRegion } from './current-region.tsx';
import { OfCurrentRegion } from './of-current-region.tsx';
import { railPages } from './pages.tsx';
import { useRoute } from './route.ts';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

/** The one place that knows which component shows which dialog; features open them by naming them (`state/dialogs.ts`). */
export function DialogHost(): ReactElement | null {
  const open = useDialogs((state) => state.open);
  if (!open) return null;
  switch (open.kind) {
    case 'shortcuts':
      return <ShortcutsDialog onClose={closeDialog} />;
    case 'palette':
      return <Palette />;
    case 'region-form':
      return <RegionDialog key={open.regionId} regionId={open.regionId} onClose={closeDialog} />;
    case 'region-remove':
      return <RemoveDialog regionId={open.regionId} onClose={closeDialog} />;
    case 'region-questions':
      return <QuestionsDialog regionId={open.regionId} onClose={closeDialog} />;
    case 'forget-key':
      return <ForgetKeyDialog host={open.host} onClose={closeDialog} />;
    case 'rename':
      return (
        <OfCurrentRegion>
          <RenameDialog key={open.nodeId} nodeId={open.nodeId} onClose={closeDialog} />
        </OfCurrentRegion>
      );
    case 'maintenance':
    case 'force-maintenance':
    case 'activate':
    case 'stop-services':
    case 'remove':
    case 'shut-down-vm':
      return (
        <OfCurrentRegion>
          <NodeDialogs request={open} onClose={closeDialog} />
        </OfCurrentRegion>
      );
    case 'stop-operation':
    case 'lift-brake':
    case 'accept-identity':
    case 'region-limits':
      return (
        <OfCurrentRegion>
          <OperationDialogs request={open} onClose={closeDialog} />
        </OfCurrentRegion>
      );
    case 'problem':
      return (
        <Dialog
          title={open.title}
          about={<CurrentRegion />}
          onClose={closeDialog}
          footer={
            <Button data-cancel="" onClick={closeDialog}>
              Close
            </Button>
          }
        >
          <OfCurrentRegion>
            <ProblemView problem={open.problem} />
          </OfCurrentRegion>
        </Dialog>
      );
    default:
      return assertNever(open);
  }
}

function Palette(): ReactElement {
  const route = useRoute();
  return (
    <PaletteDialog pages={railPages} openNode={route.page === 'node' ? route.nodeId : null} onClose={closeDialog} />
  );
}
