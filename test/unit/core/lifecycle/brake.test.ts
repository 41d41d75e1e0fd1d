import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brakeStep, brakeThreshold, emptyBrakeMemory, liftBrake } from '../../../../electron/core/lifecycle/brake.ts';
import type { BrakeMemory, BrakeNode } from '../../../../electron/core/lifecycle/brake.ts';

const start = Date.UTC(2026, 10, 22, 12);

function region(size: number, change: Readonly<Record<string, Partial<BrakeNode>>> = {}): readonly BrakeNode[] {
  return Array.from({ length: size }, (_value, index) => {
    const name = `n${index + 1}`;
    return {
      name,
      status: 'active',
      isUnknown: false,
      hasOperation: false,
      hostSays: 'well',
      ...change[name],
    } as const;
  });
}

/** The steps one after the other, `[seconds, nodes]` each. */
function watch(steps: readonly (readonly [number, readonly BrakeNode[]])[], before: BrakeMemory = emptyBrakeMemory) {
  let last: ReturnType<typeof brakeStep> = { memory: before, brake: null };
  for (const [seconds, nodes] of steps) last = brakeStep(last.memory, nodes, start + seconds * 1000);
  return last;
}

const failed = { status: 'failed' } as const;

describe('R14: the brake after a mass failure', () => {
  it('R14: two nodes, or a fifth, whichever is more', () => {
    expect([1, 5, 10, 11, 15, 16, 200].map(brakeThreshold)).toEqual([2, 2, 2, 3, 3, 4, 40]);
  });

  it('R14: two nodes that leave Active within 60 s pull it, and it names them', () => {
    const { brake } = watch([
      [0, region(6)],
      [5, region(6, { n1: failed })],
      [64, region(6, { n1: failed, n2: { status: 'fenced' } })],
    ]);
    expect(brake).toEqual({
      since: start + 64_000,
      nodes: ['n1', 'n2'],
      words: '2 nodes left Active at once without an operation: n1, n2. Destructive actions are off.',
      liftedUntil: null,
    });
  });

  it('R14: two nodes that leave 61 s apart do not', () => {
    expect(
      watch([
        [0, region(6)],
        [5, region(6, { n1: failed })],
        [66, region(6, { n1: failed, n2: failed })],
      ]).brake,
    ).toBe(null);
  });

  it('R14: a node that leaves by a recorded operation does not count', () => {
    const left = { status: 'entering-maintenance', hasOperation: true } as const;
    expect(
      watch([
        [0, region(6)],
        [5, region(6, { n1: left, n2: failed })],
      ]).brake,
    ).toBe(null);
  });

  it('R14: a node that had not been read itself does not leave Active by its first reading, but by what the cluster says', () => {
    const unread = { hostSays: 'unread' } as const;
    const byHost = { status: 'failed', hostSays: 'failed' } as const;
    const opened = [0, region(6, { n1: unread, n2: unread, n3: unread })] as const;
    expect(watch([opened, [5, region(6, { n1: byHost, n2: byHost })]]).brake).toBe(null);
    expect(watch([opened, [5, region(6, { n1: failed, n2: failed })]]).brake?.nodes).toEqual(['n1', 'n2']);
    // Once it was read, and well, it does leave; that it was not read lately changes nothing.
    const later = [opened, [5, region(6)], [10, region(6, { n1: unread })]] as const;
    expect(watch([...later, [15, region(6, { n1: byHost, n2: byHost })]]).brake?.nodes).toEqual(['n1', 'n2']);
  });

  it('R22: what nobody sees has not left: an unknown region pulls nothing, and is compared with when it was last seen', () => {
    // A view that nothing ever proved has a status too: it is only a place in the order of rows.
    const unknown = { status: 'failed', isUnknown: true } as const;
    const silent = region(6, Object.fromEntries(['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].map((name) => [name, unknown])));
    expect(
      watch([
        [0, region(6)],
        [5, silent],
      ]).brake,
    ).toBe(null);
    expect(
      watch([
        [0, region(6)],
        [5, silent],
        [400, region(6, { n1: failed, n2: failed })],
      ]).brake?.nodes,
    ).toEqual(['n1', 'n2']);
  });

  it('nodes that were never seen Active cannot leave it: an app that starts into a bad region has no brake to pull', () => {
    expect(watch([[0, region(6, { n1: failed, n2: failed })]]).brake).toBe(null);
  });

  it('R14: it stays until all of them have been Active for ten minutes on end', () => {
    const down = region(6, { n1: failed, n2: failed });
    const pulled = watch([
      [0, region(6)],
      [5, down],
    ]).memory;
    expect(
      watch(
        [
          [100, region(6)],
          [699, region(6)],
        ],
        pulled,
      ).brake,
    ).not.toBe(null);
    expect(
      watch(
        [
          [100, region(6)],
          [300, region(6, { n1: failed })],
          [301, region(6)],
          [800, region(6)],
        ],
        pulled,
      ).brake,
    ).not.toBe(null);
    expect(
      watch(
        [
          [100, region(6)],
          [700, region(6)],
        ],
        pulled,
      ).brake,
    ).toBe(null);
  });

  it('R14: a person lifts it for ten minutes; another node that leaves in that time pulls it again', () => {
    const down = region(6, { n1: failed, n2: failed });
    const pulled = watch([
      [0, region(6)],
      [5, down],
    ]).memory;
    const lifted = liftBrake(pulled, start + 60_000);
    expect(watch([[61, down]], lifted).brake?.liftedUntil).toBe(start + 660_000);
    expect(watch([[661, down]], lifted).brake?.liftedUntil).toBe(null);
    const more = region(6, { n1: failed, n2: failed, n3: failed, n4: failed });
    expect(watch([[70, more]], lifted).brake).toMatchObject({ nodes: ['n1', 'n2', 'n3', 'n4'], liftedUntil: null });
  });

  it('R14: it is never pulled by fewer than the threshold, and always by that many at once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 0, max: 60 }), (size, count) => {
        const gone = Object.fromEntries(
          Array.from({ length: Math.min(size, count) }, (_value, index) => [`n${index + 1}`, failed]),
        );
        const { brake } = watch([
          [0, region(size)],
          [5, region(size, gone)],
        ]);
        expect(brake !== null).toBe(Math.min(size, count) >= brakeThreshold(size));
      }),
    );
  });
});
