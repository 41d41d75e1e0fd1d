import { expect, test } from 'vitest';
import { sudoProblem } from '../../../../electron/core/ssh/sudo.ts';

const login = { scope: 'r1', user: 'bare', host: 'c2', machine: 'c2' };
const message = (words: string) => sudoProblem(words, true, login).message;

test('sudo’s own words stand inside of a sentence, without their full stop', () => {
  const rest = 'Everything that needs no root rights is still shown.';
  // sudo 1.9 says it in two lines, and older ones in one.
  expect(message('bare is not in the sudoers file.\nThis incident has been reported to the administrator.\n')).toBe(
    `bare may not use sudo for a root shell on c2 (bare is not in the sudoers file). ${rest}`,
  );
  expect(message('\nbare is not in the sudoers file.  This incident will be reported.\n')).toBe(
    `bare may not use sudo for a root shell on c2 (bare is not in the sudoers file.  This incident will be reported). ${rest}`,
  );
  const opened = (words: string) => sudoProblem(words, false, login).message;
  expect([opened('sudo: the account is locked.\n'), opened('')]).toEqual([
    `sudo on c2 opened no root shell for bare (sudo: the account is locked). ${rest}`,
    `sudo on c2 opened no root shell for bare (it said nothing). ${rest}`,
  ]);
});
