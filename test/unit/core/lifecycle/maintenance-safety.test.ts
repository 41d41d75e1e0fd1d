import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveStatus } from '../../../../electron/core/lifecycle/derive-status.ts';
import { clusterFacts } from '../../../../electron/core/lifecycle/facts.ts';
import type { BelievedFacts, HostFacts } from '../../../../electron/core/lifecycle/facts.ts';
import type { StatusMemory } from '../../../../electron/core/lifecycle/memory.ts';
import { emptyNodeRecord } from '../../../../shared/model/cluster.ts';
import type { ClusterNode, FenceEvent } from '../../../../shared/model/cluster.ts';
import { known, none, unknown } from '../../../../shared/model/reading.ts';
import { answerOf } from '../cluster/capture.ts';
import { healthyHost, replay, silentHost, timeline } from './replay.ts';
import { noon, watch, withNode, withRecord } from './situations.ts';

const maintained = answerOf('in-maintenance/lab-c1');
const stopped = answerOf('services-stopped/lab-c1');

describe('R1: what runs is never hidden behind "In maintenance"', () => {
  test('R1: one domain that libvirt still runs, or holds paused, keeps a node out of In maintenance', () => {
    for (const state of ['running', 'paused', 'idle', 'in shutdown', 'crashed', 'pmsuspended', 'no state']) {
      const host = (at: number) => ({ ...healthyHost(at), domains: known([{ name: 'vm9', state }], at, 5000) });
      expect(watch(maintained, 'lab-c2', { host }).view).toMatchObject({
        status: 'entering-maintenance',
        reason: 'libvirt still runs 1 domain: vm9',
      });
    }
    const off = (at: number) => ({
      ...healthyHost(at),
      domains: known([{ name: 'vm9', state: 'shut off' }], at, 5000),
    });
    expect(watch(maintained, 'lab-c2', { host: off }).view.status).toBe('in-maintenance');
  });

  test('R1: one resource that the cluster lists keeps it out too, whatever its role', () => {
    for (const role of ['Started', 'Stopping', 'Migrating', 'Stopped']) {
      const resources = [
        ...maintained.resources,
        { ...maintained.resources.find(({ id }) => id === 'vm1')!, role, nodes: ['lab-c3', 'lab-c2'] },
      ];
      expect(watch({ ...maintained, resources }, 'lab-c2').view.status).toBe('entering-maintenance');
    }
  });

  test('R1: libvirt that was not asked, fails, or answered too long ago confirms nothing', () => {
    const silent: ((at: number) => Partial<HostFacts>)[] = [
      () => ({ domains: unknown('virsh: timed out') }),
      () => ({ domains: none }),
      (at) => ({ domains: known([], at - 20_000, 5000) }),
      (at) => ({ domains: { ...known([], at - 20_000, 5000), because: 'virsh: timed out' } }),
    ];
    for (const change of silent) {
      const host = (at: number) => ({ ...healthyHost(at), ...change(at) });
      const { view } = watch(maintained, 'lab-c2', { host });
      expect(view.status).toBe('entering-maintenance');
      expect(view.reason).toMatch(/^libvirt has not confirmed that nothing runs there: /u);
    }
  });

  test('R1: a list of domains from before the cluster emptied the node confirms nothing', () => {
    const busy = withNode(answerOf('healthy/lab-c1'), 'lab-c2', { isStandby: true });
    const before = watch(busy, 'lab-c2', { startAt: noon }).memory;
    const early = () => ({ ...healthyHost(noon + 20_000), domains: known([], noon + 1000, 300_000) });
    const late = () => ({ ...healthyHost(noon + 20_000), domains: known([], noon + 11_000, 300_000) });
    const after = { before, startAt: noon + 10_000 };
    expect(watch(maintained, 'lab-c2', { ...after, host: early }).view.status).toBe('entering-maintenance');
    expect(watch(maintained, 'lab-c2', { ...after, host: late }).view.status).toBe('in-maintenance');
  });

  test('R1: a node that this laptop cannot reach is not said to be in maintenance unless that was proven before', () => {
    expect(watch(maintained, 'lab-c2', { host: silentHost }).view).toMatchObject({
      status: 'entering-maintenance',
      reason: 'libvirt has not confirmed that nothing runs there: not reachable from this laptop',
    });
  });

  test('R1: services that we stopped while libvirt runs on are no maintenance', () => {
    const record = { maintenance: { by: 'anna', reason: '', at: noon, isStopped: true, movedVms: [] } };
    const answer = withRecord(withNode(stopped, 'lab-x2', { isStandby: true }), 'lab-x2', record);
    const { view } = watch(answer, 'lab-x2', { host: (at) => healthyHost(at, ['vm9']) });
    expect([view.status, view.reason]).toEqual(['failed', 'cluster services stopped; libvirt still runs 1']);
  });

  test('R1: in every captured drain In maintenance comes only once the cluster lists nothing there', () => {
    const drains = [
      'standby-3vm',
      'quiet-standby-3vm',
      'two-to-one',
      'standby-not-enough-memory',
      'force-maintenance-alive',
      'force-maintenance-fence',
    ];
    for (const name of drains) {
      const snapshots = timeline(name);
      const steps = replay(snapshots, { periodMs: 500 }).get('lab-c2') ?? [];
      const shown = steps.filter(({ view }) => view.status === 'in-maintenance');
      expect(shown.length, name).toBeGreaterThan(0);
      for (const { atMs } of shown) {
        const xml = snapshots.findLast((snapshot) => snapshot.atMs <= atMs)?.xml ?? '';
        const resources = xml.slice(xml.indexOf('<resources>'), xml.indexOf('</resources>')).split('<resource ');
        const vms = resources.filter((text) => text.includes('VirtualDomain') && text.includes('<node name="lab-c2"'));
        expect([name, atMs, vms]).toEqual([name, atMs, []]);
      }
    }
  });
});

