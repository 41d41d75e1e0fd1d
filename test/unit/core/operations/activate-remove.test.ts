import { describe, expect, it } from 'vitest';
import { emptyNodeRecord } from '#shared/model/cluster.ts';
import type { Simulation } from '#shared/model/configuration.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { Operation, OperationStep } from '#shared/model/operation.ts';
import { activationPreflight } from '../../../../electron/core/lifecycle/preflight/activation.ts';
import { removalPreflight } from '../../../../electron/core/lifecycle/preflight/removal.ts';
import { activate } from '../../../../electron/core/operations/commands/activate.ts';
import { remove } from '../../../../electron/core/operations/commands/remove.ts';
import { emptyRecord } from '../../../../electron/core/operations/operation-words.ts';
import { removalWouldRun } from '../../../../electron/core/operations/prepare/would-run-return.ts';
import { recordedVms } from '../../../../electron/core/operations/recorded-home.ts';
import { requireNoLoop } from '../../../../electron/core/operations/start-activation.ts';
import { requireName, requireStatements } from '../../../../electron/core/operations/start-removal.ts';
import { outChanges, outIdentity } from '../../../../electron/core/operations/steps/mark-out.ts';
import { lastRunOf } from '../../../../electron/core/operations/steps/pcs-remove.ts';
import { touchedVms } from '../../../../electron/core/operations/steps/quiet-unstandby.ts';
import { waitingStep, waitingVm } from '../../../../electron/core/operations/view.ts';
import { problemOf, type Problem } from '#shared/problems.ts';
import { activationOf, never, noon, removalOf, withConstraint, type Changes } from '../lifecycle/preflight/facts-of.ts';

const serviced: Changes = {
  answer: (answer) => ({
    ...answer,
    records: {
      ...answer.records,
      nodes: {
        'lab-c1': {
          ...emptyNodeRecord,
          maintenance: { by: 'anna', reason: 'DIMM', at: noon, isStopped: false, movedVms: ['vm1', 'gone'] },
        },
      },
    },
  }),
};
const fencings = [-50, -30, -10].map((minutes) => ({
  action: 'reboot',
  target: 'lab-c1',
  status: 'success' as const,
  delegate: 'lab-c2',
  client: 'x',
  completedAt: noon + minutes * 60_000,
  exitReason: '',
}));

function refusalOf(act: () => void): Problem | undefined {
  try {
    act();
  } catch (error) {
    return problemOf(error);
  }
  return undefined;
}

/** An operation whose steps have these details. */
function operationOf(steps: Readonly<Record<string, string>>, vms: Operation['vms'] = []): Operation {
  const lines = Object.entries(steps).map(([id, detail]): OperationStep => ({
    ...waitingStep({ id, title: id }),
    state: 'done',
    detail,
  }));
  // What a definition judges of an operation is its steps, VMs and names.
  return { node: 'c2', nodeName: 'c2', steps: lines, vms } as unknown as Operation;
}

