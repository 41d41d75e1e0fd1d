import { describe, expect, test } from 'vitest';
import { clusterReadCommand } from '../../../electron/core/cluster/pacemaker/read/read-command.ts';
import { understand } from '../../../electron/core/cluster/pacemaker/read/read-cluster.ts';
import { parseCrmMon } from '../../../electron/core/cluster/pacemaker/read/crm-mon.ts';
import { guardedMerge, quorumGuard } from '../../../electron/core/cluster/writes/guarded.ts';
import { readLease, takeLease, leaseValue } from '../../../electron/core/cluster/writes/leases.ts';
import { standbyOn } from '../../../electron/core/cluster/writes/standby.ts';
import { makeFault } from '../../../electron/demo/world/faults.ts';
import { capture, capturesIn } from '../core/cluster/capture.ts';
import type { ClusterNode } from '../../../shared/model/cluster.ts';
import { stillDemo, type StillDemo } from './still-demo.ts';

/** How the cluster calls a node, in one word. */
const wordOf = (node: ClusterNode | undefined): string => {
  if (node === undefined) return 'gone';
  if (node.isPending) return 'pending';
  if (node.isUnclean) return 'unclean';
  return node.isOnline ? (node.isStandby ? 'standby' : 'online') : 'offline';
};

const changes = (words: readonly string[]): readonly string[] =>
  words.filter((word, index) => word !== words[index - 1]);

/** The order of a node's states in a captured timeline. */
function realOrder(timeline: string, name: string): readonly string[] {
  const folder = `timelines/${timeline}`;
  return changes(
    capturesIn(folder, /\.xml$/u).map((file) => {
      const status = parseCrmMon(capture(`${folder}/${file}`));
      return wordOf(status.kind === 'status' ? status.nodes.find((node) => node.name === name) : undefined);
    }),
  );
}

async function look(demo: StillDemo, via = 'demo-c1') {
  const asked = understand(await demo.ask(via, clusterReadCommand('none')), 1);
  if (asked.kind !== 'answer') throw new Error(JSON.stringify(asked));
  return asked.answer;
}

/** The order of a node's states while so many seconds pass. */
async function simulatedOrder(demo: StillDemo, name: string, seconds: number): Promise<readonly string[]> {
  const words: string[] = [];
  for (let at = 0; at < seconds; at += 0.5) {
    words.push(wordOf((await look(demo)).nodes.find((node) => node.name === name)));
    demo.pass(500);
  }
  return changes(words);
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

  test('a standby shows at once, and its VMs leave live', async () => {
    const demo = stillDemo();
    const before = [...(demo.world.nodes.get('demo-w01')?.domains.keys() ?? [])];
    const change = guardedMerge({
      guard: quorumGuard,
      changes: standbyOn({ name: 'demo-w01', id: 'demo-w01', type: 'remote' }),
    });
    expect(change.parse(await demo.ask('demo-c1', change.command))).toMatchObject({ kind: 'written' });
    expect(await simulatedOrder(demo, 'demo-w01', 5)).toEqual(realOrder('standby-3vm', 'lab-c2').slice(-1));
    demo.pass(600_000);
    const places = (await look(demo)).resources.filter(({ id }) => before.includes(id));
    expect(places.every(({ nodes }) => !nodes.includes('demo-w01'))).toBe(true);
  });
});

describe('faults', () => {
  test('a worker that dies is fenced, and its VMs run elsewhere before it is back', async () => {
    const demo = stillDemo();
    const node = demo.world.nodes.get('demo-w01');
    const before = [...(node?.domains.keys() ?? [])];
    makeFault(demo.world, { kind: 'node-dies', node: 'demo-w01' }, noCut);
    expect(await simulatedOrder(demo, 'demo-w01', 30)).toEqual(['online', 'unclean', 'offline', 'pending', 'online']);
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
    expect(await simulatedOrder(demo, 'demo-w01', 30)).toEqual(['unclean', 'offline', 'pending', 'online']);
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
  });
});

test('the same seed makes the same region, another seed another', () => {
  const text = (seed: number) => stillDemo(24, seed).world.cib.configurationText;
  expect(text(1)).toBe(text(1));
  expect(text(2)).not.toBe(text(1));
});