const flags = fc.record({
  isOnline: fc.boolean(),
  isStandby: fc.boolean(),
  isStandbyOnFail: fc.boolean(),
  isInPacemakerMaintenance: fc.boolean(),
  isPending: fc.boolean(),
  isUnclean: fc.boolean(),
  isShuttingDown: fc.boolean(),
});
const fenceEvent = fc.record({
  action: fc.constantFrom('reboot', 'off', 'on'),
  status: fc.constantFrom('success', 'failed', 'pending'),
  agoMs: fc.integer({ min: 0, max: 100_000 }),
});
const moment = fc.record({
  flags,
  vms: fc.subarray(['vm1', 'vm2']),
  fencing: fc.array(fenceEvent, { maxLength: 2 }),
  libvirt: fc.constantFrom('answers', 'down', 'not-installed', 'unknown'),
  domains: fc.oneof(fc.constant('unknown' as const), fc.constant('none' as const), fc.subarray(['vm1', 'vm9'])),
  domainsAgoMs: fc.constantFrom(0, 3000, 9000, 60_000),
  isReachable: fc.boolean(),
  isStopped: fc.boolean(),
  isUnbelieved: fc.boolean(),
  stepMs: fc.constantFrom(200, 1000, 5000),
});
type Moment = typeof moment extends fc.Arbitrary<infer T> ? T : never;

const base = clusterFacts(answerOf('healthy/lab-c1'), { kind: 'member', name: 'lab-c2' });
const vm = answerOf('healthy/lab-c1').resources.find(({ id }) => id === 'vm1')!;

function clusterOf(now: number, random: Moment): BelievedFacts {
  if (base.kind !== 'believed' || base.node === null) throw new Error('the healthy capture has lab-c2');
  const node: ClusterNode = { ...base.node, ...random.flags };
  const fencing: FenceEvent[] = random.fencing.map(({ action, status, agoMs }) => ({
    action,
    status,
    target: 'lab-c2',
    delegate: 'lab-c1',
    client: 'pacemaker-controld.1',
    completedAt: status === 'pending' ? null : now - agoMs,
    exitReason: '',
  }));
  const resources = random.vms.map((id) => ({ ...vm, id, nodes: ['lab-c2'] }));
  const maintenance = random.isStopped ? { by: 'anna', reason: '', at: noon, isStopped: true, movedVms: [] } : null;
  return { ...base, readAt: now, node, resources, fencing, record: { ...emptyNodeRecord, maintenance } };
}

function hostOfMoment(now: number, random: Moment): HostFacts {
  const host = random.isReachable ? healthyHost(now) : silentHost(now);
  const { domains, libvirt } = random;
  const at = now - random.domainsAgoMs;
  return {
    ...host,
    libvirt: libvirt === 'unknown' ? unknown('no answer') : known(libvirt, now, 5000),
    domains:
      domains === 'unknown'
        ? unknown('no answer')
        : domains === 'none'
          ? none
          : known(
              domains.map((name) => ({ name, state: 'running' })),
              at,
              5000,
            ),
  };
}

/** What both reads prove at one moment: nothing runs there. */
function isProvenEmpty(random: Moment): boolean {
  const isListEmpty = Array.isArray(random.domains) && random.domains.length === 0 && random.domainsAgoMs <= 10_000;
  return random.vms.length === 0 && (isListEmpty || random.libvirt === 'not-installed');
}

test('R1: for random histories, In maintenance is shown only of a node that both reads prove empty, or that is off', () => {
  let shown = 0;
  fc.assert(
    fc.property(fc.array(moment, { minLength: 1, maxLength: 25 }), (moments) => {
      let memory: StatusMemory | undefined;
      let now = noon;
      let wasProven = false;
      for (const random of moments) {
        now += random.stepMs;
        const cluster = random.isUnbelieved
          ? ({ kind: 'unbelieved', because: 'no quorum', since: now, isBootstrapping: false } as const)
          : clusterOf(now, random);
        const derived = deriveStatus(memory, { cluster, host: hostOfMoment(now, random), ownWriteAt: null }, now);
        memory = derived.memory;
        const { view } = derived;
        if (view.status !== 'in-maintenance') {
          wasProven = false;
          continue;
        }
        // A view that is marked as not known, or held over one doubtful sample, repeats what was proven.
        const isHeld = view.unknownSince !== null || view.readAt !== now;
        const { isOnline, isStandby, isPending } = random.flags;
        const isOff = !isOnline && isStandby && random.vms.length === 0;
        const isKept = !random.isReachable && wasProven && random.vms.length === 0;
        if (!isHeld) {
          shown += 1;
          if (isOnline)
            expect({ isStandby, isPending, isProven: isProvenEmpty(random) || isKept }).toEqual({
              isStandby: true,
              isPending: false,
              isProven: true,
            });
          else {
            expect(isOff).toBe(true);
            // What answers over SSH is on, whatever the cluster says of it: then libvirt has to have its say too.
            if (random.isReachable) expect(isProvenEmpty(random)).toBe(true);
          }
          wasProven = true;
        }
      }
    }),
    { numRuns: 4000, seed: 20_261_122 },
  );
  // The property would hold of a function that never says it.
  expect(shown).toBeGreaterThan(50);
});
