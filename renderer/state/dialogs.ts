import { create } from 'zustand';
import type { RegionId } from '#shared/model/ids.ts';
import type { Problem } from '#shared/problems.ts';

/**
 * Every dialog there is, by its `kind` and what it is about. A feature opens one by naming it here; `app/dialog-host.tsx` knows
 * which component shows it, so that no feature imports another.
 */
export type DialogRequest =
  | { readonly kind: 'shortcuts' }
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
