import { describe, expect, test } from 'vitest';
import { decide, refusalProblem, refusalWords } from '#shared/lifecycle/decide.ts';
import type { Refusal } from '#shared/lifecycle/decide.ts';
import type { NodeCommand } from '#shared/lifecycle/commands.ts';
import type { DecisionContext } from '#shared/lifecycle/context.ts';
import { brake, inRegion, nodeIn, now, offline, recorded } from './contexts.ts';

function refusal(command: NodeCommand, context: DecisionContext): Refusal {
  const decision = decide(command, context);
  if (decision.kind !== 'refused') throw new Error(`${command} was ${decision.kind}`);
  return decision;
}

const said = (command: NodeCommand, context: DecisionContext): string => refusalWords(refusal(command, context));

describe('the words of a refusal', () => {
  test('a status that is not right: which it is, which it has to be, and how to get there', () => {
    expect(said('remove', nodeIn('active'))).toBe(
      'fra2-r06-n01 is Active. Available while it is In maintenance. Put it into maintenance first.',
    );
    expect(said('maintenance', nodeIn('starting'))).toBe(
      'fra2-r06-n01 is Starting. Available while it is Active, Failed or Fenced.',
    );
    expect(said('activate', nodeIn('active'))).toBe(
      'fra2-r06-n01 is already Active. Available while it is In maintenance.',
    );
  });

  test('what was done already: by whom and since when', () => {
    const maintenance = { by: 'm.keller on lap-7', at: now - 2 * 3_600_000 };
    expect(said('maintenance', nodeIn('in-maintenance', { maintenance }))).toBe(
      'fra2-r06-n01 is already In maintenance, put there by m.keller on lap-7 2 h ago. Available while it is Active, Failed or Fenced.',
    );
  });

  test('a node that has not joined, and one that is out', () => {
    expect(said('maintenance', nodeIn('candidate'))).toBe(
      'fra2-r06-n01 is Candidate, and not a member of the cluster. Available once it is a member.',
    );
    expect(said('rename', nodeIn('out'))).toBe(
      'fra2-r06-n01 is Out, and not a member of the cluster. Available once it is a member.',
    );
  });

  test('a cluster of one node supports neither Maintenance nor Remove, whatever its status', () => {
    const alone = inRegion({ memberCount: 1 });
    const words =
      'Frankfurt 2 has one node only. Single-node clusters do not support this. Available when the cluster has more than one node.';
    expect(said('maintenance', nodeIn('active', alone))).toBe(words);
    expect(said('force-maintenance', nodeIn('active', alone))).toBe(words);
    expect(said('remove', nodeIn('active', alone))).toBe(words);
    expect(decide('activate', nodeIn('in-maintenance', alone)).kind).toBe('allowed');
    expect(decide('rename', nodeIn('active', alone)).kind).toBe('allowed');
  });

  test('R20: an operation recorded on the node: which, whose, since when, and where to look', () => {
    const context = nodeIn('in-maintenance', { operation: { ...recorded, command: 'activate' } });
    expect(refusal('remove', context)).toEqual({
      kind: 'refused',
      rule: 'no-operation',
      because: 'Activate is under way on fra2-r06-n01, by m.keller on lap-7, begun 14 m ago.',
      until: 'Available when that operation has ended; its page under Operations says how it stands.',
      operationId: recorded.id,
    });
  });

  test('R20: a stuck maintenance can be forced; any other operation cannot be overrun', () => {
    const stuck = nodeIn('entering-maintenance', { operation: recorded });
    expect(decide('force-maintenance', stuck)).toEqual({ kind: 'allowed', confirmation: 'timer' });
    const activating = nodeIn('failed', { operation: { ...recorded, command: 'activate' } });
    expect(refusal('force-maintenance', activating).rule).toBe('no-other-operation');
    // A force whose fencing failed is forced again, with the statement that the node is powered off.
    const forced = nodeIn('entering-maintenance', { operation: { ...recorded, command: 'force-maintenance' } });
    expect(decide('force-maintenance', forced)).toEqual({ kind: 'allowed', confirmation: 'timer' });
  });

  test('R12: another machine under the node’s name freezes every write to it, its name and its tags included', () => {
    const context = nodeIn('active', { frozenBecause: 'another machine answers: its machine-id is 8f21, not 3a41' });
    for (const command of ['maintenance', 'force-maintenance', 'rename', 'edit-tags'] as const) {
      expect(refusal(command, context).rule).toBe('node-is-itself');
    }
    expect(said('maintenance', context)).toBe(
      'fra2-r06-n01 is frozen: another machine answers: its machine-id is 8f21, not 3a41. Available when the node itself answers again, or once a person has said on its page that it is the same node.',
    );
  });

  test('R14: after a mass failure what is destructive is off, what is not stays', () => {
    const braked = inRegion({ brake });
    expect(said('maintenance', nodeIn('active', braked))).toBe(
      '2 nodes left Active within 60 s, and no operation was recorded on them: fra2-r01-n01, fra2-r01-n02. ' +
        'Available when all of them have been Active for 10 minutes, or for 10 minutes once a person has lifted the brake.',
    );
    expect(refusal('force-maintenance', nodeIn('failed', braked)).rule).toBe('no-mass-failure');
    expect(refusal('remove', nodeIn('in-maintenance', braked)).rule).toBe('no-mass-failure');
    expect(decide('activate', nodeIn('in-maintenance', braked)).kind).toBe('allowed');
    expect(decide('rename', nodeIn('active', braked)).kind).toBe('allowed');
    expect(decide('edit-tags', nodeIn('active', braked)).kind).toBe('allowed');
  });

  test('R14: a brake that a person lifted holds again once its time is over', () => {
    const lifted = (liftedUntil: number) => nodeIn('active', inRegion({ brake: { ...brake, liftedUntil } }));
    expect(decide('maintenance', lifted(now + 1)).kind).toBe('allowed');
    expect(decide('maintenance', lifted(now)).kind).toBe('refused');
  });

  test('a region that does not answer: since when', () => {
    const problem = {
      code: 'no-quorum' as const,
      message: 'c1 says: 1 of 3 votes.',
      advice: '',
    };
    expect(
      said(
        'maintenance',
        nodeIn(
          'active',
          inRegion({ connection: { kind: 'offline', since: now, lastReadAt: null, problem, nextTryAt: null } }),
        ),
      ),
    ).toBe('Frankfurt 2 has no quorum: c1 says: 1 of 3 votes. Available when the cluster has quorum again.');
    expect(said('maintenance', nodeIn('active', inRegion({ connection: offline })))).toBe(
      'Frankfurt 2 does not answer; it went offline 3 h ago. Available when the cluster answers again.',
    );
    expect(said('rename', nodeIn('active', inRegion({ connection: { kind: 'closed' } })))).toBe(
      'Frankfurt 2 is not open on this laptop. Available once it is open.',
    );
    const connection = { kind: 'connecting', since: now, to: 'fra2-ctl-1', lastReadAt: null } as const;
    expect(said('rename', nodeIn('active', inRegion({ connection })))).toBe(
      'Frankfurt 2 is being reached through fra2-ctl-1, and has not answered yet. Available when the cluster answers again.',
    );
  });

  test('a region of untested versions is for reading only', () => {
    const readOnlyBecause = 'Pacemaker 1.1.24 has not been tested';
    expect(said('rename', nodeIn('active', inRegion({ readOnlyBecause })))).toBe(
      'Frankfurt 2 is open for reading only: Pacemaker 1.1.24 has not been tested. Available when that is over. Everything can still be looked at.',
    );
  });

  test('a status that is not known now is never taken for the last known one', () => {
    const words =
      'The status of fra2-r06-n01 is not known now, last Active: no quorum: 1 of 3 votes. Available when a quorate cluster has told its status again.';
    expect(said('maintenance', nodeIn('active', { unknownBecause: 'no quorum: 1 of 3 votes' }))).toBe(words);
    expect(refusal('maintenance', nodeIn('active', inRegion({ isQuorate: false }))).rule).toBe('status-known');
  });
});

test('the core’s refusal names the action, the node, its status, the rule and what would make it allowed', () => {
  const context = nodeIn('active');
  expect(refusalProblem('remove', context, refusal('remove', context))).toEqual({
    code: 'not-available',
    message: 'Remove of fra2-r06-n01 (Active) was refused. fra2-r06-n01 is Active.',
    advice: 'Available while it is In maintenance. Put it into maintenance first.',
  });
  const locked = nodeIn('active', { operation: { ...recorded, command: 'shut-down-vm' } });
  expect(refusalProblem('maintenance', locked, refusal('maintenance', locked)).code).toBe('node-locked');
});
