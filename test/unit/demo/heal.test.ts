import { describe, expect, test } from 'vitest';
import { makeFault } from '../../../electron/demo/world/faults.ts';
import type { WorldFault } from '../../../shared/model/demo.ts';
import { stillDemo } from './still-demo.ts';

const controls = ['demo-c1', 'demo-c2', 'demo-c3'] as const;
const noCut = (): void => undefined;

/** A region in which these went wrong at once, 10 s ago. */
function demoAfter(...faults: readonly WorldFault[]) {
  const demo = stillDemo();
  for (const fault of faults) expect(makeFault(demo.world, fault, noCut)).toBeNull();
  demo.pass(10_000);
  return demo;
}

describe('heal brings back a region that has no control left', () => {
  const ofAll = (kind: 'node-dies' | 'node-freezes' | 'network-cut') =>
    controls.map((node): WorldFault => ({ kind, node }));
  test.each<[string, readonly WorldFault[]]>([
    ['all of them died', ofAll('node-dies')],
    ['all of them froze', ofAll('node-freezes')],
    ['all of them were cut off', ofAll('network-cut')],
    ['the last one died with the quorum', [{ kind: 'quorum-lost' }, { kind: 'node-dies', node: 'demo-c1' }]],
  ])('%s', (_, faults) => {
    const demo = demoAfter(...faults);
    expect(demo.world.dc()).toBeUndefined();
    makeFault(demo.world, { kind: 'heal' }, noCut);
    demo.pass(30_000);
    expect(demo.world.controls().map(({ membership }) => membership)).toEqual(['online', 'online', 'online']);
    expect(demo.world.quorum()).toMatchObject({ isQuorate: true, votes: 3 });
    expect(demo.world.dc()?.name).toBe('demo-c1');
  });
});
