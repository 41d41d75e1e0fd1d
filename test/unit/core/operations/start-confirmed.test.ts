import { describe, expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/contract.ts';
import type { ClusterResource } from '#shared/model/cluster.ts';
import { memberId, operationId, regionId } from '#shared/model/ids.ts';
import { noChoices } from '#shared/model/maintenance.ts';
import { known } from '#shared/model/reading.ts';
import { noon, onHost, onNode } from '../lifecycle/preflight/facts-of.ts';
import { silence } from '../lifecycle/preflight/nodes-of.ts';
import { actingRegion, pinsAreKept, type ActingRegion } from './acting-region.ts';
import { maintained } from './maintained-region.ts';
import { at } from './two-vms.ts';

const on = {
  regionId: regionId('00000000-0000-4000-8000-000000000000'),
  operationId: operationId('11111111-1111-4111-8111-111111111111'),
  nodeId: memberId('lab-c2'),
};
const planned = { ...on, choices: noChoices, reason: 'DIMM' };

/** The node that the plan sends vm1 to has no room for it any more. */
const fillTarget = (world: ActingRegion): void => {
  world.nodes = onNode('lab-c3', (node) => ({ ...node, vmMemoryAllocatedBytes: node.vmMemoryTotalBytes }));
};

describe('a maintenance', () => {
  test('that is still as it was shown begins, with the plan that was shown', async () => {
    const world = actingRegion();
    const { digest, vms } = await world.calls['maintenance.prepare'](planned);
    expect(await world.codeOf(world.calls['maintenance.start']({ ...planned, digest }))).toBe('begun');
    expect(world.begun[0]?.vms.map(({ resource, target }) => [resource, target])).toEqual(
      vms.map(({ resource, target }) => [resource, target]),
    );
  });

  test('R9: with what its standby does to VMs of other nodes, so that what was ticked is not refused once the node is empty', async () => {
    const world = actingRegion();
    const moves = '<rsc_action action="move" resource="vm4" source="lab-c3" dest="lab-c1"/>';
    world.simulates = (edits) => pinsAreKept(edits) + (edits.includes('standby') ? moves : '');
    const tick = { resource: 'vm4', effect: 'restart-elsewhere' } as const;
    const choices = { ...noChoices, ticked: [tick] };
    const { digest } = await world.calls['maintenance.prepare']({ ...planned, choices });
    expect(await world.codeOf(world.calls['maintenance.start']({ ...planned, choices, digest }))).toBe('begun');
    expect(world.begun[0]?.others).toEqual([tick]);
  });

  test('R9: whose plan became another one after it was confirmed goes back to the dialog', async () => {
    const world = actingRegion();
    const { digest } = await world.calls['maintenance.prepare'](planned);
    world.onAdmitted = () => fillTarget(world);
    expect(await world.codeOf(world.calls['maintenance.start']({ ...planned, digest }))).toBe('plan-changed');
    expect(world.begun).toEqual([]);
  });

  test('that is held up by now does not begin, whatever was confirmed', async () => {
    const world = actingRegion();
    const { digest } = await world.calls['maintenance.prepare'](planned);
    world.answer = { ...world.answer, dc: null };
    expect(await world.codeOf(world.calls['maintenance.start']({ ...planned, digest }))).toBe('preflight-failed');
  });

  test('R9: of several nodes: the first is held to its plan as one alone is', async () => {
    const world = actingRegion();
    const { digest } = await world.calls['maintenance.prepare'](planned);
    fillTarget(world);
    const many = { ...on, reason: '', nodes: [{ ...planned, digest }] };
    expect(await world.codeOf(world.calls['maintenance.startMany'](many))).toBe('plan-changed');
  });
});

describe('an Activate of several nodes', () => {
  const returning = { ...on, nodeId: memberId('lab-c1'), bringsVmsHome: true, acknowledgesFenceLoop: false };
  const { regionId: _region, ...node } = returning;
  const begin = (world: ActingRegion, digest: string, times = 1) => {
    const nodes = Array.from({ length: times }, () => ({ ...node, digest }));
    return world.codeOf(world.calls['activate.startMany']({ regionId: on.regionId, nodes }));
  };

  test('holds the first to what was confirmed, as one alone is', async () => {
    const world = maintained();
    const { digest } = await world.calls['activate.prepare'](returning);
    expect(await begin(world, 'another one')).toBe('plan-changed');
    expect(await begin(world, digest)).toBe('begun');
    expect(world.begun).toMatchObject([{ command: 'activate', choices: { bringsVmsHome: true } }]);
  });

  test('judges those after it at their turn: another way home goes on, what holds it up does not', async () => {
    const world = maintained();
    const { digest } = await world.calls['activate.prepare'](returning);
    let turns = 0;
    world.onAdmitted = () => {
      turns += 1;
      if (turns === 3) world.answer = { ...world.answer, dc: null };
    };
    expect(await begin(world, digest, 3)).toBe('preflight-failed');
    expect(world.begun).toHaveLength(2);
  });
});

/** The same, and what its machine says is changed so. */
function maintainedWith(host: Parameters<typeof onHost>[1]): ActingRegion {
  const world = maintained();
  const before = world.nodes;
  world.nodes = (nodes) => onHost('lab-c1', host)(before(nodes));
  return world;
}

const onFirst = { ...on, nodeId: memberId('lab-c1') };

async function remove(world: ActingRegion, typed: Partial<CallInput<'removal.start'>> = {}, meanwhile?: () => void) {
  const { digest } = await world.calls['removal.prepare'](onFirst);
  meanwhile?.();
  const input = { ...onFirst, digest, typedName: 'lab-c1', poolStatement: '', powerOffStatement: '', reason: '' };
  return world.codeOf(world.calls['removal.start']({ ...input, ...typed }));
}

const degraded = { name: 'md0', kind: 'md', state: 'degraded', detail: '[2/1]', rebuildPercent: null } as const;
const poolStatement = 'data on lab-c1 may be lost';
const powerOffStatement = 'lab-c1 is powered off';

describe('a removal', () => {
  test('of a node that is whole and answers needs no statement, and no more than its name as the dialog takes it', async () => {
    const world = maintained();
    expect(await remove(world, { typedName: ' lab-c1 ' })).toBe('begun');
    expect(world.begun[0]?.choices.isStatedOff).toBe(false);
  });

  test.each<readonly [string, Partial<CallInput<'removal.start'>>, string]>([
    ['nothing', {}, 'statement-missing'],
    ['that of another node', { poolStatement: 'data on lab-c2 may be lost' }, 'statement-missing'],
    ['a part of it', { poolStatement: 'data on lab-c1' }, 'statement-missing'],
    ['the other statement', { powerOffStatement }, 'statement-missing'],
    ['the statement', { poolStatement }, 'begun'],
  ])('R10: of a node with a degraded pool, for which is typed: %s', async (_what, typed, code) => {
    const world = maintainedWith({ pools: known([degraded], noon, 5000) });
    expect(await remove(world, typed)).toBe(code);
    expect(world.begun).toHaveLength(code === 'begun' ? 1 : 0);
  });

  test.each<readonly [string, Partial<CallInput<'removal.start'>>, string]>([
    ['only that its data may be lost', { poolStatement }, 'statement-missing'],
    ['that another one is off', { poolStatement, powerOffStatement: 'lab-c2 is powered off' }, 'statement-missing'],
    ['that it is off', { poolStatement, powerOffStatement }, 'begun'],
  ])('R11: of a node that does not answer, of which is stated: %s', async (_what, typed, code) => {
    const world = maintainedWith(silence);
    expect(await remove(world, typed)).toBe(code);
    expect(world.begun.map(({ choices }) => choices.isStatedOff)).toEqual(code === 'begun' ? [true] : []);
  });

  test('under another name than its own asks for no admission; renamed meanwhile, it does not begin', async () => {
    const world = maintained();
    let admitted = 0;
    world.onAdmitted = () => void (admitted += 1);
    expect(await remove(world, { typedName: 'lab-c2' })).toBe('name-mismatch');
    expect(admitted).toBe(0);
    const before = world.nodes;
    world.onAdmitted = () => {
      world.nodes = (nodes) => onNode('lab-c1', (node) => ({ ...node, shownName: 'Anders' }))(before(nodes));
    };
    expect(await remove(world)).toBe('name-mismatch');
    expect(world.begun).toEqual([]);
  });

  test('whose plan became another one after it was confirmed goes back to the dialog', async () => {
    const world = maintained();
    const rule = '<rsc_location id="late" rsc="vm4" node="lab-c1" score="50"/>';
    const code = await remove(world, {}, () => {
      world.cib = world.cib.replace('<constraints>', `<constraints>${rule}`);
    });
    expect(code).toBe('plan-changed');
    expect(world.begun).toEqual([]);
  });

  test('R1: of a node to which a VM has come does not begin', async () => {
    const world = maintained();
    const code = await remove(world, {}, () => {
      world.answer = at(world.answer, 'vm1', ['lab-c1']);
    });
    expect(code).toBe('preflight-failed');
  });
});

test('an Activate whose checks became others after it was confirmed goes back to the dialog', async () => {
  const world = maintained();
  const { digest } = await world.calls['activate.prepare'](onFirst);
  const start = () =>
    world.codeOf(
      world.calls['activate.start']({ ...onFirst, digest, bringsVmsHome: false, acknowledgesFenceLoop: false }),
    );
  expect(await start()).toBe('begun');
  world.answer = { ...world.answer, isInMaintenanceMode: true };
  expect(await start()).toBe('plan-changed');
});

describe('shutting a VM down', () => {
  const shutDown = (world: ActingRegion, resource = 'vm1', typedName = resource) =>
    world.calls['vms.shutDown']({ ...on, resource, typedName });

  test('begins, and keeps what its role was', async () => {
    const world = actingRegion();
    await shutDown(world);
    expect(world.begun).toMatchObject([
      { vms: [{ resource: 'vm1', effect: 'stop' }], undo: [{ kind: 'target-role', resource: 'vm1', value: null }] },
    ]);
  });

  test.each<readonly [string, Partial<ClusterResource>, RegExp]>([
    ['that Pacemaker does not manage now', { isManaged: false }, /^not-available: .*does not manage it now/u],
    ['that runs on another node', { nodes: ['lab-c3'] }, /^not-available: .*it runs on lab-c3, and not on lab-c2/u],
    ['that does not run', { nodes: [], role: 'Stopped' }, /^not-available: .*it does not run, and not on lab-c2/u],
  ])('R9: of one %s is refused', async (_what, change, refusal) => {
    const world = actingRegion();
    const resources = world.answer.resources.map((one) => (one.id === 'vm1' ? { ...one, ...change } : one));
    world.answer = { ...world.answer, resources };
    await expect(shutDown(world)).rejects.toThrow(refusal);
    expect(world.begun).toEqual([]);
  });

  test('R9: is refused while the whole cluster is in Pacemaker’s maintenance mode, in which nothing would act', async () => {
    const world = actingRegion();
    world.answer = { ...world.answer, isInMaintenanceMode: true };
    await expect(shutDown(world)).rejects.toThrow(/^not-available: .*does not manage it now/u);
  });

  test('R9: of a domain outside of the cluster is refused: the cluster cannot keep it down', async () => {
    await expect(shutDown(actingRegion(), 'stranger')).rejects.toThrow(
      /^not-available: .*the cluster does not manage it/u,
    );
  });

  test('R9: under the name of another VM is refused', async () => {
    const world = actingRegion();
    await expect(shutDown(world, 'vm1', 'vm2')).rejects.toThrow(/^name-mismatch: /u);
    expect(world.begun).toEqual([]);
  });
});
