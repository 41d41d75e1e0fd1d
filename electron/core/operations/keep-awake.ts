import type { OperationId } from '#shared/model/ids.ts';
import { drivenStates, type Operation } from '#shared/model/operation.ts';

/** Keeps the laptop awake while this process drives an operation, or has one waiting for its turn. */
export interface KeepAwake {
  /** Told of every operation as it changes, others' too. */
  onChanged(operation: Pick<Operation, 'id' | 'isOurs' | 'state'>): void;
  /** Lets the laptop sleep, whatever still runs. */
  close(): void;
}

/** `hold` asks the system to stay awake, and answers what ends that; it is held once, however many operations there are. */
export function createKeepAwake(hold: () => () => void): KeepAwake {
  const awake = new Set<OperationId>();
  let release: (() => void) | undefined;
  const letGo = (): void => {
    release?.();
    release = undefined;
  };
  return {
    onChanged({ id, isOurs, state }) {
      if (isOurs && (drivenStates.has(state.kind) || state.kind === 'queued')) awake.add(id);
      else awake.delete(id);
      if (awake.size === 0) letGo();
      else release ??= hold();
    },
    close() {
      awake.clear();
      letGo();
    },
  };
}
