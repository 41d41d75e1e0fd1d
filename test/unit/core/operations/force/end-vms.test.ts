import { expect, test } from 'vitest';
import type { ClusterResource, RecordedVm } from '../../../../../shared/model/cluster.ts';
import { elsewhereStep } from '../../../../../electron/core/operations/steps/elsewhere.ts';
import { endVmsStep } from '../../../../../electron/core/operations/steps/force.ts';
import { statusOf } from '../../lifecycle/preflight/nodes-of.ts';
import { runStep, stepWorld } from '../step-world.ts';

const ticked = (resource: string, effect: RecordedVm['effect'] = 'restart-elsewhere'): RecordedVm => ({
  resource,
  target: null,
  effect,
  isDone: false,
});

/** The cluster has nothing left on the node; libvirt runs these domains until they are ended. */
function forced(domains: readonly string[]) {
  const world = stepWorld();
  const nowhere = world.answer.resources.map((one) => ({ ...one, nodes: [] }));
  world.answer = { ...world.answer, resources: nowhere };
  world.domains = domains;
  world.onSent = (line) => {
    world.domains = (world.domains ?? []).filter((name) => !line.includes(name));
    return { kind: 'ran', exitStatus: 0, stdout: '', stderr: '' };
  };
  return world;
}

test('R9: Force ends only the domains whose lines were ticked; one that came meanwhile goes on, and is named', async () => {
  const world = forced(['vm1', 'stranger', 'late']);
  world.record = { ...world.record, vms: [ticked('vm1'), ticked('stranger', 'stop')] };
  expect(await runStep(world, endVmsStep)).toMatch(/^libvirt on lab-c2 still runs late\. Only what was confirmed/u);
  expect(world.sent).toEqual(['virsh destroy --domain vm1; virsh destroy --domain stranger']);
  expect(world.domains).toEqual(['late']);
});

/** vm1 runs on the node, and the cluster has it in this role there. */
function keptAs(change: { readonly role: string; readonly isManaged?: boolean; readonly isBlocked?: boolean }) {
  const world = forced(['vm1', 'stranger']);
  const has = (now: Partial<ClusterResource>) => {
    const resources = world.answer.resources.map((one) => (one.id === 'vm1' ? { ...one, ...now } : one));
    world.answer = { ...world.answer, resources };
  };
  has({ nodes: ['lab-c2'], ...change });
  world.record = { ...world.record, vms: [ticked('vm1'), ticked('stranger', 'stop')] };
  const after = world.onSent;
  world.onSent = (line, xml) => {
    if (line.includes('vm1')) has({ nodes: [] });
    return after(line, xml);
  };
  return { world, has };
}

test('R10: a VM is ended once the cluster stops it, never before: its monitor would count that as a failure of the node', async () => {
  const { world, has } = keptAs({ role: 'Started' });
  const run = runStep(world, endVmsStep);
  await world.time.pass(12_000);
  expect(world.sent).toEqual(['virsh destroy --domain stranger']);
  has({ role: 'Stopping' });
  expect(await run).toBe('ended here');
  expect(world.sent).toEqual(['virsh destroy --domain stranger', 'virsh destroy --domain vm1']);
  expect(world.time.clock.monotonic()).toBeLessThan(20_000);
});

test('a VM that the cluster does not begin to stop within half a minute is ended all the same', async () => {
  const { world } = keptAs({ role: 'Started' });
  expect(await runStep(world, endVmsStep)).toBe('ended here');
  expect(world.sent).toEqual(['virsh destroy --domain stranger', 'virsh destroy --domain vm1']);
  expect(world.time.clock.monotonic()).toBeGreaterThanOrEqual(30_000);
});

test.each([{ isManaged: false }, { isBlocked: true }])(
  'a VM that the cluster will not stop is ended at once: %j',
  async (change) => {
    const { world } = keptAs({ role: 'Started', ...change });
    expect(await runStep(world, endVmsStep)).toBe('ended here');
    expect(world.sent).toEqual(['virsh destroy --domain vm1; virsh destroy --domain stranger']);
  },
);

test('R9: where nothing but what came meanwhile runs, Force ends nothing', async () => {
  const world = forced(['late']);
  world.record = { ...world.record, vms: [{ ...ticked('late'), isDone: true }] };
  expect(await runStep(world, endVmsStep)).toMatch(/still runs late/u);
  expect(world.sent).toEqual([]);
});

test('a domain outside of the cluster that was ended is told as down for good', async () => {
  const world = forced([]);
  world.record = { ...world.record, vms: [ticked('stranger', 'stop')] };
  expect(await runStep(world, elsewhereStep)).toBe('stranger stays down');
  expect(world.vm('stranger')?.detail).toBe('it was outside the cluster: nobody starts it again');
});

test('a VM that the cluster started on a node that is not Active is told with why', async () => {
  const world = forced([]);
  const resources = world.answer.resources.map((one) =>
    one.id === 'vm1' ? { ...one, role: 'Started', nodes: ['lab-c1'] } : one,
  );
  world.answer = { ...world.answer, resources };
  world.record = { ...world.record, vms: [ticked('vm1')] };
  world.status = (name) => (name === 'lab-c1' ? { ...statusOf('failed'), reason: 'libvirt is down' } : undefined);
  expect(await runStep(world, elsewhereStep)).toBe('vm1: lab-c1 is Failed (libvirt is down)');
  expect(world.vm('vm1')).toMatchObject({ state: 'restarted', detail: 'lab-c1 is Failed (libvirt is down)' });
});
