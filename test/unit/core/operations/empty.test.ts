import { describe, expect, test } from 'vitest';
import { known } from '#shared/model/reading.ts';
import { emptyNodeRecord, type ClusterAnswer } from '#shared/model/cluster.ts';
import { emptyOrStoppedStep, emptyStep } from '../../../../electron/core/operations/steps/empty.ts';
import { runStep, stepWorld, type StepWorld } from './step-world.ts';

const node = 'lab-c2';

/** The node, silent, with nothing on it by the cluster's word. */
function silent(seen: Partial<ClusterAnswer['nodes'][number]>): StepWorld {
  const world = stepWorld(node);
  const { answer } = world;
  world.domains = null;
  world.answer = {
    ...answer,
    nodes: answer.nodes.map((one) => (one.name === node ? { ...one, isOnline: false, ...seen } : one)),
    resources: answer.resources.filter(({ nodes }) => !nodes.includes(node)),
  };
  return world;
}

function fenced(world: StepWorld): StepWorld {
  const event = { action: 'off', target: node, status: 'success', delegate: 'x', client: 'x', exitReason: '' } as const;
  const fencing = [...world.answer.fencing, { ...event, completedAt: world.time.clock.now() }];
  world.answer = { ...world.answer, fencing };
  return world;
}

function stated(world: StepWorld): StepWorld {
  world.record = { ...world.record, choices: { ...world.record.choices, isStatedOff: true } };
  return world;
}

/** In maintenance, as it is recorded. */
function recorded(world: StepWorld, isStopped: boolean): StepWorld {
  const maintenance = { by: 'anna', reason: 'DIMM', at: 7, isStopped, movedVms: [] };
  const { records } = world.answer;
  world.answer = {
    ...world.answer,
    records: { ...records, nodes: { [node]: { ...emptyNodeRecord, maintenance } } },
  };
  return world;
}

const isOff = 'it is off; the cluster: nothing runs';
const notProven = 'libvirt does not say what runs there';

describe('R1, R2: a node that does not answer is empty', () => {
  test('because it was fenced, and the cluster has nothing on it', async () => {
    expect(await runStep(fenced(silent({})), emptyStep)).toBe(isOff);
  });

  test('because whoever began this has stated that it is off', async () => {
    expect(await runStep(stated(silent({})), emptyStep)).toBe(isOff);
  });

  test('not because its cluster services are stopped: what the cluster does not know of may run there', async () => {
    expect(await runStep(silent({}), emptyStep)).toContain(notProven);
  });

  test('and where nothing proves it, that is told in one sentence, with what to look at that there is', async () => {
    const world = silent({});
    const problem = { code: 'connection-timed-out', message: 'lab-c2 gave no answer.', advice: 'Look.' } as const;
    Object.assign(world.context.region, {
      readNode: async () => ({
        observation: {
          reachability: { kind: 'unreachable', since: 0, problem },
          slow: { domains: known([], world.time.clock.now() - 1, 60_000) },
        },
      }),
    });
    expect(await runStep(world, emptyStep)).toMatch(/: lab-c2 gave no answer\.( Look there with virsh list|$)/u);
  });

  test('for who stops its services in the end, because they were stopped on purpose, which is done of an empty one', async () => {
    const stopped = 'its services were stopped once it was empty; the cluster: nothing runs';
    expect(await runStep(recorded(silent({}), true), emptyOrStoppedStep)).toBe(stopped);
    expect(await runStep(recorded(silent({}), false), emptyOrStoppedStep)).toContain(notProven);
    expect(await runStep(recorded(silent({ isOnline: true }), true), emptyOrStoppedStep)).toContain(notProven);
    expect(await runStep(recorded(silent({ isUnclean: true }), true), emptyOrStoppedStep)).toContain(notProven);
    // Who removes it asks for a proof that it is off.
    expect(await runStep(recorded(silent({}), true), emptyStep)).toContain(notProven);
  });

  test.each([{ isUnclean: true }, { isOnline: true }, { isPending: true }])(
    'not while the cluster has it %o, whatever was fenced or stated',
    async (seen) => {
      expect(await runStep(stated(fenced(silent(seen))), emptyStep)).toContain(notProven);
    },
  );
});
