import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseXml, type XmlElement } from '../../../../electron/core/xml/xml.ts';
import { plainXml, type PlainXml } from '../../../helpers/plain-xml.ts';
import { capture } from '../cluster/capture.ts';

const folder = fileURLToPath(new URL('../../../fixtures/captures/', import.meta.url));
// What virsh prints of several machines is several documents in one file.
const captures = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.xml') && !file.includes('virsh-'),
);

const plain = (element: XmlElement): PlainXml => ({
  name: element.name,
  attributes: Object.fromEntries(element.attributes),
  children: element.children.map(plain),
});

test('every captured document is the tree that another reader makes of it', () => {
  expect(captures.length).toBeGreaterThan(60);
  for (const file of captures) {
    const text = capture(join(file));
    const root = parseXml(text);
    if (root === undefined) {
      // A capture that was made while the cluster stopped may be empty.
      expect(text.trim(), file).toBe('');
      continue;
    }
    expect(plain(root), file).toEqual(plainXml(text));
  }
});

test('a document that is cut off anywhere is none', () => {
  const text = capture('healthy/lab-c1/crm_mon.xml').trimEnd();
  for (let end = 0; end < text.length; end += 1) expect(parseXml(text.slice(0, end))).toBeUndefined();
});

describe('what XML allows', () => {
  test.each([
    ['<?xml version="1.0"?>\n<!-- <a> --><a/>\n<!-- end -->', {}, ''],
    [
      `<a b='1 "2"' c = "&lt;&#10;&#x41;&amp;amp;"> x <![CDATA[<y>&lt;]]> </a>`,
      { b: '1 "2"', c: '<\nA&amp;' },
      'x <y>&lt;',
    ],
    ['<a __proto__="1" constructor="2"/>', { ['__proto__']: '1', constructor: '2' }, ''],
  ])('%j', (text, attributes, words) => {
    const root = parseXml(text);
    expect([...(root?.attributes ?? [])]).toEqual(Object.entries(attributes));
    expect(root?.text).toBe(words);
  });
});

test.each([
  '',
  'x',
  '<a/><b/>',
  '<a></b>',
  '<a',
  '<a b=1/>',
  '<a b="1" b="2"/>',
  '<a/>x',
  '<!DOCTYPE a [<!ENTITY b "c">]><a/>',
  '<a><!--',
  '<a><![CDATA[',
  '</a>',
])('%j is no document', (text) => {
  expect(parseXml(text)).toBeUndefined();
});
