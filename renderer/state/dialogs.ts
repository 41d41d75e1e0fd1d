import { create } from 'zustand';
import type { NodeId, OperationId, RegionId } from '#shared/model/ids.ts';
import type { Problem } from '#shared/problems.ts';

/** Dialogs that act on nodes of the region that is shown (`features/maintenance`). Several nodes are planned together in one dialog. */
export type NodeDialogRequest =
  | { readonly kind: 'maintenance'; readonly nodeIds: readonly NodeId[] }
  | { readonly kind: 'force-maintenance'; readonly nodeId: NodeId }
  | { readonly kind: 'activate'; readonly nodeIds: readonly NodeId[] }
  | { readonly kind: 'stop-services'; readonly nodeId: NodeId }
  | { readonly kind: 'remove'; readonly nodeId: NodeId }
  /** `back`: what it was opened from, and what cancelling goes back to. */
  | {
      readonly kind: 'shut-down-vm';
      readonly nodeId: NodeId;
      readonly resource: string;
      readonly back: NodeDialogRequest | null;
    };

/** Dialogs about an operation that is recorded, and about what holds operations back (`features/operations`). */
export type OperationDialogRequest =
  | { readonly kind: 'stop-operation'; readonly how: 'cancel' | 'roll-back'; readonly operationId: OperationId }
  | { readonly kind: 'lift-brake'; readonly regionId: RegionId }
  | { readonly kind: 'accept-identity'; readonly regionId: RegionId; readonly nodeId: NodeId }
  | { readonly kind: 'region-limits'; readonly regionId: RegionId };

/**
 * Every dialog there is, by its `kind` and what it is about. A feature opens one by naming it here; `app/dialog-host.tsx` knows
 * which component shows it, so that no feature imports another.
 */
export type DialogRequest =
  | NodeDialogRequest
  | OperationDialogRequest
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'rename'; readonly nodeId: NodeId }
  /** Adds a region, or changes the one that is named. */
  | { readonly kind: 'region-form'; readonly regionId: RegionId | null }
  | { readonly kind: 'region-remove'; readonly regionId: RegionId }
  /** What a region waits for a person to answer. */
  | { readonly kind: 'region-questions'; readonly regionId: RegionId }
  | { readonly kind: 'forget-key'; readonly host: string }
  | { readonly kind: 'problem'; readonly title: string; readonly problem: Problem };

export const useDialogs = create<{ readonly open: DialogRequest | null }>(() => ({ open: null }));

export function openDialog(request: DialogRequest): void {
  useDialogs.setState({ open: request });
}

export function closeDialog(): void {
  useDialogs.setState({ open: null });
}
