import { create } from 'zustand';
import type { NodeId, OperationId, RegionId } from '#shared/model/ids.ts';

/** Something that happened while a person looked elsewhere. What it is about says the same; a toast is never the only place. */
export interface Toast {
  readonly id: string;
  readonly level: 'info' | 'success' | 'warning' | 'danger';
  readonly title: string;
  readonly text: string;
  readonly operation: { readonly regionId: RegionId; readonly id: OperationId };
  /** The node that it is about. */
  readonly nodeId: NodeId;
}

/** More than these would hide the page they stand on; the oldest makes room. */
const most = 4;

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));

/** Shows a toast; one of the same id takes the other's place. */
export function showToast(toast: Toast): void {
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.filter(({ id }) => id !== toast.id), toast].slice(-most) }));
}

/** Drops what was told of the node by other operations than this one: it is true of an earlier time. */
export function dropOlderToasts({ nodeId, operation }: Pick<Toast, 'nodeId' | 'operation'>): void {
  const isOlder = (toast: Toast): boolean =>
    toast.nodeId === nodeId && toast.operation.regionId === operation.regionId && toast.operation.id !== operation.id;
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => !isOlder(toast)) }));
}

/** Drops what was told of other regions than these: they are gone, as a demo region is that was reset. */
export function keepToastsOf(regionIds: readonly RegionId[]): void {
  const { toasts } = useToasts.getState();
  const kept = toasts.filter(({ operation }) => regionIds.includes(operation.regionId));
  if (kept.length < toasts.length) useToasts.setState({ toasts: kept });
}

export function dropToast(id: string): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}
