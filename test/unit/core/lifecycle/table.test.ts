import { describe, expect, test } from 'vitest';
import { deriveStatus } from '../../../../electron/core/lifecycle/derive-status.ts';
import { clusterFacts } from '../../../../electron/core/lifecycle/facts.ts';
import type { BelievedFacts, HostFacts } from '../../../../electron/core/lifecycle/facts.ts';
import type { CandidateRecord, ClusterAnswer } from '../../../../shared/model/cluster.ts';
import { known, unknown } from '../../../../shared/model/reading.ts';
import { answerOf } from '../cluster/capture.ts';
import { healthyHost, silentHost } from './replay.ts';
import { noon, watch, withNode, withOperation, withRecord } from './situations.ts';
import type { Watched } from './situations.ts';

const healthy = answerOf('healthy/lab-c1');
const maintained = answerOf('in-maintenance/lab-c1');
const stopped = answerOf('services-stopped/lab-c1');

const told = ({ view, memory }: Watched) => [memory.line, view.status, view.reason];

function candidate(change: Partial<CandidateRecord>): ClusterAnswer {
  const base: CandidateRecord = {
    id: 'k1',
    address: '192.0.2.9',
    name: 'x9',
    machineId: 'm9',
    state: 'candidate',
    step: null,
    inspectedAt: null,
    unmet: [],
    by: null,
    reason: null,
  };
  return { ...healthy, records: { ...healthy.records, candidates: [{ ...base, ...change }] } };
}
const asCandidate = (change: Partial<CandidateRecord>) => watch(candidate(change), { kind: 'candidate', id: 'k1' });

describe('line 1: no quorate partition answers', () => {
  const unbelieved = {
    kind: 'unbelieved',
    because: 'not reachable from this laptop',
    since: noon + 60_000,
    isBootstrapping: false,
  } as const;

  test('the last known status stands, marked since when, and comes back unmarked', () => {
    const before = watch(maintained, 'lab-c2');
    const facts = { cluster: unbelieved, host: silentHost(noon), ownWriteAt: null };
    const { view, memory } = deriveStatus(before.memory, facts, noon + 90_000);
    expect(view).toEqual({ ...before.view, unknownSince: noon + 60_000, reason: 'not reachable from this laptop' });
    const after = watch(maintained, 'lab-c2', { before: memory, startAt: noon + 120_000, times: 2 });
    expect(after.view).toMatchObject({ status: 'in-maintenance', unknownSince: null, since: before.view.since });
  });

  test('R29: what is seen only once after a silence proves nothing: the status of before it stays marked until it is read again', () => {
    const before = watch(healthy, 'lab-c2');
    const facts = { cluster: unbelieved, host: silentHost(noon), ownWriteAt: null };
    const { memory } = deriveStatus(before.memory, facts, noon + 90_000);
    const nodes = healthy.nodes.map((node) => (node.name === 'lab-c2' ? { ...node, isUnclean: true } : node));
    const once = watch({ ...healthy, nodes }, 'lab-c2', { before: memory, startAt: noon + 120_000, times: 1 });
    expect(once.view).toMatchObject({
      status: 'active',
      unknownSince: noon + 60_000,
      reason: 'seen once, being read again',
    });
    const twice = watch({ ...healthy, nodes }, 'lab-c2', { before: once.memory, startAt: noon + 122_000, times: 1 });
    expect(twice.view).toMatchObject({ status: 'failed', unknownSince: null });
    // Neither a second silence nor one that nobody noticed (a sleep) makes it newer.
    const again = deriveStatus(
      once.memory,
      { ...facts, cluster: { ...unbelieved, since: noon + 121_000 } },
      noon + 125_000,
    );
    expect(again.view.unknownSince).toBe(noon + 60_000);
    const slept = watch({ ...healthy, nodes }, 'lab-c2', { before: before.memory, startAt: noon + 60_000, times: 1 });
    expect(slept.view).toMatchObject({ status: 'active', unknownSince: before.view.readAt });
    // Without a silence between them, the status of a moment ago stands as it was.
    const steady = watch({ ...healthy, nodes }, 'lab-c2', { before: before.memory, startAt: noon + 10_000, times: 1 });
    expect(steady.view).toMatchObject({ status: 'active', unknownSince: null });
  });

  test('where nothing was ever known, nothing is said to have proven it', () => {
    const { view } = deriveStatus(undefined, { cluster: unbelieved, host: silentHost(noon), ownWriteAt: null }, noon);
    expect(view).toMatchObject({ unknownSince: noon + 60_000, readAt: null, reason: 'not reachable from this laptop' });
  });

  test('without quorum the votes are told', () => {
    const before = watch(healthy, 'lab-c2');
    const { view } = watch(answerOf('no-quorum/lab-c1'), 'lab-c2', { before: before.memory, startAt: noon + 10_000 });
    expect(view).toMatchObject({ status: 'active', unknownSince: noon + 10_000, reason: 'no quorum: 1 of 3 votes' });
  });
});

