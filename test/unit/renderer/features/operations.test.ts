import { expect, test } from 'vitest';
import {
  countedVms,
  leftWords,
  memoryMoved,
  rateWords,
  stoppedAt,
  vmProgress,
} from '../../../../renderer/features/operations/figures.ts';
import { heldOrder, inOrder } from '../../../../renderer/features/operations/operations-order.ts';
import { exitWords, transcriptText } from '../../../../renderer/features/operations/transcript-text.ts';
import { isSameName } from '../../../../renderer/features/operations/typed-name-dialog.tsx';
import {
  drivenBy,
  ifCancelled,
  ifRolledBack,
  named,
  vmDetail,
  vmState,
} from '../../../../renderer/features/operations/words.ts';
import { peakKey } from '../../../../renderer/state/operations.ts';
import { transcript } from '../../../e2e/helpers/operation-scenario.ts';
import { ended, everyState, failed, running, smooth, unattended } from '../../../e2e/helpers/operations.ts';

const now = Date.UTC(2026, 10, 23, 13, 2);
const one = running(now);
const none = new Map();

test('the figures of the picture: 5 of 8 VMs, 190 of 224 GiB, 1.38 GiB/s, left not known', () => {
  expect(countedVms(one)).toEqual({ label: 'VMs moved', value: '5 of 8' });
  expect(memoryMoved(one, none)?.words).toBe('190 of 224 GiB');
  expect(rateWords(one, now)).toBe('1.38 GiB/s');
  expect(leftWords(one, now)).toBe('not known: 1 VM stalls');
});

test('what is left is told once every move was read twice, and for all that still waits', () => {
  // 14,254 MiB under way and 16 GiB waiting, at 1,092 MiB/s.
  expect(leftWords(smooth(now), now)).toBe('about 28 s');
});

test('a move that was read once has no ETA, and so has the operation', () => {
  const vms = smooth(now).vms.map((vm) => (vm.progress ? { ...vm, progress: { ...vm.progress, leftMs: null } } : vm));
  expect(leftWords({ ...smooth(now), vms }, now)).toBe('not known');
});

test('nothing is left of what stopped, and a VM that stays is not counted', () => {
  expect(leftWords(failed(now), now)).toBeNull();
  expect(rateWords(ended(now), now)).toBeNull();
  const stays = one.vms.map((vm, index) => (index === 7 ? { ...vm, state: 'stays' as const } : vm));
  expect(countedVms({ ...one, vms: stays })?.value).toBe('5 of 7');
});

test('memory that nobody knows is not counted as none', () => {
  const vms = one.vms.map((vm) => ({ ...vm, memoryBytes: null }));
  expect(memoryMoved({ ...one, vms }, none)).toEqual({ share: 0, words: 'not known', unknown: 8 });
});

test('a new pass changes the number, not the bar’s past', () => {
  const vm = one.vms[5]!;
  const peaks = new Map([[peakKey(one.id, vm.resource), { startedAt: vm.startedAt, share: 0.9 }]]);
  expect(vmProgress(one, vm, peaks)).toMatchObject({ bar: 0.9 });
  expect(vmProgress(one, vm, peaks).share).toBeCloseTo(0.71, 2);
  expect(vmProgress(one, { ...vm, startedAt: now }, peaks).bar).toBeCloseTo(0.71, 2);
});

test('cancelling says what happens to VMs before what happens to the node', () => {
  expect(ifCancelled(one, 'entering-maintenance')).toEqual([
    'kafka-broker-5 and metrics-tsdb-2 stop moving within 15 s and run on where they are, without a restart.',
    'The 5 VMs that moved stay where they are.',
    'fra2-r04-n06 goes back to Active, or says why it could not; nothing enters again by itself.',
  ]);
  expect(ifCancelled(one, 'fenced')[0]).toBe(
    'fra2-r04-n06 is Fenced: kafka-broker-5 and metrics-tsdb-2 may have ended with it. What the cluster has fenced it starts again elsewhere; each is looked at, and handed back.',
  );
  const restarted = { ...one, vms: one.vms.slice(0, 1).map((vm) => ({ ...vm, state: 'restarted' as const })) };
  expect(ifCancelled(restarted, 'entering-maintenance')[0]).toBe(
    'The 1 VM that stopped or restarted is not taken back.',
  );
  expect(ifRolledBack(failed(now))[0]).toBe('The 5 VMs that moved stay where they are.');
});

