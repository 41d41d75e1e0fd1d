import { expect, it } from 'vitest';
import { preflight } from '../../../../../electron/core/lifecycle/preflight/preflight.ts';
import { memberId } from '../../../../../shared/model/ids.ts';
import { noChoices } from '../../../../../shared/model/maintenance.ts';
import {
  checkIn,
  colocation,
  factsOf,
  heldBy,
  mib,
  never,
  onNode,
  recorded,
  statusOf,
  withConstraint,
  type Changes,
} from './facts-of.ts';

const choices = (change: Partial<typeof noChoices>) => ({ plan: { choices: { ...noChoices, ...change } } });
/** Where the plan's VMs would go. */
const targetsIn = (change: Partial<typeof noChoices> = {}) =>
  preflight(factsOf(choices(change))).vms.map(({ target }) => target);
/** lab-c2 with these taken out of service before it. */
const behind = (names: readonly string[], change: Partial<typeof noChoices> = {}) => {
  const ids = names.map(memberId);
  return choices({
    alsoOut: ids,
    ahead: ids.map((nodeId) => ({ nodeId, targets: {}, movesOnlyWhatCan: false })),
    ...change,
  });
};
const allowing = (maxOutOfService: number): NonNullable<Changes['answer']> => {
  return (answer) => ({ ...answer, records: { ...answer.records, maxOutOfService } });
};
const inMaintenance = (name: string) => onNode(name, (node) => ({ ...node, status: statusOf('in-maintenance') }));
/** What its targets have before it, in MiB. */
const beforeIn = (changes: Changes) =>
  Object.fromEntries(preflight(factsOf(changes)).targets.map(({ node, beforeBytes }) => [node, beforeBytes / mib]));

it('none of its VMs goes to a node that is taken out together with it', () => {
  const first = targetsIn()[0] ?? '';
  const alsoOut = [memberId(first)];
  const targets = targetsIn({ alsoOut });
  expect(targets).not.toContain(first);
  expect(targets).not.toContain(null);
  expect(preflight(factsOf(choices({ alsoOut, targets: { vm1: first } }))).vms[0]?.because).toBe(
    `it cannot go to ${first}, which was chosen: it is taken out of service too`,
  );
});

it('R5: nodes that are taken out before it use the limit up, and one that is out already counts once', () => {
  const limit = (names: readonly string[], most: number, nodes: Changes['nodes'] = (all) => all) =>
    checkIn(factsOf({ ...behind(names), nodes, answer: allowing(most) }), 'service-limit');
  expect(limit(['lab-c3'], 1)).toMatchObject({
    state: 'blocker',
    figure: '1 of 1 used',
    words: 'lab-c3 is taken out before this one, and this region allows 1 at once.',
    fix: "Leave this node out, or raise the limit in the region's settings.",
    subjects: ['lab-c3'],
  });
  expect(limit(['lab-c3'], 2, inMaintenance('lab-w1'))).toMatchObject({
    state: 'blocker',
    words: 'lab-w1 is out of service, lab-c3 is taken out before this one, and this region allows 2 at once.',
    fix: "Leave this node out, activate it first, or raise the limit in the region's settings.",
  });
  expect(limit(['lab-c3'], 2)).toMatchObject({ state: 'pass', figure: '1 of 2 used' });
  // Its turn has come: what was Ready is judged alike.
  expect(limit(['lab-c3'], 2, inMaintenance('lab-c3'))).toMatchObject({ state: 'pass', figure: '1 of 2 used' });
});

it('R15: its quorum is judged as though those before it were off, also once they are', () => {
  const quorum = (stopsServices: boolean, changes: Changes = {}) =>
    checkIn(factsOf({ ...changes, ...behind(['lab-c3'], { stopsServices }) }), 'quorum-after');
  const lost = {
    figure: '1 of 3 votes',
    words:
      'Without it and lab-c3 the cluster loses quorum and stops every VM: 1 of 3 votes would be left, 2 are needed.',
  };
  expect(quorum(true)).toMatchObject({ ...lost, state: 'blocker' });
  expect(quorum(false)).toMatchObject({ ...lost, state: 'warning' });
  const off: Changes = {
    answer: (answer) => ({
      ...answer,
      quorum: { ...answer.quorum, votes: 2 },
      nodes: answer.nodes.map((node) => (node.name === 'lab-c3' ? { ...node, isOnline: false } : node)),
    }),
  };
  expect(quorum(true, off)).toMatchObject({ state: 'blocker', figure: '1 of 3 votes' });
  expect(checkIn(factsOf(behind(['lab-w1'], { stopsServices: true })), 'quorum-after')).toMatchObject({
    figure: '2 of 3 votes',
  });
});

