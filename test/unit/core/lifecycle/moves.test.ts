import { expect, test } from 'vitest';
import { runningDomains } from '../../../../electron/core/lifecycle/situation.ts';
import { deriveStatus } from '../../../../electron/core/lifecycle/derive-status.ts';
import { clusterFacts } from '../../../../electron/core/lifecycle/facts.ts';
import type { StatusMemory } from '../../../../electron/core/lifecycle/memory.ts';
import type { ClusterAnswer, ClusterResource } from '../../../../shared/model/cluster.ts';
import { answered, capture, capturesIn } from '../cluster/capture.ts';
import { healthyHost } from './replay.ts';

const base = answered({ crmMon: capture('moves/cap1.xml'), cib: capture('healthy/lab-c1/cib.xml') });

/** One resource of a line of these timelines: `Migrating@[lab-c3,lab-c2] failed`, `Stopped@[] unmanaged`. */
function resourceOf(id: string, text: string): ClusterResource {
  const [, role = '', nodes = '', flags = ''] = /^(\w+)@\[(.*?)\](.*)$/u.exec(text) ?? [];
  return {
    id,
    clone: null,
    agent: 'ocf:heartbeat:VirtualDomain',
    role,
    isManaged: !flags.includes('unmanaged'),
    isFailed: flags.includes('failed'),
    isBlocked: flags.includes('blocked'),
    isOrphaned: false,
    nodes: nodes.split(',').filter(Boolean),
  };
}

/** The answers that a timeline of moves stands for, with their times in seconds. */
function answersOf(file: string): readonly { readonly atS: number; readonly answer: ClusterAnswer }[] {
  const vms = new Map<string, ClusterResource>();
  let { nodes, failCounts } = base;
  return capture(`moves/${file}`)
    .split('\n')
    .flatMap((line) => {
      const [, at, key = '', text = ''] = /^ *([\d.]+) (\w+): ?(.*)$/u.exec(line) ?? [];
      if (at === undefined) return [];
      if (/^vm\d$/u.test(key)) vms.set(key, resourceOf(key, text));
      else if (key === 'nodes') {
        nodes = nodes.map((node) => {
          const state =
            text
              .split(' | ')
              .find((one) => one.startsWith(`${node.name}:`))
              ?.split(':')[1] ?? 'on';
          return {
            ...node,
            isOnline: !state.includes('OFF'),
            isUnclean: state.startsWith('U'),
            // `on+stby` right after a fencing is `standby pending` (recipe.md, 5): pending is not in these texts.
            isPending: state === 'on+stby',
            isStandby: state === 'on+stby',
          };
        });
      } else if (key === 'failcount') {
        failCounts = [...text.matchAll(/(vm\d)@\w+=(\d+)/gu)].map(([, resource = '', failed]) => ({
          resource,
          node: 'lab-c2',
          failCount: Number(failed),
          limit: 1,
        }));
      } else return [];
      const others = base.resources.filter(({ id }) => !id.startsWith('vm'));
      return [{ atS: Number(at), answer: { ...base, nodes, failCounts, resources: [...others, ...vms.values()] } }];
    });
}

test('in every captured move, failed, cancelled or done, a node that stays up stays Active: its VMs are not its status', () => {
  for (const file of capturesIn('moves', /^timeline-.*\.txt$/u)) {
    const answers = answersOf(file);
    expect(answers.length, file).toBeGreaterThan(1);
    const steady = base.nodes.filter(({ name }) =>
      answers.every(({ answer }) => answer.nodes.some((node) => node.name === name && node.isOnline)),
    );
    for (const { name } of steady) {
      let memory: StatusMemory | undefined;
      for (const { atS, answer } of answers) {
        const at = atS * 1000 + 1_000_000;
        const cluster = clusterFacts({ ...answer, readAt: at }, { kind: 'member', name });
        const derived = deriveStatus(memory, { cluster, host: healthyHost(at), ownWriteAt: null }, at);
        memory = derived.memory;
        expect([file, atS, name, derived.view.status, derived.view.unknownSince]).toEqual([
          file,
          atS,
          name,
          'active',
          null,
        ]);
      }
    }
  }
});

test('R1: a VM of ours that moves is "Stopped" by the cluster and runs by libvirt: its node does not get into maintenance', () => {
  const stopped = answered({ crmMon: capture('moves/cap2-vm1.xml'), cib: capture('healthy/lab-c1/cib.xml') });
  expect(stopped.resources.find(({ id }) => id === 'vm1')).toMatchObject({
    role: 'Stopped',
    isManaged: false,
    nodes: [],
  });
  // The same answer on a node in standby whose only other VM has left.
  const answer: ClusterAnswer = {
    ...stopped,
    nodes: stopped.nodes.map((node) => (node.name === 'lab-c2' ? { ...node, isStandby: true } : node)),
    resources: stopped.resources.filter(({ id }) => id !== 'vm2'),
  };
  let memory: StatusMemory | undefined;
  const words: string[] = [];
  for (const [at, domains] of [
    [1000, ['vm1']],
    [3000, ['vm1']],
    [5000, ['vm1']],
    [7000, []],
  ] as const) {
    const cluster = clusterFacts({ ...answer, readAt: at }, { kind: 'member', name: 'lab-c2' });
    const host = healthyHost(at, domains);
    expect(runningDomains(host, at)).toEqual({ kind: 'read', names: domains });
    const derived = deriveStatus(memory, { cluster, host, ownWriteAt: null }, at);
    memory = derived.memory;
    words.push(derived.view.unknownSince === null ? derived.view.status : `${derived.view.status}?`);
  }
  expect(words).toEqual(['entering-maintenance?', 'entering-maintenance', 'entering-maintenance', 'in-maintenance']);
});
