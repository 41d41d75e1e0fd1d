import { actionsOf } from './operation-actions.ts';
import type { Operation, OperationStep, OperationVm } from '#shared/model/operation.ts';

/** The operation as this process knows it: one value, replaced at each change, told each time. */
export interface OperationHandle {
  get(): Operation;
  update(change: (operation: Operation) => Operation): void;
  /** Changes one step's line. */
  step(id: string, change: Partial<OperationStep>): void;
  /** Changes one VM's row. */
  vm(resource: string, change: Partial<OperationVm>): void;
}

/** @param onChange told after every change; what it does with a value that is no news is its own matter. */
export function createHandle(
  first: Operation,
  { canUndo, now }: { readonly canUndo: boolean; readonly now: () => number },
  onChange: (operation: Operation) => void,
): OperationHandle {
  let operation = first;
  const update = (change: (operation: Operation) => Operation): void => {
    const changed = change(operation);
    operation = { ...changed, actions: actionsOf(changed.state, canUndo, changed.command), updatedAt: now() };
    onChange(operation);
  };
  return {
    get: () => operation,
    update,
    step: (id, change) =>
      update((old) => ({ ...old, steps: old.steps.map((step) => (step.id === id ? { ...step, ...change } : step)) })),
    vm: (resource, change) =>
      update((old) => ({ ...old, vms: old.vms.map((vm) => (vm.resource === resource ? { ...vm, ...change } : vm)) })),
  };
}
