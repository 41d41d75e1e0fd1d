import { describe, expect, test } from 'vitest';
import { parseDomainPlaces, domainPlacesCommand } from '../../../electron/core/cluster/libvirt/read/domain-places.ts';
import {
  activeDomainsCommand,
  jobsCommand,
  parseActiveDomains,
  parseJobs,
} from '../../../electron/core/cluster/libvirt/read/jobs.ts';
import {
  parseReachableTargets,
  reachableTargetsCommand,
} from '../../../electron/core/cluster/libvirt/read/reachable-targets.ts';
import { clusterReadCommand, knownClusterTexts } from '../../../electron/core/cluster/pacemaker/read/read-command.ts';
import { understand } from '../../../electron/core/cluster/pacemaker/read/read-cluster.ts';
import { simulateCommand, type CibEdit } from '../../../electron/core/cluster/pacemaker/read/simulate-command.ts';
import { parseSimulation, understandSimulations } from '../../../electron/core/cluster/pacemaker/read/simulate.ts';
import { frameSections, splitSections, type SectionedOutput } from '../../../electron/core/ssh/sections.ts';
import { migrateDomain } from '../../../electron/demo/world/domains.ts';
import { answerOf, capture } from '../core/cluster/capture.ts';
import { sectionedCapture } from '../core/cluster/sectioned-capture.ts';
import { differences } from './shape.ts';
import { stillDemo } from './still-demo.ts';

/** A worker with VMs in its ordinary state. */
const worker = 'demo-w01';

describe('what the demo answers is made of the same as what a real node answered', () => {
  const demo = stillDemo();
  test('the cluster, on a control and on a worker', async () => {
    for (const [node, state] of [
      ['demo-c1', 'healthy/lab-c1'],
      [worker, 'healthy/lab-w1'],
    ] as const) {
      const simulated = understand(await demo.ask(node, clusterReadCommand('none')), 1000);
      if (simulated.kind !== 'answer') throw new Error(JSON.stringify(simulated));
      expect(differences(answerOf(state), simulated.answer)).toEqual([]);
    }
  });

  test('asked again, what has not changed since is left out as a real node leaves it out, and the answer is the same', async () => {
    const [ofNode, ofDemo] = [knownClusterTexts(), knownClusterTexts()];
    const askDemo = () => demo.ask('demo-c1', clusterReadCommand('none', ofDemo));
    const answersOf = (node: SectionedOutput, simulated: SectionedOutput) => [
      understand(node, 1000, ofNode),
      understand(simulated, 1000, ofDemo),
    ];
    const first = answersOf(sectionedCapture('read/control'), await askDemo());
    const [node, simulated] = [sectionedCapture('read/control-known'), await askDemo()];
    expect(answersOf(node, simulated)).toEqual(first);
    expect(emptySections(node)).toEqual(['crm_mon', 'cib']);
    expect(emptySections(simulated)).toEqual(emptySections(node));
  });

  test('where no cluster runs it says so as a real server does', async () => {
    const simulated = await demo.ask('demo-x1', clusterReadCommand('none'));
    const real = frameSections([{ name: 'crm_mon', text: capture('candidate-fresh/lab-x1/crm_mon.xml'), status: 102 }]);
    const [a, b] = [understand(real, 1), understand(simulated, 1)];
    expect([a, b]).toMatchObject([
      { problem: { code: 'cluster-not-running' } },
      { problem: { code: 'cluster-not-running' } },
    ]);
  });
});

/** The sections of which nothing was sent. */
function emptySections(output: SectionedOutput): readonly string[] {
  const split = splitSections(output);
  if (split.kind === 'unknown') throw new Error(split.because);
  return [...split.value].filter(([, { text }]) => text.trim() === '').map(([name]) => name);
}

