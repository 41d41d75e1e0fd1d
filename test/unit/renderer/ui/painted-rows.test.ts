import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { nodeStatuses } from '#shared/lifecycle/statuses.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { nodeColumns } from '../../../../renderer/features/nodes/columns.tsx';
import { expand } from '../../../../renderer/ui/table/host-tree.ts';
import type { Host } from '../../../../renderer/ui/table/host-tree.ts';
import { patchChildren } from '../../../../renderer/ui/table/patch-hosts.ts';
import { rowMarkup } from '../../../../renderer/ui/table/row-markup.tsx';
import { random, row, trends } from '../../../e2e/helpers/rows.ts';
import type { RowWords } from '../../../e2e/helpers/rows.ts';

const now = Date.UTC(2026, 10, 23, 13, 2);

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;');

/** As `renderToStaticMarkup` writes it. */
function html(host: Host): string {
  if (typeof host === 'string') return escape(host);
  const attributes = Object.entries(host.attributes).map(([name, value]) => ` ${name}="${escape(value)}"`);
  const opening = `<${host.tag}${attributes.join('')}`;
  return host.tag === 'input' ? `${opening}/>` : `${opening}>${host.children.map(html).join('')}</${host.tag}>`;
}

const painted = (of: NodeRow, isSelected = false) =>
  rowMarkup({
    prefix: 'p',
    id: of.id,
    index: 4,
    data: { row: of, trends: trends(of, now, random(3)) ?? undefined, now },
    name: of.name,
    isSelected,
    columns: nodeColumns,
    widths: nodeColumns.map(({ width }) => width),
    hasMenu: true,
    activeColumn: 2,
  });

const states: readonly RowWords[] = [
  { name: 'fresh', cpu: 97, tags: ['gen3', 'nvme', 'a-very-long-tag', 'and-more'] },
  { name: 'old <b>&"\'', cpu: 40, silentForMs: 840_000 },
  { name: 'unread', cpu: null, address: null, status: 'candidate' },
  { name: 'doubted', cpu: 4, unknownSince: now - 90_000, reason: 'fenced by fra1 at 13:00' },
  { name: 'warned', cpu: 4, warnings: ['its clock is 4 s off'] },
  ...nodeStatuses.map((status) => ({ name: `n-${status}`, status, cpu: 12, reason: 'why' })),
];

test.each(states)('a row is painted as React would write it: $name', (words) => {
  const markup = painted(row(words, now), words.name === 'fresh');
  expect(expand(markup).map(html).join('')).toBe(renderToStaticMarkup(markup).replace(' readOnly=', ' readonly='));
});

test('a hook, a handler or a style in a cell is a mistake that shows', () => {
  expect(() => expand(createElement('button', { onClick: () => undefined }))).toThrow('has no “onClick”');
  expect(() => expand(createElement('i', { style: { color: 'red' } }))).toThrow('has no “style”');
});

test('a row whose picture is the same is not looked into', () => {
  const host: Host = {
    tag: 'tr',
    attributes: {},
    get children(): never {
      throw new Error('It was looked into.');
    },
  };
  const there = { nodeType: 1, ELEMENT_NODE: 1 };
  const section = { childNodes: [there] };
  patchChildren(section as unknown as Element, [host], [host]);
  expect(section.childNodes).toEqual([there]);
});