describe('lines 2 to 6: not a member', () => {
  test('line 2: a removed server is Out: when, by whom', () => {
    const out = { machineId: 'm7', name: 'lab-c9', address: null, by: 'bert', at: noon };
    const answer = { ...healthy, records: { ...healthy.records, out: [out] } };
    expect(told(watch(answer, { kind: 'out', machineId: 'm7' }))).toEqual([
      2,
      'out',
      `removed at {at:${noon}} by bert`,
    ]);
  });
  test('line 3: a rejected candidate says by whom and why', () => {
    expect(told(asCandidate({ state: 'rejected', by: 'anna', reason: 'wrong rack' }))).toEqual([
      3,
      'rejected',
      'by anna: wrong rack',
    ]);
  });
  test('line 4: an accepted candidate is Approved with its step', () => {
    expect(told(asCandidate({ state: 'approved', step: 'setting the cluster’s password' }))).toEqual([
      4,
      'approved',
      'setting the cluster’s password',
    ]);
  });
  test('line 4: in corosync.conf, but its services never started', () => {
    expect(told(watch(answerOf('join-configured-not-started/lab-c1'), 'lab-x1'))).toEqual([
      4,
      'approved',
      'in the cluster’s configuration, its services not started yet',
    ]);
  });
  test('line 5: unmet requirements are each told', () => {
    expect(told(asCandidate({ inspectedAt: noon, unmet: ['2 disks needed, 1 found', 'no carrier on eth1'] }))).toEqual([
      5,
      'inadequate',
      '2 disks needed, 1 found; no carrier on eth1',
    ]);
  });
  test('line 6: a candidate, inspected or not', () => {
    expect(told(asCandidate({ inspectedAt: Date.UTC(2026, 10, 22, 13, 58) }))).toEqual([
      6,
      'candidate',
      `inspected at {at:${Date.UTC(2026, 10, 22, 13, 58)}}`,
    ]);
    expect(told(asCandidate({}))).toEqual([6, 'candidate', 'hardware discovery not complete']);
  });
});

