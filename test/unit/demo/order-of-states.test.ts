import { describe, expect, test } from 'vitest';
import { removeControl } from '../../../electron/core/cluster/writes/membership.ts';
import { readLease, takeLease, leaseValue } from '../../../electron/core/cluster/writes/leases.ts';
import { crmMonText } from '../../../electron/demo/render/crm-mon.ts';
import { makeFault } from '../../../electron/demo/world/faults.ts';
import { answerOf, capture } from '../core/cluster/capture.ts';
import { vmOn } from './cases.ts';
import { connectionTo, look, played, realOrders, simulatedOrders } from './orders.ts';
import { stillDemo, type StillDemo } from './still-demo.ts';

/** The order of a node's states in a captured timeline. */
const realOrder = (timeline: string, name: string): readonly string[] => realOrders(timeline).get(name) ?? [];

/** The order of a node's states while so many seconds pass. */
async function simulatedOrder(demo: StillDemo, name: string, seconds: number): Promise<readonly string[]> {
  return (await simulatedOrders(demo, seconds)).get(name) ?? [];
}

const noCut = (): void => undefined;

describe('the order of states is that of the lab', () => {
  test('a control that dies is unclean, fenced, joins again and is online', async () => {
    const demo = stillDemo();
    expect(makeFault(demo.world, { kind: 'node-dies', node: 'demo-c3' }, noCut)).toBeNull();
    const real = realOrder('kill-fence-return', 'lab-c3');
    expect(real).toEqual(['online', 'unclean', 'offline', 'pending', 'online']);
    expect(await simulatedOrder(demo, 'demo-c3', 25)).toEqual(real);
    expect((await look(demo)).fencing).toMatchObject([
      { target: 'demo-c3', status: 'success', action: 'reboot' },
      {},
      {},
    ]);
  });

  test('a control that freezes likewise', async () => {
    const demo = stillDemo();
    makeFault(demo.world, { kind: 'node-freezes', node: 'demo-c3' }, noCut);
    // The lab's samples missed the second in which it was pending.
    const seen = (await simulatedOrder(demo, 'demo-c3', 25)).filter((word) => word !== 'pending');
    expect(seen).toEqual(realOrder('freeze-fence-return', 'lab-c3'));
  });
});

/** The roles and states one after the other, wherever they were; the lab's samples missed most of those that are over at once. */
const rolesIn = (order: readonly string[] = []): readonly string[] => {
  const all = order.map((words) => words.split(' ')[0] ?? '').filter((word) => !['pending', 'Stopping'].includes(word));
  return all.filter((word, index) => word !== all[index - 1]);
};

