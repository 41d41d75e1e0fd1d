import { describe, expect, test } from 'vitest';
import { nodeCommands } from '#shared/lifecycle/commands.ts';
import { decide } from '#shared/lifecycle/decide.ts';
import { nodeStatuses } from '#shared/lifecycle/statuses.ts';
import { memberStatuses, statusClasses, transitions } from '#shared/lifecycle/transitions.ts';
import { nodeIn } from './contexts.ts';

/** Commands that are available on a node of each status with nothing in the way: the specification, written out by hand. */
const specified = {
  failed: ['maintenance', 'force-maintenance', 'rename', 'edit-tags'],
  fenced: ['maintenance', 'force-maintenance', 'rename', 'edit-tags'],
  unfencing: ['rename', 'edit-tags'],
  'entering-maintenance': ['force-maintenance', 'rename', 'edit-tags'],
  // Stopping the cluster services is ours: the specification has it as a part of Maintenance only.
  'in-maintenance': ['activate', 'stop-services', 'remove', 'rename', 'edit-tags'],
  activating: ['rename', 'edit-tags'],
  starting: ['rename', 'edit-tags'],
  approved: [],
  candidate: [],
  inadequate: [],
  rejected: [],
  out: [],
  active: ['maintenance', 'force-maintenance', 'rename', 'edit-tags'],
} as const;

const built = new Set([
  'maintenance',
  'force-maintenance',
  'activate',
  'stop-services',
  'remove',
  'rename',
  'edit-tags',
]);

describe.each(nodeStatuses)('on a node that is %s', (status) => {
  const available: readonly string[] = specified[status];
  test.each(nodeCommands)(
    '%s is available, refused with its reason, or absent, as the specification says',
    (command) => {
      const decision = decide(command, nodeIn(status));
      const wanted = !built.has(command) ? 'absent' : available.includes(command) ? 'allowed' : 'refused';
      expect(decision.kind).toBe(wanted);
      if (decision.kind !== 'refused') return;
      expect(['status', 'member']).toContain(decision.rule);
      expect(decision.because).toContain('fra2-r06-n01');
      expect(decision.until).toMatch(/^Available /);
    },
  );
});

test('the labels are the specification’s, and one of our own', () => {
  expect(nodeCommands.map((command) => transitions[command].label)).toEqual([
    'Maintenance',
    'Force Maintenance',
    'Activate',
    'Stop Cluster Services',
    'Remove',
    'Rename',
    'Add tag',
    'Configure',
    'Create Alarm',
    'Accept',
    'Reject',
    'Join',
    'Modify Candidate',
    'Delete Candidate',
  ]);
});

test('the dangerous commands are the hardest to confirm', () => {
  expect(nodeCommands.map((command) => [command, transitions[command].confirmation])).toEqual([
    ['maintenance', 'confirm'],
    ['force-maintenance', 'timer'],
    ['activate', 'confirm'],
    ['stop-services', 'confirm'],
    ['remove', 'typed-name'],
    ['rename', 'none'],
    ['edit-tags', 'none'],
    ['configure', 'none'],
    ['create-alarm', 'none'],
    ['accept', 'none'],
    ['reject', 'none'],
    ['join', 'confirm'],
    ['modify-candidate', 'none'],
    ['delete-candidate', 'confirm'],
  ]);
});

test('every transitional status comes to a status that stays, in finitely many steps', () => {
  for (const status of nodeStatuses) {
    let at = statusClasses[status];
    for (let steps = 0; at.kind === 'transitional'; steps += 1) {
      expect(steps).toBeLessThan(nodeStatuses.length);
      at = statusClasses[at.target];
    }
    expect(['stable', 'failed']).toContain(at.kind);
    if (statusClasses[status].kind === 'transitional') expect(at.kind).toBe('stable');
  }
});

test('whoever is a member can be renamed, and nobody else', () => {
  expect(transitions.rename.from).toEqual(memberStatuses);
});

test('a status a command leads to is not one it starts from', () => {
  for (const command of nodeCommands) {
    const { from, leadsTo, already } = transitions[command];
    // A maintenance that is stuck is forced, and a join that is stuck is joined again.
    if (command === 'force-maintenance' || command === 'join') continue;
    if (leadsTo !== null && leadsTo !== 'deleted') expect(from.has(leadsTo), command).toBe(false);
    for (const status of already) expect(from.has(status), command).toBe(false);
  }
});
