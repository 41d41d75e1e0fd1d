import { expect, test } from 'vitest';
import { nodeCommands } from '#shared/lifecycle/commands.ts';
import { decisionContext, nodeContext, regionContext } from '#shared/lifecycle/context.ts';
import { decide } from '#shared/lifecycle/decide.ts';
import { frankfurt, liveView } from '../../e2e/helpers/region.ts';
import { row } from '../../e2e/helpers/rows.ts';
import { now, quietRegion } from './contexts.ts';

const region = liveView(frankfurt, now);

test('members are counted, workers included; candidates and nodes that are out are none', () => {
  const rows = [
    row({ name: 'fra2-ctl-1', role: 'control' }, now),
    row({ name: 'fra2-r01-n03' }, now),
    row({ name: '10.42.8.16', status: 'candidate' }, now),
    row({ name: 'fra2-r01-n02', status: 'out' }, now),
  ];
  expect(regionContext(region, rows, now).memberCount).toBe(2);
});

test('a region whose quorum was never told counts as not quorate', () => {
  expect(regionContext({ ...region, quorum: null }, [], now).isQuorate).toBe(false);
});

test('a row becomes what is decided on, its status not taken for proven where it is not', () => {
  const unread = row({ name: 'fra2-r01-n03', status: 'starting', unknownSince: now, reason: '' }, now);
  const context = nodeContext({ ...unread, frozenBecause: 'another machine answers' }, quietRegion);
  expect(context).toEqual({
    region: quietRegion,
    nodeId: 'member:fra2-r01-n03',
    name: 'fra2-r01-n03',
    status: 'starting',
    unknownBecause: 'it has not been read yet',
    isMember: true,
    frozenBecause: 'another machine answers',
    operation: null,
    maintenance: null,
  });
});

test('the menus of 1,000 rows are decided within 50 ms', () => {
  const rows = Array.from({ length: 1000 }, (_row, index) => row({ name: `n${String(index)}` }, now));
  let allowed = 0;
  const timeOfAll = (): number => {
    const begun = performance.now();
    const shared = regionContext(region, rows, now);
    allowed = 0;
    for (const one of rows) {
      const context = nodeContext(one, shared);
      for (const command of nodeCommands) if (decide(command, context).kind === 'allowed') allowed += 1;
    }
    return performance.now() - begun;
  };
  // What else runs on the machine only ever adds to it.
  expect(Math.min(timeOfAll(), timeOfAll(), timeOfAll())).toBeLessThan(50);
  expect(allowed).toBe(4 * 1000);
});

test('both parts at once give the same', () => {
  const rows = [row({ name: 'a' }, now), row({ name: 'b' }, now)] as const;
  const view = liveView(frankfurt, now);
  expect(decisionContext(rows[0], view, rows, now)).toEqual(nodeContext(rows[0], regionContext(view, rows, now)));
});
