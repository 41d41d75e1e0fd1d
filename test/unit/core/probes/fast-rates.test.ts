import { describe, expect, it } from 'vitest';
import type { FastSample } from '#shared/model/hardware.ts';
import { rates } from '../../../../electron/core/probes/fast-rates.ts';

const before: FastSample = {
  uptimeSeconds: 100,
  bootId: 'b1',
  cpuBusyTicks: 1_000,
  cpuTotalTicks: 4_000,
  onlineCpus: 2,
  memoryTotalBytes: 1,
  memoryAvailableBytes: 1,
  load1: 0,
  network: { eth0: { rxBytes: 1_000, txBytes: 2_000 } },
  disks: { sda: { readBytes: 0, writtenBytes: 0 } },
  clockMs: 0,
};
const after: FastSample = {
  ...before,
  uptimeSeconds: 105,
  cpuBusyTicks: 1_250,
  cpuTotalTicks: 5_000,
  network: { eth0: { rxBytes: 6_000, txBytes: 2_000 } },
  disks: { sda: { readBytes: 5_000, writtenBytes: 10_000 } },
};

describe('rates', () => {
  it('go by the time that passed on the node', () => {
    expect(rates(before, after)).toEqual({
      kind: 'value',
      value: {
        cpuPercent: 25,
        network: { eth0: { rxBitsPerSecond: 8_000, txBitsPerSecond: 0 } },
        diskReadBytesPerSecond: 1_000,
        diskWrittenBytesPerSecond: 2_000,
      },
    });
  });

  it('are unknown after a reboot, also where every counter is higher than before', () => {
    expect(rates(before, { ...after, bootId: 'b2' }).kind).toBe('unknown');
    expect(rates(after, before).kind).toBe('unknown');
  });

  it('are unknown where no time passed', () => {
    expect(rates(before, before).kind).toBe('unknown');
  });

  it('leave out an interface or a disk whose counter went back or that is new, and guess no 32-bit wrap', () => {
    const network = { eth0: { rxBytes: 10, txBytes: 3_000 }, tap1: { rxBytes: 5, txBytes: 5 } };
    const disks = { sda: { readBytes: 5_000, writtenBytes: 0 }, sdb: { readBytes: 9_999, writtenBytes: 9_999 } };
    expect(rates(before, { ...after, network, disks })).toMatchObject({
      value: { network: {}, diskReadBytesPerSecond: 1_000, diskWrittenBytesPerSecond: 0 },
    });
    expect(rates({ ...before, disks: { sda: { readBytes: 6_000, writtenBytes: 0 } } }, after)).toMatchObject({
      value: { diskReadBytesPerSecond: 0, diskWrittenBytesPerSecond: 0 },
    });
  });

  it('keep the CPU between 0 and 100 percent where idle time steps back', () => {
    expect(rates(before, { ...after, cpuBusyTicks: 999 })).toMatchObject({ value: { cpuPercent: 0 } });
    expect(rates(before, { ...after, cpuBusyTicks: 2_100 })).toMatchObject({ value: { cpuPercent: 100 } });
  });
});
