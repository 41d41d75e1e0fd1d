import type { CallName } from '#shared/contract/contract.ts';
import { inputSchemas } from '#shared/contract/schemas.ts';
import type { Handlers } from '../../../electron/ipc/handlers/call.ts';

export const callNames = Object.keys(inputSchemas) as readonly CallName[];

/** Handlers of which every one that a test does not give is a bug when it is called. */
export function handlersWith(given: Partial<Handlers>): Handlers {
  const unexpected = (name: string) => (): never => {
    throw new Error(`The test did not expect ${name}.`);
  };
  return { ...Object.fromEntries(callNames.map((name) => [name, unexpected(name)])), ...given } as Handlers;
}
