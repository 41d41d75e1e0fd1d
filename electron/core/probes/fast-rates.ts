import type { FastRates, FastSample } from '#shared/model/hardware.ts';
import { parsedUnknown, parsedValue, type Parsed } from './probe.ts';

/**
 * Rates between two samples of one node, over the time that passed on the node itself: the network's delays are not in it.
 *
 * After a reboot there is no rate. An interface or a disk that is new, or whose counter went back, has no rate of its own
 * either: nobody knows whether it was reset or went once around, so neither is guessed.
 */
export function rates(previous: FastSample, current: FastSample): Parsed<FastRates> {
  const seconds = current.uptimeSeconds - previous.uptimeSeconds;
  const isSameBoot = previous.bootId === current.bootId;
  if (!isSameBoot || seconds < 0) return parsedUnknown('the node was restarted between two samples');
  if (seconds < 0.05) return parsedUnknown('no time passed between two samples');
  const ticks = current.cpuTotalTicks - previous.cpuTotalTicks;
  if (ticks <= 0) return parsedUnknown("the node's CPU counters did not go on between two samples");
  // The kernel's idle and iowait counters may step back by a few ticks (proc(5)); a share stays a share.
  const busy = Math.min(Math.max(current.cpuBusyTicks - previous.cpuBusyTicks, 0), ticks);

  const network: Record<string, { rxBitsPerSecond: number; txBitsPerSecond: number }> = {};
  for (const [name, now] of Object.entries(current.network)) {
    const before = previous.network[name];
    if (before === undefined || now.rxBytes < before.rxBytes || now.txBytes < before.txBytes) continue;
    network[name] = {
      rxBitsPerSecond: ((now.rxBytes - before.rxBytes) * 8) / seconds,
      txBitsPerSecond: ((now.txBytes - before.txBytes) * 8) / seconds,
    };
  }
  let readBytes = 0;
  let writtenBytes = 0;
  for (const [name, now] of Object.entries(current.disks)) {
    const before = previous.disks[name];
    if (before === undefined || now.readBytes < before.readBytes || now.writtenBytes < before.writtenBytes) continue;
    readBytes += now.readBytes - before.readBytes;
    writtenBytes += now.writtenBytes - before.writtenBytes;
  }
  return parsedValue({
    cpuPercent: (busy / ticks) * 100,
    network,
    diskReadBytesPerSecond: readBytes / seconds,
    diskWrittenBytesPerSecond: writtenBytes / seconds,
  });
}
