import { expect, test } from 'vitest';
import { momentToken } from '#shared/model/moment.ts';
import {
  formatAge,
  formatCount,
  formatDuration,
  formatExactTime,
  formatGbit,
  formatGib,
  formatPart,
  formatPercent,
  formatPlural,
  formatReason,
  formatSize,
  formatTb,
  formatTime,
  sentence,
} from '../../../../renderer/ui/format.ts';

const gib = 2 ** 30;
const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

test('numbers have thousands with a comma and no more places than help', () => {
  expect([
    formatCount(1024),
    formatPercent(61.6),
    formatGib(512 * gib),
    formatGib(1024 * gib),
    formatGib(3.84 * gib),
  ]).toEqual(['1,024', '62', '512', '1,024', '3.8']);
  expect([
    formatGib(0),
    formatGib(8 * gib),
    formatGib(62.7 * gib),
    formatTb(30.72e12),
    formatTb(21e9),
    formatTb(0),
  ]).toEqual(['0', '8', '63', '30.7', '0.02', '0.00']);
  expect([formatGbit(6.77e9), formatGbit(11.418e9)]).toEqual(['6.77', '11.42']);
});

test('memory that is less than a tenth of a GiB has two digits, and is never shown as none', () => {
  const sizes = [0, 2 ** 10, 2 ** 21, 30 * 2 ** 20, 32 * 2 ** 20, 64 * 2 ** 20, 100 * 2 ** 20, 512 * 2 ** 20];
  expect(sizes.map(formatGib)).toEqual(['0', '<0.001', '0.002', '0.029', '0.031', '0.063', '0.1', '0.5']);
});

test('traffic has two decimals however little it is, is never shown as none, and none is 0', () => {
  expect([0, 1000, 4.9e6, 5e6, 99.4e6, 0.126e9].map(formatGbit)).toEqual([
    '0',
    '<0.01',
    '<0.01',
    '0.01',
    '0.10',
    '0.13',
  ]);
});

test('a part and its whole share the unit of the whole', () => {
  expect([
    formatPart(446 * gib, 512 * gib),
    formatPart(11.6e12, 30.7e12),
    formatSize(124 * gib),
    formatSize(3.84e12),
  ]).toEqual(['446 of 512 GiB', '11.6 of 30.7 TB', '124 GiB', '3.8 TB']);
});

test('durations have at most two neighbouring units, and no seconds from a minute on', () => {
  const seconds = [
    0,
    40,
    6 * minute + 12,
    2 * hour + 9 * minute,
    3 * day + 4 * hour + 50 * minute,
    41 * day,
    1000 * day,
  ];
  expect(seconds.map(formatDuration)).toEqual(['0 s', '40 s', '6 m', '2 h 9 m', '3 d 4 h', '41 d', '1,000 d']);
});

test('an age has one unit', () => {
  expect([0, 4000, 59_999, 14 * 60_000, 3 * 3_600_000 + 1, 12 * 86_400_000].map(formatAge)).toEqual([
    '0 s',
    '4 s',
    '59 s',
    '14 m',
    '3 h',
    '12 d',
  ]);
});

test('a clock that ran ahead never gives a negative age', () => {
  expect([formatAge(-5000), formatDuration(-1)]).toEqual(['0 s', '0 s']);
});

test('times are local, with the day where it is another one and the zone where it is asked', () => {
  const now = Date.UTC(2026, 10, 23, 13, 2, 18);
  const before = Date.UTC(2026, 9, 12, 4, 14, 7);
  const berlin = 'Europe/Berlin';
  expect([formatTime(now, now, berlin), formatTime(before, now, berlin)]).toEqual(['14:02', '12 Oct, 06:14']);
  expect([formatExactTime(now, now, berlin), formatExactTime(before, now, berlin)]).toEqual([
    '14:02:18 CET',
    '12 Oct 2026, 06:14:07 CEST',
  ]);
});

test('a moment in a reason is the reader’s own time, exact with its zone, and UTC where it leaves the app', () => {
  const now = Date.UTC(2026, 10, 23, 13, 2, 18);
  const reason = `fenced at ${momentToken(Date.UTC(2026, 10, 23, 12, 30, 55))} by lab-c1`;
  const berlin = 'Europe/Berlin';
  expect([
    formatReason(reason, now, 'short', berlin),
    formatReason(reason, now, 'exact', berlin),
    formatReason(reason, now, 'short', 'America/New_York'),
    formatReason(reason, now + 86_400_000, 'exact', berlin),
    formatReason(reason, now, 'iso'),
    formatReason('libvirtd is silent {at:soon}', now),
  ]).toEqual([
    'fenced at 13:30 by lab-c1',
    'fenced at 13:30:55 CET by lab-c1',
    'fenced at 07:30 by lab-c1',
    'fenced on 23 Nov 2026, 13:30:55 CET by lab-c1',
    'fenced at 2026-11-23T12:30:55.000Z by lab-c1',
    'libvirtd is silent {at:soon}',
  ]);
});

test('words count', () => {
  expect([formatPlural(1, 'node'), formatPlural(1024, 'node'), sentence('it is so'), sentence('Is it?')]).toEqual([
    '1 node',
    '1,024 nodes',
    'it is so.',
    'Is it?',
  ]);
});