describe('Activate', () => {
  it('finds what is wrong with the node while it is in standby, and moves VMs only when it is Active', () => {
    const choices = { ...emptyRecord.choices, bringsVmsHome: true };
    const ids = activate.steps({ ...emptyRecord, choices }).map(({ id }) => id);
    expect(ids).toEqual([
      'services',
      'healthy',
      'pin-elsewhere',
      'unstandby',
      'active',
      'drop-traces',
      'home',
      'drop-pins',
    ]);
    expect(activate.steps(emptyRecord).map(({ id }) => id)).not.toContain('home');
  });

  it('keeps of every VM that was moved away that it may have a pin, and moves only what shall come home', () => {
    const facts = activationOf(serviced, 'lab-c1');
    const { home } = activationPreflight(facts);
    const target = { target: 'lab-c1', effect: 'live-migrate', isDone: false };
    expect(home.map(({ resource, effect }) => [resource, effect])).toEqual([['vm1', 'live-migrate']]);
    expect(recordedVms(facts, home, true)).toEqual([{ resource: 'vm1', ...target }]);
    const stays = { target: null, effect: 'cannot-move', isDone: false };
    expect(recordedVms(facts, home, false)).toEqual([{ resource: 'vm1', ...stays }]);
  });

  it('R18: a fence loop that nobody acknowledged holds it up; the acknowledgement ends with the next fencing', () => {
    const facts = activationOf({ ...serviced, answer: (answer) => ({ ...answer, fencing: fencings }) }, 'lab-c1');
    const judged = activationPreflight(facts);
    const acknowledged = new Map<NodeId, number>();
    expect(judged.fenceLoop).toMatch(/Fence loop/u);
    expect(refusalOf(() => requireNoLoop(judged, facts, acknowledged, false))?.code).toBe('preflight-failed');
    expect(acknowledged.size).toBe(0);
    expect(refusalOf(() => requireNoLoop(judged, facts, acknowledged, true))).toBeUndefined();
    const until = acknowledged.get(judged.nodeId) ?? null;
    expect(activationPreflight({ ...facts, fenceLoopAcknowledgedUntil: until }).fenceLoop).toBeNull();
    const again = { ...fencings[0], completedAt: noon - 60_000 } as (typeof fencings)[number];
    const fencedAgain = { ...facts, answer: { ...facts.answer, fencing: [again, ...fencings] } };
    expect(activationPreflight({ ...fencedAgain, fenceLoopAcknowledgedUntil: until }).fenceLoop).not.toBeNull();
  });

  it('a VM that runs and would be touched holds the end of the standby up; one that waits for a node may start', () => {
    const { answer } = activationOf(serviced, 'lab-c1');
    const simulated = (action: 'start' | 'migrate', resource: string): Extract<Simulation, { kind: 'simulated' }> => ({
      kind: 'simulated',
      fenced: [],
      actions: [{ action, resource, source: null, target: 'lab-c1', reason: '' }],
    });
    expect(touchedVms(simulated('migrate', 'vm1'), answer)).toEqual(['vm1 (migrate)']);
    const down = { ...answer, resources: answer.resources.map((one) => ({ ...one, nodes: [] })) };
    expect(touchedVms(simulated('start', 'vm1'), down)).toEqual([]);
    expect(touchedVms(simulated('start', 'vm1'), answer)).toEqual(['vm1 (start)']);
  });

  it('given up before it left its standby it is In maintenance still; after that it is Active, and what stays is told', () => {
    const before = operationOf({ 'drop-traces': 'it stays in standby' });
    expect(activate.undone?.(before, 'cancelled')).toBe('cancelled');
    expect(activate.left(before, 'cancelled')).toEqual([expect.stringContaining('In maintenance')]);
    const row = { ...waitingVm('vm1', 'live-migrate', 'c2'), state: 'stays' as const, detail: 'stays on c3' };
    const after = operationOf({ 'drop-traces': '', home: '' }, [row]);
    expect(activate.undone?.(after, 'cancelled')).toBe('partly');
    expect(activate.left(after, 'cancelled')).toContain('vm1: stays on c3.');
  });
});

