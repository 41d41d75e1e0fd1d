import { describe, expect, test } from 'vitest';
import { fastProbe } from '../../../../electron/core/probes/fast.ts';
import { parsedUnknown, parsedValue } from '../../../../electron/core/probes/probe.ts';
import { withFast, withProblem, withSlow } from '../../../../electron/core/region/apply.ts';
import { buildDetail, buildRow } from '../../../../electron/core/region/build-row.ts';
import { gatherFacts } from '../../../../electron/core/region/gather-facts.ts';
import { nothingObserved, type Observation } from '../../../../electron/core/region/observation.ts';
import { sampleMetrics } from '../../../../electron/core/region/sample-metrics.ts';
import type { NodeLink } from '../../../../shared/model/hardware.ts';
import { known, mapReading, none, unknown, valueOf, type Reading } from '../../../../shared/model/reading.ts';
import { assertPresent } from '../../../../shared/assert.ts';
import { answerOf } from '../cluster/capture.ts';
import { capturedAnswer } from '../probes/captures.ts';
import { fastIntervalMs, memberOf, observed, slowIntervalMs } from './nodes.ts';
import { problem } from './scripted-pool.ts';

const context = { clusterIntervalMs: 5000, reserve: { bytes: 4 * 2 ** 30, share: 0.1 } };

/** c2 of our lab after two samples, five seconds apart: a quarter of its time busy, 1 Mbit/s in and 2 Mbit/s out on eth0. */
function busy(): Observation {
  const parsed = fastProbe.parse(capturedAnswer('c2', 'fast'));
  if (parsed.kind === 'unknown') throw new Error(parsed.because);
  const first = parsed.value;
  const { eth0 } = first.network;
  const next = {
    ...first,
    uptimeSeconds: first.uptimeSeconds + 5,
    cpuBusyTicks: first.cpuBusyTicks + 250,
    cpuTotalTicks: first.cpuTotalTicks + 1000,
    memoryTotalBytes: 8 * 2 ** 30,
    memoryAvailableBytes: 2 * 2 ** 30,
    network: {
      ...first.network,
      eth0: { rxBytes: (eth0?.rxBytes ?? 0) + 625_000, txBytes: (eth0?.txBytes ?? 0) + 1_250_000 },
    },
  };
  return withFast(observed('c2', 1000), parsedValue(next), { now: 6000, roundTripMs: 10, intervalMs: fastIntervalMs });
}