describe('lines 7 to 11: members that are not online', () => {
  test('line 7: unclean is Failed, with how its fencing goes', () => {
    const answer = answerOf('unclean-unfenced/lab-c1');
    const { view, memory } = watch(answer, 'lab-c3');
    expect([memory.line, view.status, view.reason]).toEqual([
      7,
      'failed',
      'fencing failed once, last by lab-c1; tried again now',
    ]);
    expect(view.evidence).toEqual([
      'crm_mon: lab-c3 online=false unclean=true resources_running=2',
      'fencing: reboot by lab-c1 pending',
    ]);
  });
  test('line 8: a recorded Activate of a node that is not up yet is Starting, with its step', () => {
    const answer = withOperation(answerOf('dead-fenced-offline/lab-c1'), {
      node: 'lab-c3',
      command: 'activate',
      step: 'booting',
    });
    expect(told(watch(answer, 'lab-c3'))).toEqual([8, 'starting', 'booting, 4 s']);
  });
  test('line 9: stopped by us while in standby is In maintenance: how, by whom, why', () => {
    const record = { maintenance: { by: 'anna', reason: 'new DIMM', at: noon, isStopped: true, movedVms: [] } };
    const answer = withRecord(withNode(stopped, 'lab-x2', { isStandby: true }), 'lab-x2', record);
    // Nobody was told that it was switched off: that it does not answer is all this laptop knows.
    expect(told(watch(answer, 'lab-x2'))).toEqual([
      9,
      'in-maintenance',
      'services stopped, not reachable from this laptop; new DIMM, by anna',
    ]);
    const reachable = watch(answer, 'lab-x2', { host: (at) => healthyHost(at) });
    expect(told(reachable)).toEqual([9, 'in-maintenance', 'services stopped; new DIMM, by anna']);
  });
  test('R1: line 9: a stopped node that answers over SSH is not In maintenance before libvirt has said that nothing runs', () => {
    const record = { maintenance: { by: 'anna', reason: 'new DIMM', at: noon, isStopped: true, movedVms: [] } };
    const answer = withRecord(withNode(stopped, 'lab-x2', { isStandby: true }), 'lab-x2', record);
    const mute = watch(answer, 'lab-x2', {
      host: (at) => ({ ...healthyHost(at), domains: unknown('virsh: timed out') }),
    });
    expect(told(mute).slice(1)).toEqual([
      'entering-maintenance',
      'services stopped; libvirt has not confirmed that nothing runs: virsh: timed out',
    ]);
  });
  test('line 9: fenced while it was in standby', () => {
    const answer = withNode(answerOf('dead-fenced-offline/lab-c1'), 'lab-c3', { isStandby: true });
    expect(told(watch(answer, 'lab-c3'))).toEqual([
      9,
      'in-maintenance',
      'fenced while in standby; put in standby outside Rackside',
    ]);
  });
  test('line 9: fenced, then put into a maintenance that is recorded, also on a laptop that saw it fenced before', () => {
    const fenced = answerOf('dead-fenced-offline/lab-c1');
    const before = watch(fenced, 'lab-c3').memory;
    const maintenance = { by: 'anna', reason: 'new DIMM', at: noon, isStopped: false, movedVms: [] };
    const answer = withRecord(withNode(fenced, 'lab-c3', { isStandby: true }), 'lab-c3', { maintenance });
    expect(told(watch(answer, 'lab-c3', { before, startAt: noon + 60_000 }))).toEqual([
      9,
      'in-maintenance',
      'fenced, then put in standby; new DIMM, by anna',
    ]);
  });
  test('line 10: fenced and not back is Fenced: when, by which device, why', () => {
    expect(told(watch(answerOf('dead-fenced-offline/lab-c1'), 'lab-c3'))).toEqual([
      10,
      'fenced',
      `fenced at {at:${Date.UTC(2026, 10, 22, 11, 30, 55)}} by lab-c1, by the cluster itself`,
    ]);
  });
  test('line 10: a Fenced node that is put in standby afterwards stays Fenced', () => {
    const fenced = answerOf('dead-fenced-offline/lab-c1');
    const before = watch(fenced, 'lab-c3').memory;
    const later = watch(withNode(fenced, 'lab-c3', { isStandby: true }), 'lab-c3', { before, startAt: noon + 60_000 });
    expect(told(later).slice(0, 2)).toEqual([10, 'fenced']);
  });
  test('line 11: offline and clean for no other reason is Failed: its services were stopped', () => {
    expect(told(watch(stopped, 'lab-x2'))).toEqual([11, 'failed', 'cluster services stopped']);
  });
  test('line 11: a node that came back from its fencing and was then stopped is not Fenced again', () => {
    const fenced = answerOf('dead-fenced-offline/lab-c1');
    const up = withNode(fenced, 'lab-c3', { isOnline: true });
    const first = watch(fenced, 'lab-c3').memory;
    const back = watch(up, 'lab-c3', { before: first, startAt: noon + 60_000, times: 6 });
    expect(back.view.status).toBe('active');
    const gone = watch(fenced, 'lab-c3', { before: back.memory, startAt: noon + 120_000 });
    expect(told(gone)).toEqual([11, 'failed', 'cluster services stopped']);
  });
});

