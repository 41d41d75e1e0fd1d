import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeCommands } from '#shared/lifecycle/commands.ts';
import type { NodeCommand } from '#shared/lifecycle/commands.ts';
import type { DecisionContext } from '#shared/lifecycle/context.ts';
import { decide } from '#shared/lifecycle/decide.ts';
import { nodeStatuses } from '#shared/lifecycle/statuses.ts';
import { transitions } from '#shared/lifecycle/transitions.ts';
import { operationCommands } from '#shared/model/operation.ts';
import { brake, nodeIn, now, offline, quietRegion, recorded } from './contexts.ts';

const command = fc.constantFrom(...nodeCommands);
const status = fc.constantFrom(...nodeStatuses);

/** Everything that can stand in the way, each apart from the others. */
const obstacles = {
  offline: (context: DecisionContext) => within(context, { connection: offline }),
  closed: (context: DecisionContext) => within(context, { connection: { kind: 'closed' } }),
  readOnly: (context: DecisionContext) => within(context, { readOnlyBecause: 'Pacemaker 1.1 has not been tested' }),
  noQuorum: (context: DecisionContext) => within(context, { isQuorate: false }),
  alone: (context: DecisionContext) => within(context, { memberCount: 1 }),
  braked: (context: DecisionContext) => within(context, { brake }),
  unknown: (context: DecisionContext): DecisionContext => ({ ...context, unknownBecause: 'no quorum: 1 of 3 votes' }),
  gone: (context: DecisionContext): DecisionContext => ({ ...context, isMember: false }),
  frozen: (context: DecisionContext): DecisionContext => ({ ...context, frozenBecause: 'another machine answers' }),
} as const;

function within(context: DecisionContext, change: Partial<DecisionContext['region']>): DecisionContext {
  return { ...context, region: { ...context.region, ...change } };
}

type Obstacle = keyof typeof obstacles;
const obstacle = fc.constantFrom(...(Object.keys(obstacles) as Obstacle[]));
const operation = fc.option(
  fc.constantFrom(...operationCommands).map((kind) => ({ ...recorded, command: kind })),
  { nil: null },
);
const context: fc.Arbitrary<DecisionContext> = fc
  .tuple(status, operation, fc.uniqueArray(obstacle))
  .map(([at, recordedOn, against]) =>
    against.reduce((made, name) => obstacles[name](made), nodeIn(at, { operation: recordedOn })),
  );

// Written out by hand, not taken from the table: a rule that is lost there must be missed here.
const outside: readonly NodeCommand[] = ['configure', 'create-alarm'];
const ofCandidates: readonly NodeCommand[] = ['accept', 'reject', 'join', 'modify-candidate', 'delete-candidate'];
const writes = (one: NodeCommand): boolean => !outside.includes(one);
const isOfMembers = (one: NodeCommand): boolean => writes(one) && !ofCandidates.includes(one);
const isDestructive = (one: NodeCommand): boolean =>
  ['maintenance', 'force-maintenance', 'remove', 'join'].includes(one);

/** A context with nothing in the way of the command, so that only what is added can be. */
const clear = (one: NodeCommand): fc.Arbitrary<DecisionContext> =>
  fc.constantFrom(...transitions[one].from).map((at) => nodeIn(at));

function never(name: string, obstacleName: Obstacle, applies: (one: NodeCommand) => boolean = () => true): void {
  test(name, () => {
    const either = command.filter(applies).chain((one) => fc.tuple(fc.constant(one), fc.oneof(clear(one), context)));
    fc.assert(
      fc.property(either, ([one, some]) => {
        expect(decide(one, obstacles[obstacleName](some)).kind).not.toBe('allowed');
      }),
    );
  });
}

test('with nothing in the way, what is built is allowed', () => {
  const either = command.chain((one) => fc.tuple(fc.constant(one), clear(one)));
  fc.assert(
    fc.property(either, ([one, some]) => {
      expect(decide(one, some).kind).toBe(transitions[one].isBuilt ? 'allowed' : 'absent');
    }),
  );
});