describe('a row of the table', () => {
  const row = buildRow(memberOf('lab-c2', busy()), context);

  test('has each value in the unit of its name, with when and how often it is read', () => {
    const fast = (value: number) => known(value, 6000, fastIntervalMs);
    const slow = (value: number) => known(value, 1000, slowIntervalMs);
    expect(row).toMatchObject({
      name: 'lab-c2',
      role: 'control',
      isDc: false,
      address: known('10.0.0.2', 6000, 5000),
      cpuPercent: fast(25),
      vcpus: fast(2),
      memoryUsedPercent: fast(75),
      networkRxBitsPerSecond: fast(1_000_000),
      networkTxBitsPerSecond: fast(2_000_000),
      linkBitsPerSecond: slow(20_000_000_000),
      storageBytes: slow(274_877_906_944),
      machineId: { value: expect.stringMatching(/^[0-9a-f]{32}$/u) as string },
      frozenBecause: null,
    });
  });

  test('counts the traffic and the speed of physical links alone: bonds, bridges, VLANs and taps carry the same bits again', () => {
    const { slow, rates, ...rest } = busy();
    const names = ['physical', 'bond', 'bridge', 'vlan', 'tap', 'loopback', 'other'] as const;
    const links = mapReading(slow.links, ([like]) =>
      names.map((type): NodeLink => ({ ...assertPresent(like, 'c2 has links'), name: type, type, speedMbps: 10_000 })),
    );
    const each = { rxBitsPerSecond: 3_000_000, txBitsPerSecond: 4_000_000 };
    const counted = buildRow(
      memberOf('lab-c2', {
        ...rest,
        slow: { ...slow, links },
        rates: mapReading(rates, (value) => ({
          ...value,
          network: Object.fromEntries(names.map((name) => [name, each])),
        })),
      }),
      context,
    );
    const { networkRxBitsPerSecond, networkTxBitsPerSecond, linkBitsPerSecond } = counted;
    expect([networkRxBitsPerSecond, networkTxBitsPerSecond, linkBitsPerSecond].map(valueOf)).toEqual([
      3_000_000, 4_000_000, 10_000_000_000,
    ]);
  });

  test('counts the memory of VMs that libvirt runs and of those that the cluster places, each once', () => {
    // libvirt of our own lab runs vm1 and vm2; the captured cluster has vm1, vm2 and vm3 there.
    const { vmMemoryAllocatedBytes, vmMemoryTotalBytes, vmMemoryAvailableBytes } = row;
    const total = valueOf(vmMemoryTotalBytes) ?? 0;
    const allocated = valueOf(vmMemoryAllocatedBytes) ?? 0;
    expect(allocated).toBeGreaterThan(0);
    expect(vmMemoryAvailableBytes).toMatchObject({ value: Math.max(0, total - allocated) });
  });

  test('of a node that was never read says why in every cell; the cluster’s own cells are there', () => {
    const never = buildRow(memberOf('lab-c2'), context);
    const because = 'this laptop has not read it yet';
    for (const cell of ['cpuPercent', 'memoryBytes', 'networkRxBitsPerSecond', 'storageBytes'] as const) {
      expect(never[cell]).toEqual(unknown(because));
    }
    expect(valueOf(never.address)).toBe('10.213.0.12');
    expect(valueOf(never.vmMemoryAllocatedBytes)).toBe((32 + 48 + 24) * 2 ** 20);
  });

  test('a question that does not apply stays out of it: a candidate has no VM memory', () => {
    const member = memberOf('lab-c2', busy());
    const candidate = buildRow({ ...member, membership: { ...member.membership, kind: 'candidate' } }, context);
    expect([candidate.vmMemoryTotalBytes, candidate.vmMemoryAllocatedBytes, candidate.vmMemoryAvailableBytes]).toEqual([
      none,
      none,
      none,
    ]);
  });

  test('is found by serials and MACs, in lower case', () => {
    expect(row.searchTerms).toContain('d500000000000000000000000000000c');
    expect(row.searchTerms.some((term) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/u.test(term))).toBe(true);
  });

  test('the detail carries the slow facts as they were read', () => {
    const node = memberOf('lab-c2', busy());
    expect(buildDetail(node, context)).toMatchObject({
      ...node.observation.slow,
      memoryUsedBytes: known(6 * 2 ** 30, 6000, fastIntervalMs),
    });
  });

  test('bears the display name that is recorded of it, beside its hostname; without one it is called by that', () => {
    const node = memberOf('lab-c2');
    const named = (displayName: string | null) => {
      const { name, hostname } = buildRow(
        { ...node, membership: { ...node.membership, record: { ...node.membership.record, displayName } } },
        context,
      );
      return { name, hostname };
    };
    expect(named('Rack 6, unit 2')).toEqual({ name: 'Rack 6, unit 2', hostname: 'lab-c2' });
    expect(named(null)).toEqual({ name: 'lab-c2', hostname: 'lab-c2' });
  });

  test('R12: a frozen node keeps its status and says beside it that another machine answers', () => {
    const node = memberOf('lab-c2', { ...busy(), frozenBecause: 'another machine answers' });
    expect(buildRow(node, context)).toMatchObject({
      frozenBecause: 'another machine answers',
      status: { status: node.status.status, warnings: ['another machine answers'] },
    });
  });
});