describe('lines 12 and 13: coming back, coming in', () => {
  const fenced = answerOf('dead-fenced-offline/lab-c1');
  const before = watch(fenced, 'lab-c3').memory;
  const up = withNode(fenced, 'lab-c3', { isOnline: true });
  const later = { before, startAt: noon + 60_000 };

  test('line 12: Unfencing while it is pending, and while its health gate has not opened', () => {
    const pending = withNode(up, 'lab-c3', { isPending: true, isStandby: true });
    expect(told(watch(pending, 'lab-c3', later))).toEqual([12, 'unfencing', 'joining the cluster again']);
    expect(told(watch(up, 'lab-c3', { ...later, times: 2 }))).toEqual([12, 'unfencing', 'health check 3 of 3']);
    expect(told(watch(up, 'lab-c3', { ...later, times: 3 }))).toEqual([17, 'active', '']);
  });

  test('the health gate wants three good observations in a row, 2 s apart, of everything the table names', () => {
    const bad: Partial<HostFacts>[] = [
      { reachability: silentHost(noon).reachability },
      { libvirt: known('down', noon + 60_000, 60_000) },
      { clusterServices: known(false, noon + 60_000, 60_000) },
      { carrier: known(false, noon + 60_000, 60_000) },
      { clockOffsetMs: known(-1500, noon + 60_000, 60_000) },
      { pools: known([{ name: 'data', state: 'failed', detail: 'x' }], noon + 60_000, 60_000) },
      { clusterServices: unknown('no answer') },
    ];
    for (const change of bad) {
      const host = (at: number) => ({ ...healthyHost(at), ...change });
      expect([change, watch(up, 'lab-c3', { ...later, host, times: 9 }).view.status]).toEqual([change, 'unfencing']);
      const oneBad = (at: number) => (at === noon + 64_000 ? host(at) : healthyHost(at));
      expect(watch(up, 'lab-c3', { ...later, host: oneBad, times: 5 }).view.status).toBe('unfencing');
      expect(watch(up, 'lab-c3', { ...later, host: oneBad, times: 6 }).view.status).toBe('active');
    }
    expect(watch(up, 'lab-c3', { ...later, everyMs: 500, times: 8 }).view.status).toBe('unfencing');
    expect(watch(up, 'lab-c3', { ...later, everyMs: 500, times: 9 }).view.status).toBe('active');
  });

  test('the health gate takes no answer of services or libvirt from before the node came online', () => {
    const host = (at: number) => ({ ...healthyHost(at), clusterServices: known(true, noon + 59_000, 300_000) });
    const { view } = watch(up, 'lab-c3', { ...later, host, times: 9 });
    expect([view.status, view.reason]).toEqual([
      'unfencing',
      'health check 1 of 3: cluster services do not all run: not known',
    ]);
  });

  test('line 13: a recorded join or Activate is Activating until the gate opens, and an Activate until standby ends', () => {
    const joining = withOperation(healthy, { node: 'lab-c3', command: 'join', step: 'services 6 of 9' });
    expect(told(watch(joining, 'lab-c3', { times: 2 }))).toEqual([
      13,
      'activating',
      'services 6 of 9; health check 3 of 3',
    ]);
    expect(told(watch(joining, 'lab-c3', { times: 4 }))).toEqual([17, 'active', '']);
    const activating = withOperation(maintained, { node: 'lab-c2', command: 'activate', step: 'ending standby' });
    expect(told(watch(activating, 'lab-c2', { times: 6 }))).toEqual([13, 'activating', 'ending standby']);
  });
});

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
    const since = `unattended since {at:${noon}}: 5 of 8 moved, begun by anna`;
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

describe('settling', () => {
  const unclean = withNode(healthy, 'lab-c3', { isOnline: false, isUnclean: true });
  const offline = withNode(healthy, 'lab-c3', { isOnline: false });
  const before = watch(healthy, 'lab-c3').memory;
  const status = (answer: ClusterAnswer, options: object) =>
    watch(answer, 'lab-c3', { before, startAt: noon + 60_000, ...options }).view.status;

  test('unclean and offline must be seen in two samples at least a second apart', () => {
    for (const answer of [unclean, offline]) {
      expect(status(answer, { times: 1 })).toBe('active');
      expect(status(answer, { times: 4, everyMs: 300 })).toBe('active');
      expect(status(answer, { times: 2, everyMs: 1000 })).toBe('failed');
    }
  });

  test('the same answer derived twice is one sample', () => {
    expect(status(unclean, { times: 5, everyMs: 0 })).toBe('active');
  });

  test('a good sample in between begins it anew', () => {
    const once = watch(unclean, 'lab-c3', { before, startAt: noon + 60_000, times: 1 }).memory;
    const well = watch(healthy, 'lab-c3', { before: once, startAt: noon + 62_000, times: 1 }).memory;
    expect(watch(unclean, 'lab-c3', { before: well, startAt: noon + 64_000, times: 1 }).view.status).toBe('active');
  });

  test('what was seen before our own write settles nothing after it', () => {
    const once = watch(unclean, 'lab-c3', { before, startAt: noon + 60_000, times: 1 }).memory;
    const cluster = { ...watchFacts(unclean), readAt: noon + 62_000 };
    const judge = (ownWriteAt: number | null) =>
      deriveStatus(once, { cluster, host: silentHost(noon), ownWriteAt }, noon + 62_000).view.status;
    expect([judge(null), judge(noon + 61_000)]).toEqual(['failed', 'active']);
  });

  test('at the very first sight one sample is shown as not proven', () => {
    expect(watch(unclean, 'lab-c3', { times: 1 }).view).toMatchObject({
      status: 'failed',
      unknownSince: noon,
      readAt: null,
    });
    expect(watch(maintained, 'lab-c2', { times: 1 }).view).toMatchObject({
      status: 'in-maintenance',
      unknownSince: noon,
    });
  });
});

function watchFacts(answer: ClusterAnswer): BelievedFacts {
  const facts = clusterFacts(answer, { kind: 'member', name: 'lab-c3' });
  if (facts.kind !== 'believed') throw new Error(facts.because);
  return facts;
}
