import { deriveStatus } from '../../../../electron/core/lifecycle/derive-status.ts';
import { clusterFacts } from '../../../../electron/core/lifecycle/facts.ts';
import type { HostFacts } from '../../../../electron/core/lifecycle/facts.ts';
import type { StatusMemory } from '../../../../electron/core/lifecycle/memory.ts';
import type { StatusView } from '../../../../shared/lifecycle/statuses.ts';
import type { ClusterAnswer } from '../../../../shared/model/cluster.ts';
import { known, none, unknown } from '../../../../shared/model/reading.ts';
import { isBelievable } from '../../../../shared/lifecycle/believe.ts';
import { answered, capture, capturesIn } from '../cluster/capture.ts';

/** The moment of the first snapshot; the captures' own clock, so that fencing times and samples are of one day. */
export function startOf(xml: string): number {
  const text = /last_updated="([^"]+)"/u.exec(xml)?.[1] ?? '';
  return Date.parse(text.replace(' ', 'T'));
}

/** A machine on which all is well, with these VMs running. */
export function healthyHost(at: number, domains: readonly string[] = []): HostFacts {
  return {
    reachability: { kind: 'reachable', at },
    observedAt: at,
    libvirt: known('answers', at, 5000),
    domains: known(
      domains.map((name) => ({ name, state: 'running' })),
      at,
      5000,
    ),
    clusterServices: known(true, at, 5000),
    carrier: known(true, at, 5000),
    clockOffsetMs: known(12, at, 5000),
    pools: none,
  };
}

/** A machine that does not answer since `since`. */
export function silentHost(since: number): HostFacts {
  const silent = unknown('no answer');
  return {
    reachability: {
      kind: 'unreachable',
      since,
      problem: { code: 'connection-timed-out', message: 'no answer', advice: 'look' },
    },
    observedAt: null,
    libvirt: silent,
    domains: silent,
    clusterServices: silent,
    carrier: silent,
    clockOffsetMs: silent,
    pools: silent,
  };
}

/** The host that belongs to a snapshot: reachable where the cluster has it online, running what the cluster runs there. */
export function hostOf(answer: ClusterAnswer, name: string, at: number): HostFacts {
  const isOnline = answer.nodes.find((node) => node.name === name)?.isOnline === true;
  if (!isOnline) return silentHost(at);
  const vms = answer.resources.filter(({ agent, nodes }) => agent.endsWith(':VirtualDomain') && nodes.includes(name));
  return healthyHost(
    at,
    vms.map(({ id }) => id),
  );
}

export interface Step {
  readonly atMs: number;
  readonly view: StatusView;
  readonly line: number;
}

export interface ReplayOptions {
  readonly periodMs?: number;
  readonly phaseMs?: number;
  /** Seconds that are replayed after the last snapshot. */
  readonly tailS?: number;
  /** Changes what an answer tells before it is judged: records, which no capture has. */
  readonly edit?: (answer: ClusterAnswer) => ClusterAnswer;
  readonly host?: (answer: ClusterAnswer, name: string, at: number) => HostFacts;
}

export interface Snapshot {
  readonly atMs: number;
  readonly xml: string;
}

const answers = new Map<string, ClusterAnswer>();

/** Parsed once: one snapshot is replayed at many polls. */
function answerTo(xml: string): ClusterAnswer {
  const answer = answers.get(xml) ?? answered({ crmMon: xml, cib: capture('healthy/lab-c1/cib.xml') });
  answers.set(xml, answer);
  return answer;
}

/** The snapshots of a captured timeline: crm_mon at every change. */
export function timeline(name: string): readonly Snapshot[] {
  return capturesIn(`timelines/${name}`, /^\d+\.\d+\.xml$/u).map((file) => ({
    atMs: Number(file.replace('.xml', '')) * 1000,
    xml: capture(`timelines/${name}/${file}`),
  }));
}

/** Samples the snapshots as a poll would have, and derives every node's status at each sample. What was between two changes is the former. */
export function replay(
  snapshots: readonly Snapshot[],
  options: ReplayOptions = {},
): ReadonlyMap<string, readonly Step[]> {
  const { periodMs = 1000, phaseMs = 0, tailS = 20, edit = (answer) => answer, host = hostOf } = options;
  const first = snapshots[0]!;
  const start = startOf(first.xml);
  const last = snapshots.at(-1)!.atMs + tailS * 1000;
  const parsed = snapshots.map(({ atMs, xml }) => ({
    atMs,
    answer: edit(answerTo(xml)),
  }));
  const memories = new Map<string, StatusMemory>();
  const steps = new Map<string, Step[]>();
  let earlier: ClusterAnswer | undefined;
  let unbelievedSince: number | undefined;
  for (let atMs = first.atMs + phaseMs; atMs <= last; atMs += periodMs) {
    const found = parsed.findLast((snapshot) => snapshot.atMs <= atMs)!;
    const at = start + atMs;
    const answer = { ...found.answer, readAt: at };
    if (!isBelievable(answer)) unbelievedSince ??= at;
    else unbelievedSince = undefined;
    const names = new Set([...memories.keys(), ...answer.nodes.map((node) => node.name)]);
    for (const name of names) {
      const cluster = clusterFacts(answer, { kind: 'member', name }, earlier, unbelievedSince);
      const facts = { cluster, host: host(answer, name, at), ownWriteAt: null };
      // Through JSON: a memory must survive a restart at any moment.
      const before = memories.get(name);
      const { view, memory } = deriveStatus(
        before === undefined ? undefined : (JSON.parse(JSON.stringify(before)) as StatusMemory),
        facts,
        at,
      );
      memories.set(name, memory);
      steps.set(name, [...(steps.get(name) ?? []), { atMs, view, line: memory.line }]);
    }
    if (isBelievable(answer)) earlier = answer;
  }
  return steps;
}

/** The statuses a person saw, one after the other; `?` where the status was the last known one. */
export function seen(steps: readonly Step[] | undefined): readonly string[] {
  const words = (steps ?? []).map(({ view }) => (view.unknownSince === null ? view.status : `${view.status}?`));
  return words.filter((word, index) => word !== words[index - 1]);
}

/** `seen` of every node. */
export function seenByAll(all: ReadonlyMap<string, readonly Step[]>): Record<string, readonly string[]> {
  return Object.fromEntries([...all].map(([name, steps]) => [name, seen(steps)]));
}