describe('Remove', () => {
  it('marks the identity and closes a connection before pcs begins, and looks for VMs before everything', () => {
    const ids = remove.steps(emptyRecord).map(({ id }) => id);
    expect(ids).toEqual(['empty', 'mark-out', 'close', 'leave', 'leftovers', 'drop-pins', 'out']);
  });

  it('the typed name is the shown one, however its accents were typed; any other name is refused', () => {
    expect(refusalOf(() => requireName('Käfer', 'Käfer'.normalize('NFD')))).toBeUndefined();
    expect(refusalOf(() => requireName('kafer', 'Käfer'))?.code).toBe('name-mismatch');
    expect(refusalOf(() => requireName('', 'c2'))?.code).toBe('name-mismatch');
  });

  it('R11: each statement that is asked for has to be typed as it stands', () => {
    const asked = { nodeName: 'c3', poolStatement: null, powerOffStatement: 'c3 is powered off' };
    const typed = { poolStatement: '', powerOffStatement: 'c3 is powered off' };
    expect(refusalOf(() => requireStatements(asked, typed))).toBeUndefined();
    expect(refusalOf(() => requireStatements(asked, { ...typed, powerOffStatement: 'c2 is powered off' }))?.code).toBe(
      'statement-missing',
    );
    const both = { ...asked, poolStatement: 'data on c3 may be lost' };
    expect(refusalOf(() => requireStatements(both, typed))?.message).toContain('“data on c3 may be lost”');
  });

  it('R16: the mark names the machine, and the member the machine-id, so that the table lists it once', () => {
    const { answer } = removalOf(serviced, 'lab-c1');
    const member = { name: 'lab-c1', id: '1', type: 'member' as const };
    const identity = { ...outIdentity({ rows: () => [] }, answer, 'lab-c1', 'anna', noon), machineId: 'd5'.repeat(16) };
    const changes = outChanges(member, answer, identity);
    expect(changes.crm_config?.[0]?.text).toContain(`rackside-out-${'d5'.repeat(16)}`);
    expect(changes.nodes?.[0]?.text).toContain('rackside-identity');
    // Without one its name stands for it, and nothing is written on the node.
    const nameless = outChanges(member, answer, { ...identity, machineId: null });
    expect(nameless.crm_config?.[0]?.text).toContain('rackside-out-name-lab-c1');
    expect(nameless.nodes).toBeUndefined();
  });

  it('R16: ends with the checklist; once pcs is through, giving it up brings it to its end', () => {
    const out = operationOf({ leave: '', leftovers: '', stay: 'it has left the cluster already' });
    expect(remove.undone?.(out, 'cancelled')).toBe('succeeded');
    expect(remove.left(out, 'cancelled').join()).toMatch(/off.*boot.*Wipe/u);
    const kept = operationOf({ stay: '' });
    expect(remove.undone?.(kept, 'cancelled')).toBe('cancelled');
    expect(remove.left(kept, 'cancelled')).toEqual([expect.stringContaining('stays a member')]);
    const { outcome, left } = remove.outcome(operationOf({ leave: '', leftovers: '' }));
    expect([outcome, left.join()]).toEqual(['succeeded', expect.stringMatching(/off.*boot.*Wipe/u)]);
    const less = operationOf({ leftovers: 'kept, because without them the cluster would move VMs: l1' });
    expect(remove.outcome(less)).toMatchObject({ outcome: 'partly' });
  });

  it('what would run names the pins that are dropped, and marks a machine of unknown id only when it is gone', () => {
    const pin = never('vm1', 'lab-c2');
    const pinned = withConstraint({ ...pin, id: 'rackside-move-vm1' }, { ...pin, id: 'rackside-move-gone' });
    const facts = removalOf({ ...serviced, configuration: pinned }, 'lab-c1');
    const identity = outIdentity({ rows: () => [] }, facts.answer, 'lab-c1', 'USER', noon);
    const stepsOf = (machineId: string | null) =>
      removalWouldRun(removalPreflight(facts), facts, { ...identity, machineId }).map(({ step }) => step);
    expect(stepsOf('8d1f04c2e7aa')).toEqual(['mark-out', 'leave', 'drop-pins']);
    expect(stepsOf(null)).toEqual(['leave', 'drop-pins', 'out']);
  });

  it('R17: what would run never has --force, and the report of an earlier try is none of this one', () => {
    const facts = removalOf(serviced, 'lab-c1');
    const identity = outIdentity({ rows: () => [] }, facts.answer, 'lab-c1', 'USER', noon);
    const planned = removalWouldRun(removalPreflight(facts), facts, identity).map(({ command }) => command);
    expect(planned.join('\n')).toContain('pcs cluster node remove lab-c1');
    expect(planned.join('\n')).not.toContain('--force');
    const start = 'Started rackside-remove-a.service.\n';
    expect(lastRunOf(`${start}Error: old\n${start}Error: new\n`)).toBe(`${start}Error: new\n`);
    expect(lastRunOf('Error: cut\n')).toBe('Error: cut\n');
  });
});
