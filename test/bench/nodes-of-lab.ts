import type { FastSample } from '#shared/model/hardware.ts';
import { fastProbe } from '../../electron/core/probes/fast.ts';
import type { Parsed, Probe } from '../../electron/core/probes/probe.ts';
import { slowProbeIds, slowProbes, type SlowProbeId } from '../../electron/core/probes/slow-probes.ts';
import { withConnection, withFast, withSlow } from '../../electron/core/region/apply.ts';
import { gatherFacts } from '../../electron/core/region/gather-facts.ts';
import { listNodes } from '../../electron/core/region/memberships.ts';
import { createNodeTable } from '../../electron/core/region/node-table.ts';
import type { RegionNode } from '../../electron/core/region/region-node.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { capturedAnswer } from '../unit/core/probes/captures.ts';

/** How much a real server has more of than the lab's containers. */
const counts: Partial<Record<SlowProbeId, number>> = {
  domains: 30,
  links: 20,
  disks: 12,
  pciDevices: 60,
  services: 30,
};

/**
 * The nodes of an answer as a region that watched them knows them: every fact parsed from what the lab's own worker answered, its
 * lists repeated to the size of a real server's, every status derived.
 */
export function nodesOfLab(answer: ClusterAnswer, now: number): readonly RegionNode[] {
  const slow = slowProbeIds.map((id) => [id, manyOf(id, parse<unknown>(slowProbes[id]))] as const);
  const fast = parse<FastSample>(fastProbe);
  let clock = now - 10_000;
  // One answer for each time, as a region has it: what is indexed of an answer is kept with it.
  let told: ClusterAnswer = { ...answer, readAt: clock };
  const table = createNodeTable({
    cached: [],
    now: () => clock,
    factsOf: (node) => gatherFacts(node, { answer: told, earlier: undefined, silence: undefined }, null, () => []),
    onChanged: () => {},
    onStatus: () => {},
    onRemoved: () => {},
  });
  table.list(listNodes(answer));
  for (const { id, membership } of table.all()) {
    const hostKey = { type: 'ssh-ed25519', fingerprint: 'SHA256:uUBZUSGgqnWOzCAJU8SJnMQsIMbhJzWzqHHmoFMhUIo' };
    const connection = { host: membership.address ?? '', hostKey, at: clock, intervalMs: 300_000 };
    table.observe(id, (old) => withConnection(old, connection));
    for (const [probe, value] of slow)
      table.observe(id, (old) => withSlow(old, probe, value, { now: clock, intervalMs: 300_000 }));
  }
  for (let sample = 0; sample < 3; sample += 1) {
    clock = now - 10_000 + sample * 5000;
    told = { ...answer, readAt: clock };
    for (const [index, { id }] of table.all().entries()) {
      const value = { kind: 'value', value: later(fast, sample, index, clock) } as const;
      table.observe(id, (old) => withFast(old, value, { now: clock, roundTripMs: 20, intervalMs: 5000 }));
    }
  }
  return table.all();
}

function parse<T>(probe: Probe<T>): T {
  const parsed = probe.parse(capturedAnswer('w1', probe.id));
  if (parsed.kind === 'unknown') throw new Error(`${probe.id}: ${parsed.because}`);
  return parsed.value;
}

function manyOf(id: SlowProbeId, value: unknown): Parsed<unknown> {
  const count = counts[id];
  if (count === undefined || !Array.isArray(value)) return { kind: 'value', value };
  const items: readonly unknown[] = value;
  return { kind: 'value', value: Array.from({ length: count }, (_value, index) => items[index % items.length]) };
}

/** The same counters some seconds later, each node a little busier than the one before it. */
function later(sample: FastSample, step: number, index: number, clockMs: number): FastSample {
  const seconds = 5 * step;
  const share = (index % 97) / 97;
  return {
    ...sample,
    uptimeSeconds: sample.uptimeSeconds + index * 60 + seconds,
    cpuBusyTicks: sample.cpuBusyTicks + seconds * 100 * sample.onlineCpus * share,
    cpuTotalTicks: sample.cpuTotalTicks + seconds * 100 * sample.onlineCpus,
    network: Object.fromEntries(
      Object.entries(sample.network).map(([name, { rxBytes, txBytes }]) => [
        name,
        { rxBytes: rxBytes + seconds * 1e6 * (1 + share), txBytes: txBytes + seconds * 3e5 * (1 + share) },
      ]),
    ),
    clockMs,
  };
}
