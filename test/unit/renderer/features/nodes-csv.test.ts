import { expect, test } from 'vitest';
import { momentToken } from '#shared/model/moment.ts';
import { unknown } from '#shared/model/reading.ts';
import { csvField, nodesToCsv } from '../../../../renderer/features/nodes/csv.ts';
import { frankfurt } from '../../../e2e/helpers/region.ts';
import { row } from '../../../e2e/helpers/rows.ts';

const now = Date.UTC(2026, 10, 23, 13, 2);

test('what a spreadsheet would take for a formula is made text', () => {
  expect(['=1+1', '+1', '-1', '@x', '\tx', '10.42.1.1', 'a,b', 'say "no"', 'a\nb'].map(csvField)).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@x",
    "'\tx",
    '10.42.1.1',
    '"a,b"',
    '"say ""no"""',
    '"a\nb"',
  ]);
});

test('the shown columns come in their order, with the reason, and when the status and the oldest value were read', () => {
  const measured = row({ name: 'n1', cpu: 12.34, reason: 'libvirtd is silent', status: 'failed' }, now);
  const readAt = now - 90_000;
  const node = { ...measured, status: { ...measured.status, readAt }, vcpus: unknown('no answer') };
  expect(nodesToCsv([node], ['name', 'status', 'cpu', 'vcpus', 'memory'], frankfurt)).toBe(
    'Name,Status,"CPU (used, %)",vCPUs,"Memory (installed, GiB)",Reason,Status read at,Oldest value read at\r\n' +
      'n1,Failed,12.3,not known,512,libvirtd is silent,2026-11-23T13:00:30.000Z,2026-11-23T13:01:58.500Z\r\n',
  );
});

test('a moment in a reason leaves the app in UTC', () => {
  const reason = `fenced at ${momentToken(Date.UTC(2026, 10, 23, 12, 30, 55))} by lab-c1`;
  const text = nodesToCsv([row({ name: 'n1', status: 'fenced', reason }, now)], ['name'], frankfurt);
  expect(text.split('\r\n')[1]).toMatch(/^n1,fenced at 2026-11-23T12:30:55\.000Z by lab-c1,/);
});

test('what is worth a look stands beside the reason', () => {
  const node = row({ name: 'n1', reason: 'two pools' }, now);
  const warnings = ['not reachable from this laptop', 'two pools'];
  const text = nodesToCsv([{ ...node, status: { ...node.status, warnings } }], ['name'], frankfurt);
  expect(text.split('\r\n')[1]).toMatch(/^n1,two pools; not reachable from this laptop,/);
});

test('a status that was never read has no time', () => {
  const node = row({ name: 'n1' }, now);
  const text = nodesToCsv([{ ...node, status: { ...node.status, readAt: null } }], ['name'], frankfurt);
  expect(text.split('\r\n')[1]).toMatch(/^n1,[^,]*,,2026-/);
});

test('a demo region says that it is one', () => {
  expect(nodesToCsv([], ['name'], { ...frankfurt, name: 'Lakeside', demoLabel: 'Demo' }).split('\r\n')[0]).toBe(
    'Lakeside (Demo: simulated data)',
  );
});

test('not applicable is empty, never 0', () => {
  const candidate = row({ name: 'c', status: 'candidate', vmTotalGib: null }, now);
  const [, line] = nodesToCsv([candidate], ['vmMemoryTotal'], frankfurt).split('\r\n');
  expect(line?.startsWith(',')).toBe(true);
});