describe('what is recorded as metrics', () => {
  const at = (observation: Observation, now: number) =>
    sampleMetrics([buildRow(memberOf('lab-c2', observation), context)], now).values;
  const points = (series: Float32Array | undefined) => [...(series ?? [])];

  test('is what the row shows', () => {
    expect(points(at(busy(), 7000).cpuPercent)).toEqual([25]);
  });

  test('R29: an old value is a gap, and so is an unknown one', () => {
    expect(points(at(busy(), 6000 + 2 * fastIntervalMs).memoryUsedPercent)).toEqual([75]);
    expect(points(at(busy(), 6001 + 2 * fastIntervalMs).memoryUsedPercent)).toEqual([Number.NaN]);
    expect(points(at(nothingObserved, 7000).networkRxBitsPerSecond)).toEqual([Number.NaN]);
  });
});

describe('whether libvirt answers', () => {
  const cluster = { answer: answerOf('healthy/lab-c1'), earlier: undefined, silence: undefined };
  const libvirt = (observation: Observation) =>
    gatherFacts(memberOf('lab-c2', observation), cluster, null, () => []).host.libvirt;
  const at = { now: 2000, intervalMs: 10_000 };
  const service = (unit: string, activeState: string, isInstalled = true) => ({
    unit,
    isInstalled,
    activeState,
    subState: '',
    result: null,
    startsAtBoot: true,
    cpuNanoseconds: null,
    memoryBytes: null,
    restarts: null,
  });
  const servicesAre = (old: Observation, ...services: ReturnType<typeof service>[]) =>
    withSlow(old, 'services', parsedValue(services), at);
  const mute = withSlow(nothingObserved, 'domains', parsedUnknown('libvirt does not answer on this node'), at);
  const word = (reading: Reading<unknown>) => (reading.kind === 'known' ? reading.value : reading);

  test('a list of domains is its own answer, as fresh as the list', () => {
    expect(libvirt(observed('c2', 1000))).toEqual(known('answers', 1000, slowIntervalMs));
  });

  test('R1: a list that could not be read again is no answer any more', () => {
    const silent = withProblem(observed('c2', 1000), problem('connection-lost', 'c2 is gone'), 5000);
    expect(libvirt(silent)).toEqual(unknown('c2 is gone'));
  });

  test.each([
    ['down', [service('libvirtd.service', 'failed')], 'down'],
    ['down in its modular shape', [service('virtqemud.service', 'inactive')], 'down'],
    ['not installed', [service('libvirtd.service', 'inactive', false)], 'not-installed'],
    ['running, and mute', [service('libvirtd.service', 'active')], unknown('libvirt does not answer on this node')],
    [
      'down, with a socket that would start it',
      [service('libvirtd.service', 'inactive'), service('libvirtd.socket', 'active')],
      unknown('libvirt does not answer on this node'),
    ],
  ] as const)('without a list its service tells: %s', (_what, services, expected) => {
    expect(word(libvirt(servicesAre(mute, ...services)))).toEqual(expected);
  });

  test('without either it is unknown', () => {
    expect(libvirt(nothingObserved)).toEqual(unknown('this laptop has not read it yet'));
  });
});

describe('what the cluster says of a node', () => {
  const healthy = answerOf('healthy/lab-c1');
  const without = answerOf('no-quorum/lab-c1');
  const silence = { since: 4000, because: 'the cluster is not reachable from this laptop', doubted: undefined };
  const clusterOf = (knowledge: Parameters<typeof gatherFacts>[1]) =>
    gatherFacts(memberOf('lab-c2'), knowledge, null, () => []).cluster;

  test('is believed while a quorate partition answers', () => {
    expect(clusterOf({ answer: healthy, earlier: undefined, silence: undefined })).toMatchObject({
      kind: 'believed',
      node: { name: 'lab-c2', isOnline: true },
    });
  });

  test('R1: is not believed in silence, since it began, and a doubted answer says why', () => {
    expect(clusterOf({ answer: healthy, earlier: undefined, silence })).toMatchObject({
      kind: 'unbelieved',
      since: 4000,
      because: silence.because,
    });
    const doubted = clusterOf({ answer: healthy, earlier: undefined, silence: { ...silence, doubted: without } });
    expect(doubted).toMatchObject({ kind: 'unbelieved', since: 4000, because: 'no quorum: 1 of 3 votes' });
  });
});
