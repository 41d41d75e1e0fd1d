import { expect, test } from 'vitest';
import { clusterClock } from '../../../../electron/core/operations/cluster-clock.ts';
import { inTime, lost, stepWorld, type StepWorld } from './step-world.ts';

/** The world, and the nodes whose clock was asked for; the first `silent` questions are not answered. */
function world(silent: number, cancelled?: AbortSignal): { readonly world: StepWorld; readonly asked: string[] } {
  const made = stepWorld('lab-c2', cancelled);
  made.answer = { ...made.answer, dc: 'lab-c3', via: 'lab-c1' };
  const asked: string[] = [];
  const { region } = made.context;
  const answers = region.onNode.bind(region);
  const onNode: typeof answers = async (...question) => {
    asked.push(question[0]);
    return asked.length <= silent ? lost() : answers(...question);
  };
  Object.assign(region, { onNode });
  return { world: made, asked };
}

test('R31: the clock is the coordinator’s, and where it is silent that of the control node that answers', async () => {
  for (const [silent, nodes] of [
    [0, ['lab-c3']],
    [1, ['lab-c3', 'lab-c1']],
  ] as const) {
    const { world: made, asked } = world(silent);
    expect(await inTime(made, clusterClock(made.context, made.answer))).toBeGreaterThan(0);
    expect(asked).toEqual(nodes);
  }
});

test('a busy region is asked again, for half a minute', async () => {
  const some = world(7);
  expect(await inTime(some.world, clusterClock(some.world.context, some.world.answer))).toBeGreaterThan(0);
  const none = world(Number.POSITIVE_INFINITY);
  await expect(inTime(none.world, clusterClock(none.world.context, none.world.answer))).rejects.toThrow(
    'The cluster’s clock could not be read',
  );
  expect(none.asked.length).toBeGreaterThan(20);
});

test('R6: a Cancel does not wait for it', async () => {
  const cancelling = new AbortController();
  const { world: made, asked } = world(Number.POSITIVE_INFINITY, cancelling.signal);
  cancelling.abort();
  await expect(inTime(made, clusterClock(made.context, made.answer))).rejects.toThrow('could not be read');
  expect(asked).toHaveLength(2);
});