it('R4: the memory that those before it bring to a target is taken, where it was chosen or planned', () => {
  expect(beforeIn(behind([]))).toEqual({ 'lab-c1': 0, 'lab-c3': 32, 'lab-w1': 32 });
  expect(beforeIn(behind(['lab-c3']))).toEqual({ 'lab-c1': 32, 'lab-w1': 32 });
  const ahead = [{ nodeId: memberId('lab-c3'), targets: { vm4: 'lab-w1' }, movesOnlyWhatCan: false }];
  expect(beforeIn(behind(['lab-c3'], { ahead }))).toEqual({ 'lab-c1': 0, 'lab-w1': 64 });
  // A record of it counts the same VMs; behind it in the row it brings nothing before this one's turn.
  const planned = [{ resource: 'vm4', target: 'lab-c1', effect: 'live-migrate', isDone: false }] as const;
  expect(beforeIn({ ...behind(['lab-c3']), answer: recorded({ node: 'lab-c3', vms: planned }) })['lab-c1']).toBe(32);
  expect(beforeIn(behind(['lab-c3'], { ahead: [] }))).toEqual({ 'lab-c1': 0, 'lab-w1': 32 });
});

it('R4: a node whose VMs fit alone is held up where those before it leave no room, and by memory alone', () => {
  const answer = allowing(3);
  const both = ['lab-c3', 'lab-w1'];
  expect(heldBy(factsOf({ ...behind(both, { ahead: [] }), answer }))).toEqual([]);
  expect(heldBy(factsOf({ ...behind(both), answer }))).toEqual(['memory-on-targets']);
});

it('R4: a node before it takes no VM of it, whether or not it is named among those that are out too, and counts once', () => {
  const [c3] = behind(['lab-c3']).plan.choices.ahead;
  if (c3 === undefined) throw new Error('one is ahead');
  const twice = { ahead: [c3, c3, { ...c3, nodeId: memberId('lab-c2') }] };
  expect(targetsIn({ ahead: [c3] })).not.toContain('lab-c3');
  expect(checkIn(factsOf({ ...choices(twice), answer: allowing(2) }), 'service-limit')).toMatchObject({
    state: 'pass',
    figure: '1 of 2 used',
  });
  expect(checkIn(factsOf(choices({ ...twice, stopsServices: true })), 'quorum-after')).toMatchObject({
    figure: '1 of 3 votes',
  });
});

it('a VM that must be kept apart from one of a node before it does not go where that one will be by then', () => {
  const ahead = [{ nodeId: memberId('lab-c3'), targets: { vm4: 'lab-c1' }, movesOnlyWhatCan: false }];
  const configuration = withConstraint(colocation('vm1', 'vm4', '-INFINITY'), never('vm1', 'lab-w1'));
  const facts = (change: Partial<typeof noChoices>) =>
    factsOf({ ...behind(['lab-c3'], change), configuration, answer: allowing(3) });
  const vm1 = (change: Partial<typeof noChoices>) =>
    preflight(facts(change)).vms.find(({ resource }) => resource === 'vm1');
  expect(vm1({ ahead: [] })).toMatchObject({ effect: 'live-migrate', target: 'lab-c1' });
  expect(vm1({ ahead })).toMatchObject({ effect: 'cannot-move', target: null });
  expect(preflight(facts({ ahead })).isReady).toBe(false);
});

it('a node before it that ends as Active uses nothing of the limit, and keeps its vote', () => {
  const [c3] = behind(['lab-c3']).plan.choices.ahead;
  if (c3 === undefined) throw new Error('one is ahead');
  const ahead = [{ ...c3, movesOnlyWhatCan: true }];
  expect(checkIn(factsOf(behind(['lab-c3'], { ahead })), 'service-limit')).toMatchObject({
    state: 'pass',
    figure: '0 of 1 used',
  });
  expect(checkIn(factsOf(behind(['lab-c3'], { ahead, stopsServices: true })), 'quorum-after')).toMatchObject({
    state: 'pass',
    figure: '2 of 3 votes',
  });
  // Where its VMs go there is less room all the same.
  expect(beforeIn(behind(['lab-c3'], { ahead }))['lab-c1']).toBe(32);
});
