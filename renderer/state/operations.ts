import { create } from 'zustand';
import type { OperationId, RegionId } from '#shared/model/ids.ts';
import { drivenStates, type Operation, type OperationVm, type TranscriptEntry } from '#shared/model/operation.ts';
import type { Problem } from '#shared/problems.ts';
import type { Client } from '../api/client.ts';

/** Whether the list of a region's operations was read. */
export type OperationsPhase =
  | { readonly kind: 'loading'; readonly since: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** How far a VM's bar has come in one try of its move, as a share of its memory. */
export interface Peak {
  readonly startedAt: number | null;
  readonly share: number;
}

export interface OperationsState {
  /** Those of every region that was shown or announced something. */
  readonly byId: ReadonlyMap<OperationId, Operation>;
  readonly phases: Readonly<Record<RegionId, OperationsPhase>>;
  /** The commands of operations whose page was opened, in the order in which they were sent. */
  readonly transcripts: ReadonlyMap<OperationId, readonly TranscriptEntry[]>;
  /** By operation and resource: a bar never goes back, not even while its page is not open. */
  readonly peaks: ReadonlyMap<string, Peak>;
  /** Rises when a list was read: whoever follows one operation may have missed something before. */
  readonly reads: number;
}

export const useOperations = create<OperationsState>(() => ({
  byId: new Map(),
  phases: {},
  transcripts: new Map(),
  peaks: new Map(),
  reads: 0,
}));

/** Where an operation's page is. It is a deep link: a reload and another window find it again. */
export const operationHref = (id: string): string => `#/operations/${encodeURIComponent(id)}`;

export const isOpen = ({ state }: Operation): boolean => state.kind !== 'ended';

/** It changes nothing by itself: a person has to decide. */
export const needsPerson = ({ state }: Operation): boolean => state.kind === 'failed' || state.kind === 'unattended';

/** It sends commands now, from wherever. */
export const isUnderWay = ({ state }: Operation): boolean => drivenStates.has(state.kind) || state.kind === 'elsewhere';

/** Which of a region are not ended: those that run and those that need a person. */
export function countOpen(byId: ReadonlyMap<OperationId, Operation>, regionId: RegionId | null) {
  const open = [...byId.values()].filter((one) => one.regionId === regionId && isOpen(one));
  return { open: open.length, waiting: open.filter(needsPerson).length };
}

/** Reads a region's operations. What was announced while they were asked is newer than the answer, and stays. @throws ProblemError */
export async function readOperations(client: Client, regionId: RegionId): Promise<void> {
  const before = useOperations.getState();
  if (before.phases[regionId]?.kind !== 'ready') putPhase(regionId, { kind: 'loading', since: Date.now() });
  const listed = await client.call('operations.list', { regionId });
  useOperations.setState((state) => {
    const byId = new Map<OperationId, Operation>();
    for (const [id, one] of state.byId) {
      const isNews = before.byId.get(id) !== one;
      if (one.regionId !== regionId || isNews) byId.set(id, one);
    }
    for (const one of listed) {
      const held = heldOf(byId, one);
      if (!held || held.updatedAt < one.updatedAt) byId.set(one.id, one);
    }
    const peaks = listed.reduce(withPeaks, state.peaks);
    return { byId, peaks, phases: { ...state.phases, [regionId]: { kind: 'ready' } }, reads: state.reads + 1 };
  });
}

/** The same operation as it was known before. Demo regions have theirs under the same ids: one of a region that is gone is another. */
export function heldOf(byId: OperationsState['byId'], { id, regionId }: Operation): Operation | undefined {
  const held = byId.get(id);
  return held?.regionId === regionId ? held : undefined;
}

export function putPhase(regionId: RegionId, phase: OperationsPhase): void {
  useOperations.setState((state) => ({ phases: { ...state.phases, [regionId]: phase } }));
}

/** One operation as it is now; the answer of a call never takes the place of something newer. */
export function putOperation(one: Operation): void {
  useOperations.setState((state) => {
    const held = heldOf(state.byId, one);
    if (held && held.updatedAt > one.updatedAt) return state;
    return { byId: new Map(state.byId).set(one.id, one), peaks: withPeaks(state.peaks, one) };
  });
}

/** Commands that began or ended. A command that is told again takes its own place. */
export function putTranscript(id: OperationId, entries: readonly TranscriptEntry[], isAsked = false): void {
  useOperations.setState((state) => {
    const held = state.transcripts.get(id);
    // Without its page nobody reads it, and the page asks for all of it.
    if (!held && !isAsked) return state;
    return { transcripts: new Map(state.transcripts).set(id, mergedEntries(held ?? [], entries)) };
  });
}

/** Lets go of a transcript whose page was left. */
export function dropTranscript(id: OperationId): void {
  useOperations.setState((state) => {
    const transcripts = new Map(state.transcripts);
    return transcripts.delete(id) ? { transcripts } : state;
  });
}

/** The first number from which on a transcript has to be asked again: that of the first command nobody saw end. */
export function askAfter(entries: readonly TranscriptEntry[]): number {
  const open = entries.find(({ endedAt }) => endedAt === null);
  return open ? open.sequence - 1 : (entries.at(-1)?.sequence ?? 0);
}

function mergedEntries(
  held: readonly TranscriptEntry[],
  entries: readonly TranscriptEntry[],
): readonly TranscriptEntry[] {
  const bySequence = new Map(held.map((entry) => [entry.sequence, entry]));
  for (const entry of entries) {
    const known = bySequence.get(entry.sequence);
    // An answer that was under way while the command ended does not take its end back.
    if (known && known.endedAt !== null && entry.endedAt === null) continue;
    bySequence.set(entry.sequence, entry);
  }
  return [...bySequence.values()].toSorted((a, b) => a.sequence - b.sequence);
}

export const peakKey = (id: OperationId, resource: string): string => `${id} ${resource}`;

/** How much of a VM's memory is over there, 0 to 1; `null` where no read tells. */
export function movedShare({ state, progress }: OperationVm): number | null {
  if (state === 'moved') return 1;
  if (!progress || progress.totalBytes <= 0) return null;
  return Math.max(0, Math.min(1, 1 - progress.remainingBytes / progress.totalBytes));
}

function withPeaks(peaks: ReadonlyMap<string, Peak>, operation: Operation): ReadonlyMap<string, Peak> {
  const next = new Map(peaks);
  let isChanged = false;
  for (const vm of operation.vms) {
    const share = movedShare(vm);
    const key = peakKey(operation.id, vm.resource);
    const held = next.get(key);
    // Another try of the same VM has a bar of its own.
    const isSameTry = held?.startedAt === vm.startedAt;
    if (share === null || (held && isSameTry && held.share >= share)) continue;
    next.set(key, { startedAt: vm.startedAt, share });
    isChanged = true;
  }
  return isChanged ? next : peaks;
}
