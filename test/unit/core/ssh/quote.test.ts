import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote, quoteAll } from '../../../../electron/core/ssh/quote.ts';

/** What a real /bin/sh makes of the words: each argument, ended by a NUL. */
function argumentsSeenBySh(words: string): readonly string[] {
  const out = execFileSync('/bin/sh', ['-s'], { input: `set -- ${words}\nprintf '%s\\0' "$@"` });
  return out.toString('utf8').split('\0').slice(0, -1);
}

const hostile = fc.oneof(
  fc.constantFrom(
    ';',
    '$',
    '(',
    ')',
    '\n',
    '\r',
    "'",
    '"',
    '\\',
    '`',
    '!',
    '#',
    '~',
    '*',
    '&',
    '|',
    '<',
    '>',
    '\t',
    ' ',
  ),
  fc.constantFrom('$(id)', '`id`', "';id;'", '\\\n', '-n', '--', '%s', 'ä', '日本', '🖧', '\u2028'),
  // No lone surrogates: they have no UTF-8, so no process could ever have been given them.
  fc.string({ unit: 'grapheme', maxLength: 6 }).filter((text) => !text.includes('\0') && text.isWellFormed()),
);
const argument = fc.array(hostile, { maxLength: 12 }).map((parts) => parts.join(''));

test('R27: whatever a remote argument contains, a real sh receives exactly that', () => {
  fc.assert(
    fc.property(fc.array(argument, { minLength: 1, maxLength: 40 }), (args) => {
      expect(argumentsSeenBySh(quoteAll(args))).toEqual(args);
    }),
    { numRuns: 150 },
  );
});

test('R27: an argument with a NUL byte is refused, because a process would receive only its beginning', () => {
  expect(() => quote('a\0b')).toThrow(/NUL/);
});