describe('the quorum is lost as in the lab', () => {
  const real = realOrders('no-quorum');
  const lost = { kind: 'quorum-lost' } as const;

  test('the lost controls are unclean, the minority’s VMs are stopped, and what was on lost nodes is left as it was', async () => {
    const demo = stillDemo();
    const { vms, services } = demo.world;
    const heldBy = (control: string): readonly string[] =>
      [...services.values()]
        .filter(({ kind, nodes }) => kind === 'connection' && nodes[0] === control)
        .map(({ id }) => id);
    const vmsOn = (workers: readonly string[]) =>
      [...vms.values()].filter(({ nodes }) => workers.includes(nodes[0] ?? ''));
    const [minority, others] = [vmsOn(heldBy('demo-c1')), vmsOn([...heldBy('demo-c2'), ...heldBy('demo-c3')])];
    const places = new Map([...vms.values()].map(({ id, nodes }) => [id, nodes[0] ?? '']));
    expect(makeFault(demo.world, lost, noCut)).toBeNull();
    const seen = await simulatedOrders(demo, 60);

    for (const [lab, name] of [
      ['lab-c1', 'demo-c1'],
      ['lab-c2', 'demo-c2'],
      ['lab-x2', 'demo-c3'],
    ] as const)
      expect([name, seen.get(name)]).toEqual([name, played(real.get(lab), { 'lab-c1': 'demo-c1' })]);
    expect(minority.length).toBeGreaterThan(20);
    for (const { id } of minority)
      expect([id, seen.get(id)]).toEqual([id, played(real.get('vm5'), { 'lab-w1': places.get(id) ?? '' })]);
    for (const { id } of others)
      expect([id, seen.get(id)]).toEqual([id, played(real.get('vm1'), { 'lab-c2': places.get(id) ?? '' })]);
    for (const { name, domains } of demo.world.nodes.values())
      expect([name, ...[...domains.keys()].filter((vm) => minority.some(({ id }) => id === vm))]).toEqual([name]);
  });

  test('nothing is stopped before the loss was noticed', async () => {
    const demo = stillDemo();
    makeFault(demo.world, lost, noCut);
    demo.pass(6_500);
    const { nodes, resources } = await look(demo);
    expect(nodes.some(({ isUnclean }) => isUnclean)).toBe(false);
    expect(resources.filter(({ role }) => role === 'Stopping')).toEqual([]);
  });

  test('nothing is started without it: a worker that was fenced and is back waits outside', async () => {
    const demo = stillDemo();
    makeFault(demo.world, { kind: 'node-dies', node: 'demo-w01' }, noCut);
    demo.pass(10_000);
    makeFault(demo.world, lost, noCut);
    const seen = await simulatedOrders(demo, 30);
    expect(demo.world.nodes.get('demo-w01')).toMatchObject({ power: 'on', services: 'running' });
    expect([seen.get('demo-w01'), seen.get(connectionTo('demo-w01'))]).toEqual([['offline'], ['Stopped']]);
  });

  test('connections and the fencing device end after the VMs; when it is back nobody is fenced for it, and all begins again', async () => {
    const demo = stillDemo();
    const { world } = demo;
    const whole = realOrders('no-quorum-return');
    const vm = vmOn(demo, 'demo-w01');
    const [fencings, healAt] = [world.fencing.length, world.clock.now() + 60_000];
    makeFault(world, lost, noCut);
    let isHealed = false;
    const seen = await simulatedOrders(demo, 120, () => {
      if (!isHealed && world.clock.now() >= healAt) isHealed = makeFault(world, { kind: 'heal' }, noCut) === null;
      return false;
    });
    for (const [lab, name] of [
      ['c1', 'demo-c1'],
      ['c2', 'demo-c2'],
      ['c3', 'demo-c3'],
      ['w1', 'demo-w01'],
      [connectionTo('w1'), connectionTo('demo-w01')],
      ['power', 'power'],
      ['v1', vm],
    ] as const)
      expect([name, rolesIn(seen.get(name))]).toEqual([name, rolesIn(whole.get(lab))]);
    expect(rolesIn(seen.get(connectionTo('demo-w02')))).toEqual(rolesIn(whole.get(connectionTo('w2'))));
    expect(world.fencing).toHaveLength(fencings);
    const running = [...world.nodes.values()].flatMap(({ domains }) =>
      [...domains.values()].filter(({ state }) => state === 'running').map((domain) => domain.vm),
    );
    expect(running.toSorted()).toEqual([...world.vms.keys()].toSorted());
  });

  test('of two controls one is enough, as the lab’s was: the other one is fenced and comes back', async () => {
    const demo = stillDemo();
    const unit = 'rackside-rm1.service';
    const remove = removeControl(unit, 'demo-c3', { skipsOffline: false, overridden: [] });
    await demo.ask('demo-c1', remove.command);
    demo.pass(10_000);
    expect(makeFault(demo.world, lost, noCut)).toMatch(/one control is a quorum by itself/u);
    makeFault(demo.world, { kind: 'node-dies', node: 'demo-c2' }, noCut);
    demo.pass(1_000);
    expect((await look(demo)).quorum).toEqual(answerOf('cutnet/lab-c1').quorum);
    const [seen, whole] = [await simulatedOrders(demo, 30), realOrders('cutnet-two-node')];
    for (const [lab, name] of [
      ['lab-c1', 'demo-c1'],
      ['lab-c2', 'demo-c2'],
    ] as const)
      expect([name, rolesIn(seen.get(name))]).toEqual([name, rolesIn(whole.get(lab))]);
    expect((await look(demo)).quorum).toMatchObject({ isQuorate: true, votes: 2 });
  });

  test('what the cluster says its policy is, is what the lab’s said', () => {
    const policyIn = (text: string): string => /no-quorum-policy="(\w+)"/u.exec(text)?.[1] ?? '';
    expect(policyIn(crmMonText(stillDemo().world))).toBe(policyIn(capture('no-quorum/lab-c1/crm_mon.xml')));
  });
});