test('whoever holds the lease drives it, also where this laptop began it', () => {
  const state = { kind: 'elsewhere', owner: 'yuki on laptop-17' } as const;
  const all = [
    one,
    { ...one, state },
    { ...one, state, isOurs: false },
    failed(now),
    { ...failed(now), isOurs: false },
  ];
  expect(all.map(drivenBy)).toEqual([
    'driven by this laptop',
    'driven by yuki on laptop-17',
    'driven by yuki on laptop-17',
    'was driven by this laptop',
    `recorded by ${one.owner}`,
  ]);
});

test('what runs stands first, then what failed, is unattended or elsewhere, then what ended, the newest first', () => {
  expect(
    everyState(now)
      .toSorted(inOrder)
      .map(({ state }) => (state.kind === 'ended' ? state.at - now : state.kind)),
  ).toEqual(['running', 'failed', 'unattended', 'elsewhere', -44 * 60_000, -171 * 60_000, -236 * 60_000]);
});

test('a held order keeps every row in its place and puts new ones after them', () => {
  const [first, second, third] = everyState(now);
  const order = [second!.id, first!.id];
  expect(heldOrder(order, [third!, first!, second!])).toEqual([second, first, third]);
});

test('a command that nobody saw end claims no success', () => {
  const last = transcript(now).at(-1)!;
  expect(exitWords(last, true)).toBe('runs');
  expect(exitWords(last, false)).toBe('nobody saw it end');
  expect(exitWords({ ...last, endedAt: last.startedAt + 60, exitStatus: null }, false)).toBe('no exit status, 0.06 s');
});

test('a transcript’s text has its errors after its output, and marks what is not as it was written', () => {
  const [entry] = transcript(now).slice(3);
  expect(transcriptText([{ ...entry!, stderr: 'warning: slow\n', isIntact: false }], undefined)).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} {2}fra2-r02-n09 {2}\$ virsh domstate billing-worker-09 {3}exit 0, 0\.05 s {3}not as it was written\nrunning\nwarning: slow$/,
  );
});

test('a transcript that is copied out of a demo says that it is one', () => {
  const demo = { name: 'Lakeside', demoLabel: 'Demo' };
  expect(transcriptText([], demo)).toBe('Lakeside (Demo: simulated data)');
  expect(transcriptText([], { ...demo, demoLabel: null })).toBe('');
});

test('a detail says the pass and what is dirty, or how long it took', () => {
  expect(one.vms.map((vm) => vmDetail(vm, now))).toEqual([
    'in 1 m 22 s',
    'in 19 s',
    'in 20 s',
    'in 11 s',
    'in 31 s',
    'pass 2, dirty 61 MiB/s',
    'pass 9, dirty 402 MiB/s',
    'waits: 2 move at a time',
  ]);
});

test('R29: what was read of a move a while ago is not told as if it were now', () => {
  const later = now + 31_000;
  expect(rateWords(one, later)).toBe('not known');
  expect(leftWords(one, later)).toBe('not known');
  expect(one.vms.map((vm) => vmState(one, vm, later).word).slice(5)).toEqual(['Moving', 'Moving', 'Waiting']);
});

test('R29: of what nobody drives no rate is told, and a VM was moving', () => {
  const left = unattended(now);
  expect([rateWords(left, now), leftWords(left, now), stoppedAt(left)]).toEqual([null, null, now - 12 * 60_000]);
  expect(vmState(left, left.vms[5]!, now).word).toBe('Was moving');
});

test('what waits to be stopped does not look like what waits to be moved', () => {
  const words = (['live-migrate', 'restart-elsewhere', 'stop'] as const).map(
    (effect) => vmState(one, { ...one.vms[7]!, effect }, now).word,
  );
  expect(words).toEqual(['Waiting', 'Will restart', 'Will stop']);
});

test('many names are cut, few are joined', () => {
  expect([named(['a']), named(['a', 'b']), named(['a', 'b', 'c']), named(['a', 'b', 'c', 'd'])]).toEqual([
    'a',
    'a and b',
    'a, b and c',
    'a, b and 2 more',
  ]);
});

test('a name is the same however its accents are composed', () => {
  expect(isSameName('Zu\u0308rich 1 ', 'Z\u00FCrich 1')).toBe(true);
  expect(isSameName('zürich 1', 'Zürich 1')).toBe(false);
});
