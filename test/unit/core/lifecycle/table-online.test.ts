import { describe, expect, test } from 'vitest';
import type { HostFacts } from '../../../../electron/core/lifecycle/facts.ts';
import { known, unknown } from '../../../../shared/model/reading.ts';
import { answerOf } from '../cluster/capture.ts';
import { healthyHost, silentHost } from './replay.ts';
import { noon, watch, withNode, withOperation, withRecord } from './situations.ts';
import type { Watched } from './situations.ts';

const healthy = answerOf('healthy/lab-c1');
const maintained = answerOf('in-maintenance/lab-c1');

const told = ({ view, memory }: Watched) => [memory.line, view.status, view.reason];

describe('lines 14 to 17: online', () => {
  test('line 14: a recorded maintenance is Entering maintenance, or says that it failed to enter', () => {
    expect(told(watch(withOperation(healthy, { node: 'lab-c2' }), 'lab-c2'))).toEqual([
      14,
      'entering-maintenance',
      '5 of 8 moved, by anna',
    ]);
    const failed = withOperation(healthy, { node: 'lab-c2', failure: 'vm3 has no target' });
    expect(told(watch(failed, 'lab-c2'))).toEqual([14, 'entering-maintenance', 'failed to enter: vm3 has no target']);
  });
  test('line 14: an operation whose lock is free, or was not renewed for its term, is unattended, since when', () => {
    const operation = withOperation(healthy, { node: 'lab-c2' });
    const free = { ...operation, records: { ...operation.records, marks: [] } };
    const since = `unattended, seen since {at:${noon}}: 5 of 8 moved, begun by anna`;
    expect(told(watch(free, 'lab-c2'))).toEqual([14, 'entering-maintenance', since]);
    const driven = watch(operation, 'lab-c2', { times: 30, everyMs: 2000 });
    expect(told(driven)).toEqual([14, 'entering-maintenance', '5 of 8 moved, by anna']);
    const stale = watch(operation, 'lab-c2', { before: driven.memory, startAt: noon + 60_000, times: 1 });
    expect(told(stale)).toEqual([14, 'entering-maintenance', since]);
    const [mark] = operation.records.marks;
    const marks = [{ name: mark!.name, value: '0123456789abcdef.5.e30' }];
    const renewed = { ...operation, records: { ...operation.records, marks } };
    const again = watch(renewed, 'lab-c2', { before: stale.memory, startAt: noon + 62_000, times: 1 });
    expect(told(again)).toEqual([14, 'entering-maintenance', '5 of 8 moved, by anna']);
  });
  test('line 14: standby with anything on it', () => {
    const answer = withNode(healthy, 'lab-c2', { isStandby: true });
    expect(told(watch(answer, 'lab-c2'))).toEqual([
      14,
      'entering-maintenance',
      '3 resources: vm1, vm2, vm3 still there',
    ]);
  });
  test('line 15: fencing and its own connection may stay, somebody else’s connection may not', () => {
    expect(healthy.resources.filter(({ nodes }) => nodes.includes('lab-c1')).map(({ id }) => id)).toEqual([
      'power',
      'lab-w1',
    ]);
    const busy = withNode(healthy, 'lab-c1', { isStandby: true });
    expect(told(watch(busy, 'lab-c1'))).toEqual([14, 'entering-maintenance', '1 resource: lab-w1 still there']);
    const empty = { ...busy, resources: busy.resources.filter(({ id }) => id !== 'lab-w1') };
    expect(told(watch(empty, 'lab-c1')).slice(0, 2)).toEqual([15, 'in-maintenance']);
  });
  test('line 15: in standby, and nothing on it by the cluster and by libvirt', () => {
    expect(told(watch(maintained, 'lab-c2'))).toEqual([15, 'in-maintenance', 'put in standby outside Rackside']);
    const record = { maintenance: { by: 'anna', reason: 'new DIMM', at: noon, isStopped: false, movedVms: [] } };
    expect(told(watch(withRecord(maintained, 'lab-c2', record), 'lab-c2'))).toEqual([
      15,
      'in-maintenance',
      'new DIMM, by anna',
    ]);
  });
  test('line 15: how a standby came about that we did not write', () => {
    const onFail = withNode(maintained, 'lab-c2', { isStandbyOnFail: true });
    expect(watch(onFail, 'lab-c2').view.reason).toContain('on-fail=standby');
    const members = maintained.members.map((member) => ({ ...member, standby: 'reboot' as const }));
    expect(watch({ ...maintained, members }, 'lab-c2').view.reason).toContain('until its cluster services restart');
  });
  test('line 16: libvirt down, a service beyond its limit, a failed pool', () => {
    const host = (change: (at: number) => Partial<HostFacts>) => (at: number) => ({
      ...healthyHost(at),
      ...change(at),
    });
    const libvirt = host((at) => ({ libvirt: known('down', at, 5000) }));
    expect(told(watch(healthy, 'lab-c2', { host: libvirt }))).toEqual([16, 'failed', 'libvirt does not answer']);
    const pool = host((at) => ({ pools: known([{ name: 'md0', state: 'failed', detail: '[2/0] [__]' }], at, 5000) }));
    expect(told(watch(healthy, 'lab-c2', { host: pool }))).toEqual([
      16,
      'failed',
      'data pool md0 has failed: [2/0] [__]',
    ]);
    const service = answerOf('failed-service-recovered/lab-c1');
    expect(watch(service, 'lab-c2').view.status).toBe('active');
    const limited = { ...service, failCounts: service.failCounts.map((count) => ({ ...count, limit: 1 })) };
    expect(told(watch(limited, 'lab-c2'))).toEqual([16, 'failed', 'service demo failed once']);
  });
  test('line 16: what failed on a node that cannot be reached any more stays Failed', () => {
    const down = (at: number) => ({ ...healthyHost(at), libvirt: known('down' as const, at, 5000) });
    const before = watch(healthy, 'lab-c2', { host: down }).memory;
    const silent = watch(healthy, 'lab-c2', { before, startAt: noon + 60_000, host: silentHost });
    expect(silent.view).toMatchObject({ status: 'failed', warnings: ['not reachable from this laptop'] });
  });
  test('line 16: after a start the failed pool of last time stands until the pools are read, and only then is over', () => {
    const pools = (state: 'failed' | 'healthy') => (at: number) => ({
      ...healthyHost(at),
      pools: known([{ name: 'md0', state, detail: '[2/0] [__]' }], at, 5000),
    });
    const { view, memory: before } = watch(healthy, 'lab-c2', { host: pools('failed') });
    const unread = (at: number) => ({
      ...healthyHost(at),
      reachability: { kind: 'not-tried', because: 'not tried yet' } as const,
      pools: unknown('this laptop has not read it yet'),
    });
    const opened = watch(healthy, 'lab-c2', { before, startAt: noon + 60_000, host: unread });
    expect(opened.view).toMatchObject({ status: 'failed', reason: 'this laptop has not read it yet' });
    // It is marked from the first look on: nothing that this laptop holds says so now.
    const soon = (view.readAt ?? 0) + 1000;
    expect(watch(healthy, 'lab-c2', { before, startAt: soon, host: unread }).view.unknownSince).toBe(view.readAt);
    const read = watch(healthy, 'lab-c2', { before: opened.memory, startAt: noon + 120_000, host: pools('healthy') });
    expect(told(read)).toEqual([17, 'active', '']);
    // What failed by libvirt is over once libvirt answers, whoever cannot read the pools.
    const down = (at: number) => ({ ...healthyHost(at), libvirt: known('down' as const, at, 5000) });
    const failed = watch(healthy, 'lab-c2', { host: down }).memory;
    const blind = (at: number) => ({ ...healthyHost(at), pools: unknown('no sudo there') });
    expect(told(watch(healthy, 'lab-c2', { before: failed, startAt: noon + 60_000, host: blind }))).toEqual([
      17,
      'active',
      '',
    ]);
  });
  test('line 17: Active, with what is worth a look', () => {
    expect(told(watch(healthy, 'lab-c2'))).toEqual([17, 'active', '']);
    expect(watch(answerOf('node-maintenance-mode/lab-c1'), 'lab-x2').view).toMatchObject({
      status: 'active',
      warnings: ["unmanaged: Pacemaker's maintenance mode is on"],
    });
    const degraded = (at: number) => ({
      ...healthyHost(at),
      pools: known([{ name: 'md0', state: 'degraded' as const, detail: '[2/1] [U_]' }], at, 5000),
    });
    expect(watch(healthy, 'lab-c2', { host: degraded }).view.warnings).toEqual([
      'data pool md0 is degraded: [2/1] [U_]',
    ]);
  });
  test('a node that the cluster calls online and this laptop cannot reach keeps its status', () => {
    expect(watch(healthy, 'lab-c2', { host: silentHost }).view).toMatchObject({
      status: 'active',
      warnings: ['not reachable from this laptop'],
    });
    const before = watch(maintained, 'lab-c2').memory;
    expect(watch(maintained, 'lab-c2', { before, startAt: noon + 60_000, host: silentHost }).view.status).toBe(
      'in-maintenance',
    );
  });
});
