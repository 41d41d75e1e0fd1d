import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { Laptop } from './use-lab.ts';

/** Steps that write nothing: what is true within them is true right after them. */
const momentary: ReadonlySet<string> = new Set(['empty', 'settle-moves', 'active', 'out']);

/**
 * Waits until this step of an operation that the app drives runs; one that only reads, and is over before it was seen to run, until it is done.
 *
 * @param isFar which moment within the step; default: its first.
 */
export async function untilWithin(
  { app, region }: Laptop,
  operationId: OperationId,
  step: string,
  isFar: (operation: Operation) => boolean = () => true,
): Promise<void> {
  for (;;) {
    const operation = await app.call('operations.get', { regionId: region, operationId });
    const state = operation.steps.find(({ id }) => id === step)?.state;
    if (state === 'running' && isFar(operation)) return;
    if (state === 'done' && momentary.has(step) && operation.state.kind === 'running') return;
    if (state !== 'waiting' && state !== 'running')
      throw new Error(`${step} is ${state ?? 'no step of it'}, and the operation ${operation.state.kind}`);
    await sleep(5);
  }
}

/** Kills the app there, as `untilWithin` waits. */
export async function killWithin(
  laptop: Laptop,
  operationId: OperationId,
  step: string,
  isFar?: (operation: Operation) => boolean,
): Promise<void> {
  await untilWithin(laptop, operationId, step, isFar);
  await laptop.app.stop('SIGKILL');
}
