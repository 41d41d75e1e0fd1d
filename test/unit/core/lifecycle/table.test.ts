import { describe, expect, test } from 'vitest';
import { deriveStatus } from '../../../../electron/core/lifecycle/derive-status.ts';
import type { HostFacts } from '../../../../electron/core/lifecycle/facts.ts';
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
    expect(told(watch(answer, 'lab-c3', { everyMs: 210_000 }))).toEqual([8, 'starting', 'booting, 7 m']);
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
      `fenced at {at:${Date.UTC(2026, 10, 22, 11, 30, 55)}} by power through lab-c1, by the cluster itself`,
    ]);
    // The history of a fencing names no device: of two it is not known which one it was.
    const fenced = answerOf('dead-fenced-offline/lab-c1');
    const power = fenced.resources.find(({ id }) => id === 'power')!;
    const two = { ...fenced, resources: [...fenced.resources, { ...power, id: 'power-2' }] };
    expect(watch(two, 'lab-c3').view.reason).toContain('} through lab-c1, by the cluster itself');
  });
  test('R11: line 10: off by a person’s word alone is told as that', () => {
    const fenced = answerOf('dead-fenced-offline/lab-c1');
    const fencing = fenced.fencing.map((event) => ({ ...event, delegate: 'a human', client: 'stonith_admin.523' }));
    expect(told(watch({ ...fenced, fencing }, 'lab-c3'))).toEqual([
      10,
      'fenced',
      `said to be off by a person at {at:${Date.UTC(2026, 10, 22, 11, 30, 55)}}: no device has fenced it`,
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