describe('a live migration is seen as on real nodes', () => {
  const demo = stillDemo();
  const source = demo.world.nodes.get(worker);
  const target = demo.world.nodes.get('demo-w11');
  const vm = [...demo.world.vms.values()].find(({ nodes, gpuSlot }) => nodes[0] === worker && gpuSlot === null);
  if (source === undefined || target === undefined || vm === undefined) throw new Error('the demo has them');
  migrateDomain(demo.world, vm, source, target, 100, () => undefined);
  demo.pass(4_000);

  test('by the source and the target, in their jobs', async () => {
    for (const [node, state, job] of [
      [worker, 'running', 'moving-out'],
      ['demo-w11', 'paused', 'moving-in'],
    ] as const) {
      const active = parseActiveDomains(await demo.ask(node, activeDomainsCommand));
      const [one] = (active.kind === 'value' ? active.value : []).filter(({ domain }) => domain === vm.id);
      expect(one).toMatchObject({ state, job: { kind: job } });
    }
    const real = parseActiveDomains(sectionedCapture('libvirt/active-source'));
    expect(differences(real, parseActiveDomains(await demo.ask(worker, activeDomainsCommand)))).toEqual([]);
    const realJob = parseJobs(sectionedCapture('libvirt/jobs-source'), ['rbig', 'r2', 'nosuch']);
    const job = parseJobs(await demo.ask(worker, jobsCommand([vm.id, 'nosuch'])), [vm.id, 'nosuch']);
    expect(realJob.get('rbig')).toMatchObject({ kind: 'moving-out' });
    expect(differences(realJob.get('rbig'), job.get(vm.id))).toEqual([]);
    expect([realJob.get('nosuch'), job.get('nosuch')]).toEqual([{ kind: 'absent' }, { kind: 'absent' }]);
  });

  test('from a third node, and where libvirt is off', async () => {
    const nodes = [worker, 'demo-w11', 'demo-w12'];
    const places = parseDomainPlaces(await demo.ask(worker, domainPlacesCommand(vm.id, worker, nodes)), nodes);
    expect([...places.values()]).toEqual([
      { kind: 'active', state: 'running', isMoving: false },
      { kind: 'active', state: 'paused', isMoving: true },
      { kind: 'absent' },
    ]);
    const real = parseDomainPlaces(sectionedCapture('libvirt/places-moving'), ['c1', 'c2', 'c3', 'w1']);
    expect([real.get('c3'), real.get('c2'), real.get('c1')]).toEqual([...places.values()]);
    target.libvirt = 'stopped';
    const [off] = parseReachableTargets(await demo.ask(worker, reachableTargetsCommand(['demo-w11'])), [
      'demo-w11',
    ]).values();
    const [realOff] = parseReachableTargets(sectionedCapture('libvirt/targets-libvirt-off'), ['w1', 'c2']).values();
    expect(off).toEqual(realOff);
    target.libvirt = 'running';
  });
});

describe('the scheduler decides as the lab’s did', () => {
  const real = (name: string) =>
    parseSimulation({ text: capture(`operations/simulate/${name}.xml`), error: '', status: 0 });
  const simulate = async (edits: readonly CibEdit[]) => {
    const demo = stillDemo();
    const requests = [{ name: 'one', edits }];
    const asked = understandSimulations(await demo.ask('demo-c1', simulateCommand(requests, 'none')), requests, 'none');
    const one = asked.kind === 'answer' ? asked.answer.byName.get('one') : undefined;
    if (one?.kind !== 'simulated') throw new Error(JSON.stringify(asked));
    const running = [...(demo.world.nodes.get(worker)?.domains.keys() ?? [])];
    return { one, running };
  };

  test('nothing to do is nothing', async () => {
    expect((await simulate([])).one).toEqual({ kind: 'simulated', actions: [], fenced: [] });
    expect(real('nothing')).toEqual({ kind: 'simulated', actions: [], fenced: [] });
  });

  test('a standby migrates what may migrate and stops what may not, as seen', async () => {
    const { one, running } = await simulate([{ kind: 'standby', node: worker, value: 'on' }]);
    expect(one.actions.map(({ resource }) => resource).toSorted()).toEqual(running.toSorted());
    expect(differences(real('standby'), one)).toEqual([]);
  });

  test('a pin migrates its VM to its node, and nothing else', async () => {
    const { running } = await simulate([]);
    const [vm = ''] = running;
    const { one } = await simulate([{ kind: 'pin', resource: vm, node: 'demo-w11' }]);
    expect(one.actions).toEqual([{ action: 'migrate', resource: vm, source: worker, target: 'demo-w11', reason: '' }]);
    expect(differences(real('pins'), one)).toEqual([]);
  });
});
