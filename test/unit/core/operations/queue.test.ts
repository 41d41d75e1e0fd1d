import { expect, test } from 'vitest';
import { operationId, regionId, type OperationId } from '#shared/model/ids.ts';
import type { Operation, OperationState } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import { createQueue } from '../../../../electron/core/operations/queue.ts';
import { settled } from './laptop.ts';

const idOf = (index: number): OperationId => operationId(`00000000-0000-4000-8000-00000000000${String(index)}`);

function operation(index: number): Operation {
  return {
    id: idOf(index),
    regionId: regionId('00000000-0000-4000-8000-000000000000'),
    nodeId: `member:n${String(index)}` as Operation['nodeId'],
    node: `n${String(index)}`,
    nodeName: `n${String(index)}`,
    command: 'maintenance',
    state: { kind: 'queued', behind: 'n1' },
    owner: 'anna on laptop',
    isOurs: true,
    reason: '',
    startedAt: 1,
    updatedAt: 1,
    steps: [],
    vms: [],
    message: '',
    actions: [],
  };
}

/** Three nodes one after the other; each operation is over when the test says so. */
function row() {
  const begun: string[] = [];
  const kept = new Map<OperationId, Operation>();
  const givenUp = new Set<OperationId>();
  const ends = new Map([1, 2, 3].map((index) => [idOf(index), Promise.withResolvers<OperationState>()]));
  const queue = createQueue({
    now: () => 2,
    keep: (one) => void kept.set(one.id, one),
    over: async (id) => {
      const state = await ends.get(id)?.promise;
      // Asked a second time, its process does not know any more how it went.
      return { operation: state && { ...operation(Number(id.at(-1))), state }, isGivenUp: givenUp.delete(id) };
    },
    logError: (error) => expect.unreachable(String(error)),
  });
  const refused = new Set<number>();
  const queued = [1, 2, 3].map((index) => ({
    waiting: operation(index),
    begin: async () => {
      if (refused.has(index)) fail({ code: 'node-locked', message: `n${String(index)} is locked.`, advice: 'Wait.' });
      begun.push(`n${String(index)}`);
      return operation(index);
    },
  }));
  const stateOf = (index: number) => kept.get(idOf(index))?.state;
  const end = async (index: number, state: OperationState): Promise<void> => {
    ends.get(idOf(index))?.resolve(state);
    await settled();
  };
  return { queue, queued, begun, refused, givenUp, stateOf, end };
}

const succeeded: OperationState = { kind: 'ended', at: 2, outcome: 'succeeded', left: [] };
const cancelledBecause = (because: string) => ({ kind: 'ended', outcome: 'cancelled', left: [because] });

test('each begins when the one before it has succeeded, and not before', async () => {
  const { queue, queued, begun, end } = row();
  await queue.start(queued);
  await settled();
  expect(begun).toEqual(['n1']);
  await end(1, succeeded);
  expect(begun).toEqual(['n1', 'n2']);
  await end(2, succeeded);
  expect(begun).toEqual(['n1', 'n2', 'n3']);
});

test('one that moved only what can, and so ended as Active, is followed by the next', async () => {
  const { queue, queued, begun, end } = row();
  await queue.start(queued);
  await settled();
  await end(1, { kind: 'ended', at: 2, outcome: 'partly', left: ['Still here, as planned: vm1 (cannot move).'] });
  expect(begun).toEqual(['n1', 'n2']);
});

test.each([[[2, 3]], [[3]]])(
  'after one that was given up none is begun, however far it came: %j wait',
  async (waiting) => {
    const { queue, queued, begun, givenUp, stateOf, end } = row();
    await queue.start(queued);
    await settled();
    if (!waiting.includes(2)) queue.drop(idOf(2));
    givenUp.add(idOf(1));
    await end(1, { kind: 'ended', at: 2, outcome: 'partly', left: ['The node has left its standby.'] });
    expect(begun).toEqual(['n1']);
    const because = cancelledBecause('Not begun: n1 did not end as planned.');
    expect(waiting.map(stateOf)).toMatchObject(waiting.map(() => because));
  },
);

test('after the first that does not succeed none is begun, and each says why', async () => {
  const { queue, queued, begun, stateOf, end } = row();
  await queue.start(queued);
  await settled();
  const problem = { code: 'step-failed', message: 'vm1 was not moved.', advice: 'Look.' } as const;
  await end(1, { kind: 'failed', at: 2, problem });
  expect(begun).toEqual(['n1']);
  const because = cancelledBecause('Not begun: n1 failed: vm1 was not moved.');
  expect([stateOf(2), stateOf(3)]).toMatchObject([because, because]);
  expect([queue.waits(idOf(2)), queue.waits(idOf(3))]).toEqual([false, false]);
});

test('one that is refused when its turn comes stops those after it', async () => {
  const { queue, queued, begun, refused, stateOf, end } = row();
  refused.add(2);
  await queue.start(queued);
  await settled();
  await end(1, succeeded);
  expect(begun).toEqual(['n1']);
  expect([stateOf(2), stateOf(3)]).toMatchObject([
    cancelledBecause('Not begun: n2 is locked.'),
    cancelledBecause('n2 was refused: n2 is locked.'),
  ]);
});

test('one that is taken out is passed over', async () => {
  const { queue, queued, begun, end } = row();
  await queue.start(queued);
  await settled();
  expect(queue.drop(idOf(2))?.state).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
  await end(1, succeeded);
  expect(begun).toEqual(['n1', 'n3']);
});
