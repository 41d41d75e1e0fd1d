import { describe, expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/contract.ts';
import type { RecordedVm } from '#shared/model/cluster.ts';
import { memberId, operationId, regionId } from '#shared/model/ids.ts';
import type { ArmedForce } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import { known } from '#shared/model/reading.ts';
import { emptyRecord } from '../../../../../electron/core/operations/operation-words.ts';
import { domainOf, noon, onHost, onNode, statusOf } from '../../lifecycle/preflight/facts-of.ts';
import { silence } from '../../lifecycle/preflight/nodes-of.ts';
import { actingRegion, pinsAreKept, type ActingRegion } from '../acting-region.ts';
import { at } from '../two-vms.ts';

const node = 'lab-c2';
const on = {
  regionId: regionId('00000000-0000-4000-8000-000000000000'),
  operationId: operationId('11111111-1111-4111-8111-111111111111'),
  nodeId: memberId(node),
};

/** What its libvirt runs: vm1 holds a device, and what is no `vm` is outside of the cluster, so that it cannot be emptied. */
const runs = (...names: readonly string[]) =>
  onHost(node, {
    domains: known(
      names.map((name) => domainOf(name, 32, name === 'vm1' ? { hostDevices: ['0000:3b:00.0'] } : {})),
      noon,
      5000,
    ),
  });

function reachable(): ActingRegion {
  const world = actingRegion();
  world.nodes = runs('vm1', 'vm2', 'vm3', 'by-hand');
  return world;
}

/** It does not answer any more; its pool was read as degraded before. */
function unreachable(): ActingRegion {
  const world = actingRegion();
  const pools = known(
    [{ name: 'md0', kind: 'md' as const, state: 'degraded' as const, detail: '[2/1]', rebuildPercent: null }],
    noon,
    5000,
  );
  world.nodes = (nodes) =>
    onHost(node, { ...silence, pools })(onNode(node, (one) => ({ ...one, status: statusOf('failed') }))(nodes));
  return world;
}

/** Everything that is asked for, as a person would give it. */
function confirmed({ token, overrides }: ArmedForce): CallInput<'force.start'> {
  return {
    ...on,
    token,
    typedName: node,
    reason: 'DIMM',
    ticked: overrides.flatMap(({ id, statement }) => (statement === null ? [id] : [])),
    statements: Object.fromEntries(
      overrides.flatMap(({ id, statement }) => (statement === null ? [] : [[id, statement]])),
    ),
  };
}

async function armed(world: ActingRegion): Promise<CallInput<'force.start'>> {
  const force = await world.calls['force.arm'](on);
  expect(force.refused).toBe(null);
  world.monotonic += force.timerMs;
  return confirmed(force);
}

const start = (world: ActingRegion, input: CallInput<'force.start'>) => world.codeOf(world.calls['force.start'](input));
const plan = ({ begun }: ActingRegion) =>
  begun.flatMap(({ vms }) => vms.map(({ resource, effect }) => [resource, effect]));

describe('R9, R10: Force that was confirmed', () => {
  test('ends what had a line, VMs of the cluster and domains outside of it, each as its line said', async () => {
    const world = reachable();
    expect(await start(world, await armed(world))).toBe('begun');
    expect(plan(world)).toEqual([
      ['vm1', 'restart-elsewhere'],
      ['vm2', 'restart-elsewhere'],
      ['vm3', 'restart-elsewhere'],
      ['by-hand', 'stop'],
    ]);
    expect(world.begun).toMatchObject([{ choices: { isUnreachable: false, isStatedOff: false }, replaces: undefined }]);
  });

  test('does not begin where a domain came while it was admitted, which had no line', async () => {
    const world = reachable();
    const input = await armed(world);
    world.onAdmitted = () => {
      world.nodes = runs('vm1', 'vm2', 'vm3', 'by-hand', 'late');
    };
    expect(await start(world, input)).toBe('plan-changed');
    expect(world.begun).toEqual([]);
  });

  test('does not begin where a VM came after it was judged for the last time', async () => {
    const world = reachable();
    const input = await armed(world);
    let reads = 0;
    world.onAdmitted = () => {
      world.onRead = () => {
        if ((reads += 1) === 2) world.answer = at(world.answer, 'vm4', [node]);
      };
    };
    expect(await start(world, input)).toBe('plan-changed');
    expect(reads).toBe(2);
    expect(world.begun).toEqual([]);
  });
});

test('R10: whoever calls is held to the timer, the name, what was shown, and a token that starts one operation', async () => {
  const world = reachable();
  let admitted = 0;
  world.onAdmitted = () => void (admitted += 1);
  const force = await world.calls['force.arm'](on);
  const input = confirmed(force);
  world.monotonic += force.timerMs - 1;
  expect(await start(world, input)).toBe('timer-running');
  world.monotonic += 1;
  expect(await start(world, { ...input, typedName: 'lab-c3' })).toBe('name-mismatch');
  const before = world.nodes;
  world.nodes = runs('vm1', 'vm2', 'vm3', 'by-hand', 'late');
  expect(await start(world, { ...input, ticked: [...input.ticked, 'domain:late'] })).toBe('plan-changed');
  expect(admitted).toBe(0);
  world.nodes = before;
  expect(await start(world, input)).toBe('begun');
  const second = { ...input, operationId: operationId('33333333-3333-4333-8333-333333333333') };
  expect(await start(world, second)).toBe('token-used');
  expect(world.begun).toHaveLength(1);
});

test('R20: Force does not begin where somebody has taken up again what stood still', async () => {
  const world = reachable();
  const input = await armed(world);
  const one = { id: 'other', nodeId: on.nodeId, nodeName: node, command: 'maintenance', owner: 'bert on lap-7' };
  world.operations = [{ ...one, state: { kind: 'running' } } as unknown as Operation];
  expect(await start(world, input)).toBe('node-locked');
  expect(await world.codeOf(world.calls['force.arm'](on))).toBe('node-locked');
  expect(world.begun).toEqual([]);
});

test('R3: Force under the id of the operation that stands still is not told as begun', async () => {
  const world = reachable();
  const input = await armed(world);
  const stuck = { id: on.operationId, nodeId: on.nodeId, nodeName: node, command: 'maintenance' };
  world.operations = [{ ...stuck, state: { kind: 'failed' } } as unknown as Operation];
  expect(await start(world, input)).toBe('invalid-input');
  world.operations = [{ ...stuck, command: 'force-maintenance', state: { kind: 'running' } } as unknown as Operation];
  expect(await start(world, input)).toBe('begun');
  expect(world.begun).toEqual([]);
});

describe('R11: that a node is off is stated', () => {
  test('by its own statement, and by no other that was asked for beside it', async () => {
    const world = unreachable();
    const input = await armed(world);
    // It can be fenced: only its pool asks for a statement.
    expect(Object.keys(input.statements)).toEqual(['statement:data-pools']);
    expect(await start(world, input)).toBe('begun');
    expect(world.begun).toMatchObject([{ choices: { isUnreachable: true, isStatedOff: false } }]);
  });

  test('by none that was not asked for', async () => {
    const world = unreachable();
    const input = await armed(world);
    const statements = { ...input.statements, 'statement:power-off': `${node} is powered off` };
    expect(await start(world, { ...input, statements })).toBe('begun');
    expect(world.begun).toMatchObject([{ choices: { isStatedOff: false } }]);
  });

  test('where no fencing device could do it', async () => {
    const world = unreachable();
    const event = { action: 'off', target: node, delegate: 'lab-c1', client: 'x', exitReason: 'timed out' } as const;
    world.answer = { ...world.answer, fencing: [{ ...event, status: 'failed', completedAt: noon - 60_000 }] };
    const input = await armed(world);
    expect(Object.keys(input.statements)).toEqual(['statement:power-off', 'statement:data-pools']);
    expect(await start(world, { ...input, statements: { ...input.statements, 'statement:power-off': '' } })).toBe(
      'statement-missing',
    );
    expect(await start(world, input)).toBe('begun');
    expect(world.begun).toMatchObject([{ choices: { isUnreachable: true, isStatedOff: true } }]);
  });
});

/** vm4, of another node, would be stopped by this node's standby. */
const evicts = (edits: string): string =>
  `${pinsAreKept(edits)}${edits.includes('standby') ? '<rsc_action action="stop" resource="vm4" node="lab-c3"/>' : ''}`;

test('R9, R10: a VM of another node that its standby would stop has a line, and without its tick nothing begins', async () => {
  const world = reachable();
  world.simulates = evicts;
  const input = await armed(world);
  expect(input.ticked).toContain('vm:vm4');
  expect(await start(world, { ...input, ticked: input.ticked.filter((id) => id !== 'vm:vm4') })).toBe(
    'statement-missing',
  );
});

describe('R31: Force that takes the place of a maintenance that got stuck', () => {
  const stuck = '22222222-2222-4222-8222-222222222222';
  const vm = (resource: string, isDone = false): RecordedVm => ({
    resource,
    target: 'lab-c3',
    effect: 'live-migrate',
    isDone,
  });
  const undo = [{ kind: 'allow-migrate', resource: 'vm2', value: 'true' }] as const;

  /** vm4 was moved away; vm3 is nowhere, in the hand of a move of it; vm2 is nowhere, too, and nobody’s. */
  function taken(): ActingRegion {
    const world = reachable();
    world.nodes = runs('vm1', 'by-hand');
    const record = { ...emptyRecord, id: stuck, node, command: 'maintenance', startedAt: noon } as const;
    const operations = [{ ...record, vms: [vm('vm1'), vm('vm2'), vm('vm3'), vm('vm4', true)], undo }];
    const marks = [{ name: 'rackside-unit-vm3', value: '222222222222.abcdef' }];
    const answer = at(at(world.answer, 'vm2', []), 'vm3', []);
    world.answer = { ...answer, records: { ...answer.records, operations, marks } };
    return world;
  }

  test('puts back what that one changed, hands back what it had in hand, and knows what it had moved', async () => {
    const world = taken();
    expect(await start(world, await armed(world))).toBe('begun');
    expect(world.begun).toMatchObject([{ replaces: stuck, undo }]);
    const restarts = { target: null, effect: 'restart-elsewhere', isDone: false };
    expect(world.begun[0]?.vms).toEqual([
      { resource: 'vm1', ...restarts },
      { resource: 'by-hand', ...restarts, effect: 'stop' },
      { resource: 'vm3', ...restarts },
      vm('vm4', true),
    ]);
  });
});
