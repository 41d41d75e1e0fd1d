import { expect, test } from 'vitest';
import { compareVersions, parseVersion } from '../../../../electron/core/updates/version.ts';

const read = (text: string) => {
  const version = parseVersion(text);
  if (!version) throw new Error(`${text} was not read`);
  return version;
};

test('versions are ordered as semver.org says, each before the next', () => {
  const ordered = [
    '0.1.0',
    '0.1.9',
    '0.1.10',
    '0.2.0',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-beta.9007199254740993',
    '1.0.0-beta.90071992547409931',
    '1.0.0-rc.1',
    '1.0.0',
    '2.0.0',
    '10.0.0',
  ];
  for (const [index, left] of ordered.entries()) {
    for (const [other, right] of ordered.entries()) {
      const order = Math.sign(compareVersions(read(left), read(right)));
      expect(order, `${left} beside ${right}`).toBe(Math.sign(index - other));
    }
  }
});

test('a build is no newer version', () => {
  expect(compareVersions(read('0.1.0+20261123'), read('0.1.0'))).toBe(0);
});

test('what is no version is not taken for one', () => {
  const texts = [
    '',
    '1',
    '1.0',
    'v1.0.0',
    '01.0.0',
    '1.0.0-',
    '1.0.0-01',
    '1.0.0 ',
    '1.0.0\n',
    `1.0.0-${'a'.repeat(80)}`,
  ];
  expect(texts.filter((text) => parseVersion(text) !== undefined)).toEqual([]);
});
