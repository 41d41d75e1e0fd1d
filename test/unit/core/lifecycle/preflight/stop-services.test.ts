import { expect, test } from 'vitest';
import { stopServicesPreflight } from '../../../../../electron/core/lifecycle/preflight/stop-services.ts';
import { unknown } from '../../../../../shared/model/reading.ts';
import { noOperationChoices } from '../../../../../shared/model/cluster.ts';
import { maintained, onHost, recorded, removalOf, type Changes } from './facts-of.ts';
import { silence } from './nodes-of.ts';
import { at } from '../../operations/two-vms.ts';

const serviced = maintained();
const hostIs = (host: Parameters<typeof onHost>[1]): Changes => ({
  ...serviced,
  nodes: (nodes) => onHost('lab-c1', host)(serviced.nodes?.(nodes) ?? nodes),
});
const answered = (change: NonNullable<Changes['answer']>): Changes => ({
  ...serviced,
  answer: (answer) => change(serviced.answer?.(answer) ?? answer),
});
const seen = (node: string, change: object): Changes =>
  answered((answer) => ({
    ...answer,
    nodes: answer.nodes.map((one) => (one.name === node ? { ...one, ...change } : one)),
  }));
const standby = (lifetime: 'off' | 'reboot'): Changes =>
  answered((answer) => ({
    ...answer,
    members: answer.members.map((one) => (one.name === 'lab-c1' ? { ...one, standby: lifetime } : one)),
  }));
const held = (changes: Changes): readonly string[] =>
  stopServicesPreflight(removalOf(changes, 'lab-c1'))
    .checks.filter(({ state }) => state === 'blocker' || state === 'unknown')
    .map(({ code }) => code);

test('an empty node whose services run, and without which the others keep their quorum, is ready', () => {
  expect(stopServicesPreflight(removalOf(serviced, 'lab-c1'))).toMatchObject({ isReady: true, heldUpBy: '' });
});

test.each<readonly [string, Changes, string]>([
  ['R11: it is offline: its services start when it boots', seen('lab-c1', { isOnline: false }), 'services-run'],
  ['R11: it is lost, and not fenced yet', seen('lab-c1', { isUnclean: true }), 'services-run'],
  ['another tool has put it in standby until its services restart', standby('reboot'), 'services-run'],
  ['a resource that failed there has put it in standby', standby('off'), 'services-run'],
  ['this laptop does not reach it', hostIs(silence), 'services-run'],
  [
    'R8: whether its services run is not known',
    hostIs({ clusterServices: unknown('it was not read') }),
    'services-run',
  ],
  ['R1: a VM runs on it by the cluster', answered((answer) => at(answer, 'vm1', ['lab-c1'])), 'node-is-empty'],
  ['R8: what libvirt runs there is not known', hostIs({ domains: unknown('it hangs') }), 'node-is-empty'],
  [
    'R15: its vote is needed',
    answered((answer) => ({ ...answer, quorum: { ...answer.quorum, votes: 2 } })),
    'quorum-after',
  ],
  ['the cluster is not at rest', answered((answer) => ({ ...answer, dc: null })), 'cluster-settled'],
])('it is held up where %s', (_what, changes, code) => {
  expect(held(changes)).toContain(code);
  const { isReady, heldUpBy } = stopServicesPreflight(removalOf(changes, 'lab-c1'));
  expect(isReady).toBe(false);
  expect(heldUpBy).toMatch(/^Stop Cluster Services becomes available when “/u);
});

test.each([
  ['R15: the services of another control node are just being stopped', { command: 'stop-services' }],
  ['R15: another control node is just being removed', { command: 'remove' }],
  [
    'R15: the maintenance of another control node stops its services in the end',
    { choices: { ...noOperationChoices, stopsServices: true } },
  ],
] as const)('it is held up where %s, and both votes are needed', (_what, other) => {
  const both = answered(recorded({ node: 'lab-c2', ...other }));
  expect(held(both)).toEqual(['quorum-after']);
  const { checks } = stopServicesPreflight(removalOf(both, 'lab-c1'));
  expect(checks.find(({ code }) => code === 'quorum-after')?.words).toMatch(
    /^Without it and lab-c2 the cluster loses/u,
  );
});

test('an operation of another node that keeps its services, or of a Worker, which has no vote, holds nothing up', () => {
  expect(held(answered(recorded({ node: 'lab-c2' })))).toEqual([]);
  const moves = { ...noOperationChoices, stopsServices: true, movesOnlyWhatCan: true };
  expect(held(answered(recorded({ node: 'lab-c2', choices: moves })))).toEqual([]);
  expect(held(answered(recorded({ node: 'lab-w1', command: 'stop-services' })))).toEqual([]);
});