describe('faults', () => {
  test('a worker that dies is fenced, and its VMs run elsewhere before it is back', async () => {
    const demo = stillDemo();
    const node = demo.world.nodes.get('demo-w01');
    const before = [...(node?.domains.keys() ?? [])];
    makeFault(demo.world, { kind: 'node-dies', node: 'demo-w01' }, noCut);
    const [seen, real] = [await simulatedOrders(demo, 30), realOrders('kill-fence-return-worker')];
    expect(seen.get('demo-w01')).toEqual(real.get('w1'));
    expect(rolesIn(seen.get(connectionTo('demo-w01')))).toEqual(rolesIn(real.get(connectionTo('w1'))));
    demo.pass(60_000);
    const running = [...demo.world.nodes.values()].flatMap(({ domains }) => [...domains.keys()]);
    expect(running.filter((vm) => before.includes(vm)).toSorted()).toEqual(before.toSorted());
  });

  test('where fencing fails the node stays unclean, and every attempt is told', async () => {
    const demo = stillDemo();
    makeFault(demo.world, { kind: 'fencing-fails', node: 'demo-w01' }, noCut);
    makeFault(demo.world, { kind: 'node-dies', node: 'demo-w01' }, noCut);
    expect(await simulatedOrder(demo, 'demo-w01', 40)).toEqual(['online', 'unclean']);
    const attempts = (await look(demo)).fencing.filter(({ target }) => target === 'demo-w01');
    expect(attempts.filter(({ status }) => status === 'failed').length).toBeGreaterThan(2);
    makeFault(demo.world, { kind: 'heal' }, noCut);
    expect(await simulatedOrder(demo, 'demo-w01', 30)).toEqual(['unclean', 'offline', 'online']);
  });

  test('without quorum nothing is written and nobody is fenced; healed, it goes on', async () => {
    const demo = stillDemo();
    expect(makeFault(demo.world, { kind: 'quorum-lost' }, noCut)).toBeNull();
    demo.pass(20_000);
    expect((await look(demo)).quorum).toMatchObject({ isQuorate: false, votes: 1, neededVotes: 2 });
    const take = takeLease(
      'rackside-lease-x',
      leaseValue('0123456789abcdef', 1, { owner: 'me', purpose: '', since: 1, termMs: 1 }),
    );
    expect(take.parse(await demo.ask('demo-c1', take.command))).toEqual({ kind: 'no-quorum', value: null });
    makeFault(demo.world, { kind: 'heal' }, noCut);
    demo.pass(30_000);
    expect((await look(demo)).quorum).toMatchObject({ isQuorate: true, votes: 3 });
    expect(take.parse(await demo.ask('demo-c1', take.command))).toMatchObject({ kind: 'done' });
  });

  test('a second operator takes a lease that then is not ours', async () => {
    const demo = stillDemo();
    const name = 'rackside-lease-demo-w01';
    const mine = leaseValue('0123456789abcdef', 1, { owner: 'me', purpose: '', since: 1, termMs: 1 });
    const take = takeLease(name, mine);
    expect(take.parse(await demo.ask('demo-c1', take.command))).toEqual({ kind: 'done', value: mine });
    expect(take.parse(await demo.ask('demo-w01', take.command))).toMatchObject({ kind: 'done', value: mine });
    makeFault(demo.world, { kind: 'second-operator-takes-lease', node: 'demo-w01' }, noCut);
    const read = readLease(name);
    const told = read.parse(await demo.ask('demo-c1', read.command));
    expect(told.kind === 'done' ? told.value : mine).not.toBe(mine);
  });

  test('what is not there cannot fail, and says so', () => {
    const demo = stillDemo();
    expect(makeFault(demo.world, { kind: 'node-dies', node: 'nobody' }, noCut)).toBe('there is no node nobody');
    expect(makeFault(demo.world, { kind: 'migration-fails', vm: 'nothing' }, noCut)).toBe('there is no VM nothing');
    expect(makeFault(stillDemo(1).world, { kind: 'quorum-lost' }, noCut)).toMatch(/one control is a quorum by itself/u);
    for (const node of ['demo-c2', 'demo-c3'])
      expect(makeFault(demo.world, { kind: 'network-cut', node }, noCut)).toBeNull();
    expect(makeFault(demo.world, { kind: 'quorum-lost' }, noCut)).toBe('there is no quorum already');
  });
});
