import { create } from 'zustand';
import type { Problem } from '#shared/problems.ts';

/**
 * Every dialog there is, by its `kind` and what it is about. A feature opens one by naming it here; `app/dialog-host.tsx` knows
 * which component shows it, so that no feature imports another.
 */
export type DialogRequest =
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'problem'; readonly title: string; readonly problem: Problem };

export const useDialogs = create<{ readonly open: DialogRequest | null }>(() => ({ open: null }));

export function openDialog(request: DialogRequest): void {
  useDialogs.setState({ open: request });
}

export function closeDialog(): void {
  useDialogs.setState({ open: null });
}
