import { expect, test } from 'vitest';
import { nodeId } from '#shared/model/ids.ts';
import { isVerbAlone, paletteGroups, type PaletteWorld } from '../../../../renderer/features/palette/entries.ts';
import { row } from '../../../e2e/helpers/rows.ts';

const now = Date.UTC(2026, 10, 23, 13, 2);
const rows = new Map(
  [
    row({ name: 'r06-n10', address: '10.42.6.10' }, now),
    row({ name: 'r06-n2', address: '10.42.6.2', tags: ['gpu'] }, now),
    row({ name: 'ctl-1', address: '10.42.0.11', role: 'control' }, now),
    row({ name: 'x-r06', address: '10.42.9.9' }, now),
    ...Array.from({ length: 12 }, (_none, index) => row({ name: `r07-n${index + 1}` }, now)),
  ].map((one) => [one.id, one]),
);
const idOf = (name: string) => [...rows.values()].find((one) => one.name === name)?.id ?? nodeId('none');
const world: PaletteWorld = {
  rows,
  subjects: [],
  commands: [
    { command: 'maintenance', label: 'Maintenance…', icon: 'power' },
    { command: 'activate', label: 'Activate', icon: 'play' },
  ],
  refusal: (command) => (command === 'activate' ? 'Only from In maintenance.' : undefined),
  operations: [],
  regions: [],
  pages: [
    { id: 'page nodes', label: 'Nodes', more: 'page', icon: 'nodes', act: { kind: 'page', page: 'nodes' } },
    { id: 'page settings', label: 'Settings', more: 'page', icon: 'gear', act: { kind: 'page', page: 'settings' } },
  ],
  app: [{ id: 'theme dark', label: 'Theme: dark', more: '', icon: 'moon', act: { kind: 'theme', theme: 'dark' } }],
};
const told = (query: string, in_: PaletteWorld = world) =>
  paletteGroups(query, in_).map(({ title, entries }) => [
    title,
    ...entries.map(({ label, more }) => `${label} ${more}`),
  ]);

test('a node is found by its name, address or tag; what begins so comes first, numbers as a person counts', () => {
  expect(told('r06')).toEqual([['Nodes', 'r06-n2 10.42.6.2', 'r06-n10 10.42.6.10', 'x-r06 10.42.9.9']]);
  expect(told('GPU')).toEqual([['Nodes', 'r06-n2 10.42.6.2']]);
  expect(told('0.11')).toEqual([['Nodes', 'ctl-1 10.42.0.11']]);
});

test('of many nodes the first are listed, and how many there are is said', () => {
  const [group] = paletteGroups('r07', world);
  expect([group?.entries.length, group?.found]).toEqual([8, 12]);
});

test('a verb and a part of a name are the action of those nodes; one that is refused stands there with its reason', () => {
  expect(told('maint r06-n')).toEqual([['Actions', 'Maintenance… r06-n2', 'Maintenance… r06-n10']]);
  const [first] = paletteGroups('r06-n2 acti', world)[0]?.entries ?? [];
  expect(first).toMatchObject({
    refused: 'Only from In maintenance.',
    act: { kind: 'command', command: 'activate', nodeId: idOf('r06-n2') },
  });
  // One letter is the beginning of a name, not of a verb.
  expect(told('m')).toEqual([['Rackside', 'Theme: dark ']]);
});

test('without words it offers what is at hand: actions of what is looked at, and the pages', () => {
  expect(told('').map(([title]) => title)).toEqual(['Pages', 'Rackside']);
  const looking = { ...world, subjects: [idOf('ctl-1')] };
  expect(told('', looking)[0]).toEqual(['Actions', 'Maintenance… ctl-1', 'Activate ctl-1']);
  expect(told('main', looking)).toEqual([['Actions', 'Maintenance… ctl-1']]);
});

test('pages and commands of the app are found by every word of theirs', () => {
  expect(told('dark theme')).toEqual([['Rackside', 'Theme: dark ']]);
  expect(told('sett')).toEqual([['Pages', 'Settings page']]);
  expect(told('nothing like that')).toEqual([]);
});

test('a verb alone lacks its node; a name, or nothing, does not', () => {
  expect(['maint', 'activate', 'r06', 'maint r06', ''].map((query) => isVerbAlone(query, world))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
