import { expect, test } from 'vitest';
import { CancelledByPerson, runSteps, stepFailed } from '../../../../electron/core/operations/run-steps.ts';
import type { OperationContext, Step } from '../../../../electron/core/operations/step.ts';
import type { OperationStep } from '../../../../shared/model/operation.ts';
import { stepWorld } from './step-world.ts';

/** Runs one step that acts so. @returns what was told of it last. */
async function toldOf(act: Step['act'], signal = new AbortController().signal): Promise<Partial<OperationStep>> {
  const { context } = stepWorld();
  let told: Partial<OperationStep> = {};
  const handle = {
    ...context.handle,
    step: (_id: string, change: Partial<OperationStep>) => void (told = { ...told, ...change }),
  };
  const step: Step = {
    id: 'move',
    title: 'Move the VMs',
    isDone: () => Promise.resolve(false),
    act,
    verify: () => Promise.resolve('2 of 2'),
  };
  await runSteps([step], 'on', (): OperationContext => ({ ...context, handle, signal })).catch(() => {});
  return told;
}

test('a step that a person cancelled has not failed', async () => {
  expect(await toldOf(() => Promise.reject(new CancelledByPerson()))).toMatchObject({ state: 'cancelled', detail: '' });
});

test('a step whose operation was handed over, or whose app ends, has not failed: it was left in the middle', async () => {
  const stopping = new AbortController();
  const left = toldOf(() => {
    stopping.abort();
    return Promise.reject(new Error('aborted'));
  }, stopping.signal);
  expect(await left).toMatchObject({ state: 'waiting', detail: 'left in the middle' });
});

test('a step that failed says why; one that is done says what the fresh read found', async () => {
  const failing = (): Promise<void> => stepFailed('libvirt does not answer.', 'See to it.');
  expect(await toldOf(async () => failing())).toMatchObject({ state: 'failed', detail: 'libvirt does not answer.' });
  expect(await toldOf(() => Promise.resolve())).toMatchObject({ state: 'done', detail: '2 of 2' });
});

test('continued where it failed, the record does not tell of that failure while somebody is at it', async () => {
  const world = stepWorld();
  world.record = { ...world.record, step: 'Move the VMs', failure: 'vm1 was not moved.' };
  const failures: (string | null)[] = [];
  const step: Step = {
    id: 'move',
    title: 'Move the VMs',
    isDone: () => Promise.resolve(false),
    act: async ({ record }) => void failures.push(record().failure),
    verify: () => Promise.resolve(''),
  };
  await runSteps([step], 'on', () => world.context);
  expect(failures).toEqual([null]);
});
