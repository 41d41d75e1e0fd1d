import type { StatusView } from '#shared/lifecycle/statuses.ts';
import type { ClusterNode } from '#shared/model/cluster.ts';
import type { BelievedFacts, NodeFacts, UnbelievedFacts } from './facts.ts';
import { linesOffline } from './lines-offline.ts';
import { linesOnline } from './lines-online.ts';
import { linesOutside } from './lines-outside.ts';
import { emptyMemory, nothingSeen } from './memory.ts';
import type { StatusMemory } from './memory.ts';
import { nodeEvidence, warnings } from './reasons.ts';
import { remember } from './remember.ts';
import { hold, situationOf } from './situation.ts';
import type { Held, Line, Situation } from './situation.ts';

/**
 * The status of a node at `now` (UTC ms), by the table of docs/status.md: the first line that fits. Pure; what must settle before it
 * is believed lives in the memory that it returns and is given back next time.
 *
 * A view with `unknownSince` is not proven now: it repeats the last known status (line 1), or says what was seen once at the very first
 * sight of a node. With `readAt: null` nothing ever proved it, and its status is only a place in the order of rows.
 */
export function deriveStatus(
  previous: StatusMemory | undefined,
  facts: NodeFacts,
  now: number,
): { readonly view: StatusView; readonly memory: StatusMemory } {
  const { cluster } = facts;
  if (cluster.kind === 'unbelieved') return notBelieved(previous, cluster, now);
  const memory = remember(previous, facts, cluster, now);
  const situation = situationOf(previous, memory, asJudged(cluster, memory), facts.host, now);
  const judged = judge(situation);
  const shown = { ...memory, view: previous?.view ?? null, line: previous?.line ?? 0, cause: previous?.cause ?? null };
  const told = warnings(cluster, facts.host, now);
  if (isHeld(judged)) {
    // Seen once, and not believed yet. Without an earlier view there is nothing to hold on to: it is shown as not known.
    if (shown.view !== null) {
      // After a silence it is of before that, and stays marked until something is believed again.
      const { view, unbelievedSince } = shown;
      const isLongAgo = view.readAt !== null && (judged.isUnproven || cluster.readAt - view.readAt > heldMs);
      const unknownSince = unbelievedSince ?? (isLongAgo ? view.readAt : null);
      const mark = unknownSince === null ? {} : { unknownSince, reason: judged.because };
      return { view: { ...shown.view, ...mark, warnings: told }, memory: shown };
    }
    const raw = judge({
      ...situation,
      isUncleanSettled: true,
      isOfflineSettled: true,
      isEmptySettled: true,
      isLibvirtDownSettled: true,
    });
    if (isHeld(raw))
      return notBelieved(
        previous,
        {
          kind: 'unbelieved',
          because: raw.because,
          since: cluster.readAt,
          isBootstrapping: false,
        },
        now,
      );
    return { view: viewOf(raw, situation, told, cluster.readAt), memory: shown };
  }
  const view = viewOf(judged, situation, told, null);
  return { view, memory: { ...memory, unbelievedSince: null, view, line: judged.line, cause: judged.cause } };
}

/** A Worker that was fenced is not back because the cluster calls it online: neither by a try to open its connection, nor just after the fencing. */
function asJudged(cluster: BelievedFacts, { fenced }: StatusMemory): BelievedFacts {
  const { node } = cluster;
  const isFenced = fenced !== null && !fenced.cameBack;
  return node?.type === 'remote' && isFenced ? { ...cluster, node: { ...node, isOnline: false } } : cluster;
}

/** A status that was proven longer ago is as old as after a silence: the laptop slept, say. Three reads at the default cadence. */
const heldMs = 15_000;

interface Judged {
  readonly line: number;
  readonly status: StatusView['status'];
  readonly reason: string;
  readonly cause: StatusMemory['cause'];
}

const isHeld = (judged: Judged | Held): judged is Held => 'kind' in judged;

function judge(situation: Situation): Judged | Held {
  const { node } = situation.cluster;
  const judged =
    node === null ? first(linesOutside, situation) : first([...linesOffline, ...linesOnline], { ...situation, node });
  // The last line of either list fits always.
  return judged ?? hold;
}

function first<S>(lines: readonly Line<S>[], situation: S): Judged | Held | undefined {
  for (const { line, judge: judgeLine } of lines) {
    const verdict = judgeLine(situation);
    if (verdict?.kind === 'hold') return verdict;
    if (verdict !== undefined) return { line, status: verdict.status, reason: verdict.reason, cause: verdict.cause };
  }
  return undefined;
}

function viewOf(
  judged: Judged,
  { previous, cluster }: Situation,
  told: readonly string[],
  unknownSince: number | null,
): StatusView {
  const isSame = previous?.view?.status === judged.status;
  return {
    status: judged.status,
    unknownSince,
    reason: judged.reason,
    since: isSame ? (previous?.view?.since ?? cluster.readAt) : cluster.readAt,
    readAt: unknownSince === null ? cluster.readAt : null,
    evidence: evidenceOf(cluster.node, cluster),
    warnings: told,
  };
}

function evidenceOf(node: ClusterNode | null, cluster: BelievedFacts): readonly string[] {
  if (node !== null) return nodeEvidence(node, cluster);
  return [
    cluster.member === null ? 'crm_mon: not a member' : `corosync.conf: ${cluster.member.name}; crm_mon: not a member`,
  ];
}

/** Line 1: nobody may be believed. The last known status stands, marked; a cluster that is being started for the first time is Starting. */
function notBelieved(
  previous: StatusMemory | undefined,
  { because, since, isBootstrapping }: UnbelievedFacts,
  now: number,
): {
  readonly view: StatusView;
  readonly memory: StatusMemory;
} {
  const memory = {
    ...(previous ?? emptyMemory),
    seen: nothingSeen,
    unbelievedSince: previous?.unbelievedSince ?? since,
  };
  const last = memory.view;
  if (isBootstrapping && (last === null || last.status === 'starting' || last.status === 'approved')) {
    const view: StatusView = {
      status: 'starting',
      unknownSince: null,
      reason: because,
      since: last?.status === 'starting' ? last.since : since,
      readAt: now,
      evidence: ['crm_mon: no coordinator (DC) yet'],
      warnings: [],
    };
    const joining = memory.joining ?? { since, operation: null, wasOnline: false, isPassed: false };
    return { view, memory: { ...memory, unbelievedSince: null, view, line: 8, joining } };
  }
  const view: StatusView =
    last === null
      ? { status: 'failed', unknownSince: since, reason: because, since, readAt: null, evidence: [], warnings: [] }
      : { ...last, unknownSince: memory.unbelievedSince, reason: because };
  return { view, memory };
}
