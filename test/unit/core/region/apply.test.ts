import { describe, expect, test } from 'vitest';
import { fastProbe } from '../../../../electron/core/probes/fast.ts';
import { parsedUnknown, parsedValue } from '../../../../electron/core/probes/probe.ts';
import {
  withAnotherMachine,
  withFast,
  withIdentity,
  withProblem,
  withSlow,
} from '../../../../electron/core/region/apply.ts';
import { nothingObserved } from '../../../../electron/core/region/observation.ts';
import { none, unknown, valueOf } from '../../../../shared/model/reading.ts';
import { capturedAnswer } from '../probes/captures.ts';
import { hostKey, observed } from './nodes.ts';
import { problem } from './scripted-pool.ts';

const read = observed('c2', 1000);
const refused = problem('connection-refused', 'c2 refuses connections');

function fastSample() {
  const parsed = fastProbe.parse(capturedAnswer('c2', 'fast'));
  if (parsed.kind === 'unknown') throw new Error(parsed.because);
  return parsed.value;
}

describe('R29: a node that cannot be reached any more', () => {
  const silent = withProblem(read, refused, 9000);

  test('keeps what was read, with the time it was read at and why nothing newer came', () => {
    for (const id of ['system', 'links', 'domains', 'pools'] as const) {
      expect(silent.slow[id]).toEqual({ ...read.slow[id], because: refused.message });
    }
    for (const fast of ['sample', 'clockOffsetMs'] as const) {
      expect(silent[fast]).toEqual({ ...read[fast], because: refused.message });
    }
    expect(silent.reachability).toEqual({ kind: 'unreachable', since: 9000, problem: refused });
  });

  test('stays silent since the first failure, with the newest problem', () => {
    const later = withProblem(silent, problem('connection-timed-out'), 20_000);
    expect(later.reachability).toMatchObject({ since: 9000, problem: { code: 'connection-timed-out' } });
  });

  test('and was never read is unknown because of that; a question that does not apply still does not', () => {
    const never = withProblem({ ...nothingObserved, rates: none }, refused, 9000);
    expect(never.slow.disks).toEqual(unknown(refused.message));
    expect(never.rates).toEqual(none);
  });
});

describe('a fast sample', () => {
  const at = { now: 6000, roundTripMs: 20, intervalMs: 5000 };

  test('alone makes no rates', () => {
    expect(read.rates).toEqual(unknown('a rate needs two samples, and this is the first'));
  });

  test('makes rates with the one before it, by the node’s own uptime', () => {
    const first = fastSample();
    const next = {
      ...first,
      uptimeSeconds: first.uptimeSeconds + 5,
      cpuBusyTicks: first.cpuBusyTicks + 250,
      cpuTotalTicks: first.cpuTotalTicks + 1000,
      network: Object.fromEntries(
        Object.entries(first.network).map(([name, { rxBytes, txBytes }]) => [
          name,
          { rxBytes: rxBytes + 625_000, txBytes },
        ]),
      ),
    };
    const { rates } = withFast(read, parsedValue(next), at);
    expect(valueOf(rates)).toMatchObject({
      cpuPercent: 25,
      network: { eth0: { rxBitsPerSecond: 1_000_000, txBitsPerSecond: 0 } },
    });
  });

  test('R29: makes no rate with one from before a gap: the average of three hours is not the load of now', () => {
    const first = fastSample();
    const later = { ...first, uptimeSeconds: first.uptimeSeconds + 10_800, cpuTotalTicks: first.cpuTotalTicks + 9000 };
    const { rates } = withFast(read, parsedValue(later), { ...at, now: 10_800_000 });
    expect(rates).toEqual(unknown('a rate needs two samples, and this is the first'));
  });

  test('tells the distance of the clocks, less half the way there and back', () => {
    const { clockOffsetMs } = withFast(read, parsedValue({ ...fastSample(), clockMs: 6490 }), at);
    expect(clockOffsetMs).toEqual({ kind: 'known', value: 500, readAt: 6000, intervalMs: 5000 });
  });

  test('that is not understood proves that the node answers, and keeps every older value with the reason', () => {
    const garbled = withFast(read, parsedUnknown('/proc/stat was not understood'), at);
    expect(garbled.reachability).toEqual({ kind: 'reachable', at: 6000 });
    expect(garbled.sample).toEqual({ ...read.sample, because: '/proc/stat was not understood' });
    expect(garbled.clockOffsetMs).toEqual({ ...read.clockOffsetMs, because: '/proc/stat was not understood' });
  });
});

test('a slow fact that cannot be known any more is unknown, alone', () => {
  const after = withSlow(read, 'disks', parsedUnknown('lsblk is not installed'), { now: 2000, intervalMs: 300_000 });
  expect(after).toEqual({ ...read, slow: { ...read.slow, disks: unknown('lsblk is not installed') } });
});

describe('R12: another machine under the node’s name', () => {
  const because = 'c2 is frozen: another machine answers under this name: its machine-id is m2, recorded was m1.';
  const known = withIdentity(read, { hostKey, system: { machineId: 'm1', serial: null } });
  const frozen = withAnotherMachine(known, problem('node-identity-changed', because), 9000);

  test('leaves no value that could be of either machine, and says why', () => {
    const { firstSeen, frozenBecause, reachability, address, slow, ...fast } = frozen;
    const readings: readonly unknown[] = Object.values<unknown>({ ...slow, ...fast });
    expect(readings).toEqual(readings.map(() => unknown(because)));
    expect({ frozenBecause, address, kind: reachability.kind }).toEqual({
      frozenBecause: because,
      address: null,
      kind: 'unreachable',
    });
    expect(firstSeen).toEqual({ machineId: 'm1', hostKey, serial: null });
  });

  test('thaws when the node itself answers again', () => {
    expect(withIdentity(frozen, { hostKey, system: { machineId: 'm1', serial: 's' } })).toMatchObject({
      frozenBecause: null,
      firstSeen: { machineId: 'm1', serial: 's' },
    });
  });
});
