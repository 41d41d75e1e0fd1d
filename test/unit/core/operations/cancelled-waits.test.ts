import { describe, expect, test } from 'vitest';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { CancelledByPerson } from '../../../../electron/core/operations/run-steps.ts';
import type { Step } from '../../../../electron/core/operations/step.ts';
import { emptyStep } from '../../../../electron/core/operations/steps/empty.ts';
import { moveVmsStep } from '../../../../electron/core/operations/steps/move-vms.ts';
import { servicesUpStep } from '../../../../electron/core/operations/steps/services-up.ts';
import { offStep } from '../../../../electron/core/operations/steps/shut-down.ts';
import { standbyStep } from '../../../../electron/core/operations/steps/standby.ts';
import { stopServicesStep } from '../../../../electron/core/operations/steps/stop-services.ts';
import { settled } from './laptop.ts';
import { stepWorld, type StepWorld } from './step-world.ts';

const offline = (answer: ClusterAnswer): ClusterAnswer => ({
  ...answer,
  nodes: answer.nodes.map((node) => (node.name === 'lab-c2' ? { ...node, isOnline: false } : node)),
});
const vm1 = { resource: 'vm1', target: 'lab-c3', isDone: false } as const;

/** Steps that wait for the cluster, in a world in which what they wait for never comes. */
const waits: readonly [string, Step, 'act' | 'verify', (world: StepWorld) => void][] = [
  ['the standby', standbyStep, 'verify', () => {}],
  ['an empty node', emptyStep, 'verify', (world) => (world.domains = ['vm1'])],
  ['stopped services', stopServicesStep, 'verify', () => {}],
  ['services that come up', servicesUpStep, 'verify', (world) => (world.answer = offline(world.answer))],
  [
    'a VM that is restarted elsewhere',
    moveVmsStep,
    'act',
    (world) => {
      const resources = world.answer.resources.map((one) => (one.id === 'vm1' ? { ...one, nodes: ['lab-c2'] } : one));
      world.answer = { ...world.answer, resources };
      world.record = { ...world.record, vms: [{ ...vm1, effect: 'restart-elsewhere' }] };
    },
  ],
  [
    'a guest that shuts down',
    offStep,
    'verify',
    (world) => (world.record = { ...world.record, vms: [{ ...vm1, effect: 'stop' }] }),
  ],
];

describe('R6: Cancel cuts short at once what a step waits for', () => {
  test.each(waits)('%s', async (_, step, part, prepare) => {
    const cancelling = new AbortController();
    const world = stepWorld('lab-c2', cancelling.signal);
    prepare(world);
    const ends: unknown[] = [];
    const work = Promise.resolve(step[part](world.context)).then(
      () => ends.push('done'),
      (error: unknown) => ends.push(error),
    );
    await world.time.pass(5000);
    expect(ends).toEqual([]);
    cancelling.abort(new CancelledByPerson());
    // No time passes, but what is being read is read to its end.
    for (let turn = 0; turn < 20; turn += 1) await settled();
    await work;
    expect(ends).toEqual([expect.any(CancelledByPerson)]);
  });
});