never('nothing is written while the region is offline', 'offline', writes);
never('nothing is written while the region is closed', 'closed', writes);
never('nothing is written to a region of untested versions', 'readOnly', writes);
never('nothing is written without quorum', 'noQuorum', writes);
never('nothing is written on a status that is not known', 'unknown', writes);
never('R12: nothing is written to a node that is frozen', 'frozen', isOfMembers);
never('R14: nothing destructive is allowed while the brake holds', 'braked', isDestructive);
never('a node that is not a member any more is not acted on', 'gone', isOfMembers);
never('a single-node cluster keeps its node', 'alone', (one) =>
  ['maintenance', 'force-maintenance', 'remove'].includes(one),
);

test('R12, R14: what is not built yet has the rules already', () => {
  for (const one of nodeCommands.filter(writes)) expect(transitions[one].guards, one).toContain('region-live');
  for (const one of ['accept', 'reject', 'join'] as const) expect(transitions[one].guards).toContain('node-is-itself');
  expect(transitions.join.guards).toContain('no-mass-failure');
});

test('R20: beside a recorded operation nothing else acts on the node, but Force on a stuck maintenance', () => {
  fc.assert(
    fc.property(command.filter(isDestructive), context, fc.constantFrom(...operationCommands), (one, some, kind) => {
      const decision = decide(one, { ...some, operation: { ...recorded, command: kind } });
      if (one === 'force-maintenance' && (kind === 'maintenance' || kind === 'force-maintenance')) return;
      expect(decision.kind).not.toBe('allowed');
    }),
  );
  expect(decide('activate', nodeIn('in-maintenance', { operation: recorded })).kind).toBe('refused');
});

test('a refusal always says why and until when, in sentences, and names the node or its region', () => {
  fc.assert(
    fc.property(command, context, (one, some) => {
      const decision = decide(one, some);
      if (decision.kind !== 'refused') return;
      expect(decision.because).toMatch(/^\S.*[.!?]$/);
      expect(decision.until).toMatch(/^Available .*\.$/);
      const isNamed = [some.name, quietRegion.regionName].some((name) => decision.because.includes(name));
      expect(isNamed || decision.rule === 'no-mass-failure').toBe(true);
    }),
  );
});

test('one more obstacle never turns a refusal into permission', () => {
  fc.assert(
    fc.property(command, context, obstacle, (one, some, name) => {
      if (decide(one, some).kind === 'allowed') return;
      expect(decide(one, obstacles[name](some)).kind).not.toBe('allowed');
    }),
  );
});

test('one rule more in the table never turns a refusal into permission', () => {
  fc.assert(
    fc.property(command, command, context, (one, other, some) => {
      const fewer = transitions[one];
      const more = transitions[other];
      // The same statuses, and every rule of the one among those of the other.
      if (!fewer.isBuilt || !more.isBuilt || !fewer.guards.every((rule) => more.guards.includes(rule))) return;
      if (![...more.from].every((at) => fewer.from.has(at))) return;
      if (decide(one, some).kind === 'refused') expect(decide(other, some).kind).toBe('refused');
    }),
  );
});

test('the same facts give the same decision, and decide changes none of them', () => {
  fc.assert(
    fc.property(command, context, (one, some) => {
      const before = structuredClone(some);
      expect(decide(one, some)).toEqual(decide(one, structuredClone(some)));
      expect(some).toEqual(before);
    }),
  );
});

test('R14: a brake is lifted exactly until its moment', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1000, max: 1000 }), (offset) => {
      const lifted = within(nodeIn('active'), { brake: { ...brake, liftedUntil: now + offset } });
      expect(decide('maintenance', lifted).kind).toBe(offset > 0 ? 'allowed' : 'refused');
    }),
  );
});
