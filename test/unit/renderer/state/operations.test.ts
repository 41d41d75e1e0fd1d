import { beforeEach, expect, test } from 'vitest';
import type { Client } from '../../../../renderer/api/client.ts';
import { newsOf, tellOfOperation } from '../../../../renderer/state/operation-news.ts';
import {
  askAfter,
  countOpen,
  operationHref,
  peakKey,
  putOperation,
  putTranscript,
  readOperations,
  useOperations,
} from '../../../../renderer/state/operations.ts';
import { transcript } from '../../../e2e/helpers/operation-scenario.ts';
import { ended, everyState, failed, running, smooth, unattended } from '../../../e2e/helpers/operations.ts';
import { frankfurt, zurich } from '../../../e2e/helpers/region.ts';
import { keepToastsOf, showToast, useToasts } from '../../../../renderer/state/toasts.ts';

const now = Date.UTC(2026, 10, 23, 13, 2);
const one = running(now);

/** A client whose list is what is given when it is asked. */
const listing = (list: () => unknown): Client => ({
  call: async () => (await list()) as never,
  subscribe: () => () => undefined,
  onLink: () => () => undefined,
  close: () => undefined,
});

beforeEach(() => {
  useOperations.setState({ byId: new Map(), phases: {}, transcripts: new Map(), peaks: new Map(), reads: 0 });
});

test('what was announced while the list was asked is newer than the list, and stays', async () => {
  const later = { ...one, updatedAt: now + 5000, reason: 'later' };
  await readOperations(
    listing(() => {
      putOperation(later);
      return [one, failed(now)].map((each, index) => ({ ...each, id: index === 0 ? one.id : each.id }));
    }),
    frankfurt.id,
  );
  expect(useOperations.getState().byId.get(one.id)?.reason).toBe('later');
});

test('what the list has no more is gone, and other regions’ operations stay', async () => {
  const elsewhere = { ...one, id: everyState(now)[0]!.id, regionId: zurich.id };
  putOperation(one);
  putOperation(elsewhere);
  await readOperations(
    listing(() => []),
    frankfurt.id,
  );
  expect([...useOperations.getState().byId.keys()]).toEqual([elsewhere.id]);
});

test('an answer that was overtaken by an event does not take it back', () => {
  putOperation({ ...one, updatedAt: now, state: { kind: 'cancelling', since: now } });
  putOperation({ ...one, updatedAt: now - 1000 });
  expect(useOperations.getState().byId.get(one.id)?.state.kind).toBe('cancelling');
});

test('a bar never goes back within one try, and begins anew with the next', () => {
  const share = (): number | undefined => useOperations.getState().peaks.get(peakKey(one.id, 'kafka-broker-5'))?.share;
  const at = (remainingShare: number, startedAt: number, updatedAt: number): void => {
    const vms = one.vms.map((vm) =>
      vm.progress && vm.resource === 'kafka-broker-5'
        ? { ...vm, startedAt, progress: { ...vm.progress, remainingBytes: vm.progress.totalBytes * remainingShare } }
        : vm,
    );
    putOperation({ ...one, vms, updatedAt });
  };
  at(0.25, now, now);
  at(0.75, now, now + 1000);
  expect(share()).toBe(0.75);
  at(0.9, now + 2000, now + 2000);
  expect(share()).toBeCloseTo(0.1);
});

test('a command that ended takes the place of its beginning, never the other way round', () => {
  const entries = transcript(now);
  const open = entries.at(-1)!;
  const closed = { ...open, endedAt: now, exitStatus: 0 };
  putTranscript(one.id, entries, true);
  putTranscript(one.id, [closed]);
  putTranscript(one.id, [open]);
  expect(useOperations.getState().transcripts.get(one.id)).toEqual([...entries.slice(0, -1), closed]);
});

test('a transcript that nobody reads is not kept', () => {
  putTranscript(one.id, transcript(now));
  expect(useOperations.getState().transcripts.size).toBe(0);
});

test('after a gap a transcript is asked again from the first command that nobody saw end', () => {
  expect(askAfter(transcript(now))).toBe(6);
  expect(askAfter(transcript(now).slice(0, 3))).toBe(3);
  expect(askAfter([])).toBe(0);
});

test('the badge counts what runs or needs a person, in the region that is shown', () => {
  const byId = new Map(everyState(now).map((each) => [each.id, each]));
  expect(countOpen(byId, frankfurt.id)).toEqual({ open: 4, waiting: 2 });
  expect(countOpen(byId, zurich.id)).toEqual({ open: 0, waiting: 0 });
});

test('an operation’s address is its id', () => {
  expect(operationHref(one.id)).toBe('#/operations/7f3a0192-5d0e-4c53-9a34-2f6f5c0b8a11');
});

test('told: what ended here, what failed, what nobody drives; once each', () => {
  const running1 = smooth(now);
  const levels = [ended(now), failed(now), unattended(now)].map((next) => {
    const news = newsOf(running1, next);
    return news === null || news === 'over' ? news : news.level;
  });
  expect(levels).toEqual(['success', 'danger', 'warning']);
  expect(newsOf(failed(now), failed(now))).toBeNull();
});

test('told: the end of another laptop’s operation only takes back what was told of it', () => {
  expect(newsOf(unattended(now), ended(now, { isOurs: false }))).toBe('over');
  expect(newsOf(undefined, ended(now))).toBeNull();
});

test('told: an end that left something says so, and is no success', () => {
  const left = 'render-gpu-04 stays: it holds a GPU.';
  const partly = ended(now, { state: { kind: 'ended', at: now, outcome: 'partly', left: [left] } });
  expect(newsOf(smooth(now), partly)).toEqual({
    level: 'info',
    title: 'What could move has left fra2-r04-n06; it went back to Active.',
    text: 'render-gpu-04 stays: it holds a GPU.',
  });
});

test('told: of one that another laptop brought to its end nothing is said that this one does not know', () => {
  const gone = ended(now, { state: { kind: 'ended', at: now, outcome: 'elsewhere', left: [] } });
  expect(newsOf(smooth(now), gone)).toEqual({
    level: 'info',
    title: 'Maintenance on fra2-r04-n06 was brought to its end by another laptop.',
    text: '',
  });
});

test('told: the words of the specification when a force begins', () => {
  const message = 'Node fra2-r04-n06 is being forcefully deactivated.';
  expect(newsOf(undefined, running(now, { message }))).toEqual({ level: 'warning', title: message, text: '' });
});

test('an operation of a region that came in the place of another, under the same id, is another one', () => {
  const gone = { ...running(now), regionId: zurich.id, updatedAt: now + 60_000 };
  putOperation(gone);
  const next = ended(now);
  tellOfOperation({ ...next, id: gone.id, regionId: frankfurt.id });
  expect(useToasts.getState().toasts).toEqual([]);
  putOperation({ ...next, id: gone.id, regionId: frankfurt.id });
  expect(useOperations.getState().byId.get(gone.id)).toMatchObject({
    regionId: frankfurt.id,
    state: { kind: 'ended' },
  });
});

test('what was told of a region that is gone is told no more', () => {
  const about = { level: 'info', title: '', text: '', nodeId: one.nodeId } as const;
  showToast({ ...about, id: 'a', operation: { regionId: zurich.id, id: one.id } });
  showToast({ ...about, id: 'b', operation: { regionId: frankfurt.id, id: one.id } });
  keepToastsOf([frankfurt.id]);
  expect(useToasts.getState().toasts.map(({ id }) => id)).toEqual(['b']);
});
