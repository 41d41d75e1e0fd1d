import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '#shared/problems.ts';
import { parseXml } from '../../../../../electron/core/cluster/pacemaker/read/xml.ts';
import { clusterName, element, elementFrom, xpathText } from '../../../../../electron/core/cluster/writes/xml-text.ts';

describe('XML that is written into the cluster', () => {
  test('whatever an attribute holds, a strict parser reads exactly that', () => {
    const value = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(value, (text) => {
        // oxlint-disable-next-line no-control-regex -- The characters that are refused.
        if (/[\u0000-\u001f\u007f\ufffe\uffff]/u.test(text)) {
          expect(() => element('nvpair', { value: text })).toThrow(/control character/u);
          return;
        }
        const made = element('set', { id: 'x' }, [element('nvpair', { value: text, name: undefined })]);
        const [nvpair] = parseXml(made.text)?.children ?? [];
        expect(nvpair?.attributes).toEqual(new Map([['value', text]]));
      }),
      { numRuns: 300 },
    );
  });

  test('an element that was read is put back as it stands, and what is none is refused', () => {
    const read = '<rsc_location id="l" rsc="vm1" node="c2" score="50"/>';
    expect(elementFrom(read).text).toBe(read);
    for (const none of ['', 'text', '<a/><b/>', '<a>', '<!DOCTYPE a [<!ENTITY e "x">]><a/>'])
      expect(() => elementFrom(none)).toThrow(/not one XML element/u);
  });

  test('a name that could be an option, an XPath or a path is not written, and nothing is changed for it', () => {
    for (const name of ['c2', 'lab-c2.example.net', '10-0-0-1', 'vm_1', 'knöten'] as const)
      expect(clusterName(name)).toBe(name);
    for (const name of [
      '',
      '-f',
      '.x',
      'a b',
      'a"b',
      "a'b",
      'a;b',
      'a$b',
      'a(b)',
      'a\nb',
      'a/b',
      'a[1]',
      'a|b',
      'x'.repeat(201),
    ])
      expect(() => clusterName(name)).toThrow(ProblemError);
  });

  test('a literal of XPath is never ended by what it holds', () => {
    expect(xpathText(`a'b`)).toBe(`"a'b"`);
    expect(xpathText('a"b')).toBe(`'a"b'`);
    expect(() => xpathText(`a'b"c`)).toThrow(/both kinds of quotes/u);
  });
});
