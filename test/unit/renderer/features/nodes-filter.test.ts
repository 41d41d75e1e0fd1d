import { expect, test } from 'vitest';
import { countNodes, countTags, filterParts, matcher } from '../../../../renderer/features/nodes/filter.ts';
import { noFilter } from '../../../../renderer/state/view.ts';
import { row } from '../../../e2e/helpers/rows.ts';

const now = Date.UTC(2026, 10, 23, 13, 2);
const nodes = [
  row(
    { name: 'fra2-r01-n01', address: '10.42.1.1', tags: ['gen3', 'nvme'], serial: '7KX2P14', mac: 'B4:96:91:A4:22:10' },
    now,
  ),
  row({ name: 'Überlingen-2', address: '10.42.1.2', tags: ['gen3'], status: 'failed' }, now),
  row({ name: '10.42.8.16', address: '10.42.8.16', status: 'candidate' }, now),
  row({ name: '10.42.9.21', address: '10.42.9.21', status: 'inadequate' }, now),
  row({ name: '10.42.9.30', address: '10.42.9.30', status: 'rejected' }, now),
  row({ name: 'new', address: null, status: 'approved' }, now),
  row({ name: 'serviced', address: null, status: 'in-maintenance' }, now),
];
const found = (search: string): readonly string[] =>
  nodes.filter(matcher({ ...noFilter, search })).map(({ name }) => name);

test('search finds by name, address, tag, serial and MAC, whatever the case', () => {
  expect([found('R01-N01'), found('10.42.1.1'), found('NVME'), found('7kx2p14'), found('b4:96:91:a4')]).toEqual(
    Array.from({ length: 5 }, () => ['fra2-r01-n01']),
  );
  expect(found('überlingen')).toEqual(['Überlingen-2']);
});

test('several words must all be found, and none is found across two fields', () => {
  expect(found('gen3 nvme')).toEqual(['fra2-r01-n01']);
  expect(found('gen3nvme')).toEqual([]);
});

test('the built-in filters count what the specification says they show', () => {
  const { all, builtIn } = countNodes(nodes);
  expect({ all, builtIn }).toEqual({
    all: 7,
    builtIn: { active: 1, candidate: 4, inadequate: 1, 'in-maintenance': 1 },
  });
});

test('a tag counts the nodes that have it', () => {
  const tags = countTags(nodes);
  expect([tags.get('gen3'), tags.get('none of them')]).toEqual([
    nodes.filter((one) => one.tags.includes('gen3')).length,
    undefined,
  ]);
});

test('every chosen tag must be there, any chosen status will do', () => {
  const names = (filter: Partial<typeof noFilter>) =>
    nodes.filter(matcher({ ...noFilter, ...filter })).map(({ name }) => name);
  expect(names({ tags: ['gen3', 'nvme'] })).toEqual(['fra2-r01-n01']);
  expect(names({ statuses: ['failed', 'candidate'] })).toEqual(['Überlingen-2', '10.42.8.16']);
});

test('a filter that hides all can name each of its parts and be told without it', () => {
  const parts = filterParts({ builtIn: 'active', search: ' x ', statuses: ['fenced', 'failed'], tags: ['gpu-a40'] });
  expect(parts.map(({ label }) => label)).toEqual(['Active', 'status Fenced or Failed', 'tag “gpu-a40”', 'search “x”']);
  expect(parts[2]?.without.tags).toEqual([]);
});
