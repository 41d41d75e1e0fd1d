import { expect, test } from 'vitest';
import { KnownTexts, sectionUnlessKnown } from '../../../../electron/core/ssh/known-texts.ts';
import { runSections, section, sectionScript, splitSections } from '../../../../electron/core/ssh/sections.ts';
import type { Sections } from '../../../../electron/core/ssh/sections.ts';
import { localShell } from '../cluster/local-shell.ts';

/** Asks this machine's own `sh`; `sent` is what came over the line. */
async function ask(
  known: KnownTexts,
  script: string,
  essence = 'cat',
  before = ':',
): Promise<{ sent: string; told: Sections }> {
  const lines = [before, sectionUnlessKnown('a', script, '"$1"', essence), section('b', 'echo after')];
  const command = { script: sectionScript(lines), args: known.digests(), privilege: 'none' } as const;
  const output = await runSections(localShell(''), command, { deadlineMs: 5_000 });
  const split = splitSections(output);
  if (split.kind === 'unknown') throw new Error(split.because);
  return { sent: split.value.get('a')?.text ?? '', told: known.complete(split.value) };
}

test('a text that the asker has is not sent again, and stands in the answer all the same', async () => {
  const known = new KnownTexts(['a']);
  const first = await ask(known, "printf 'straße %%s \\\\n\\n  two'; echo odd >&2; (exit 3)");
  const again = await ask(known, "printf 'straße %%s \\\\n\\n  two'; echo odd >&2; (exit 3)");
  expect(first.sent).toBe('straße %s \\n\n  two\n');
  expect(again.sent).toBe('');
  expect([again.told.get('a'), again.told.get('b')]).toStrictEqual([
    { text: first.sent, error: 'odd', status: 3 },
    { text: 'after\n', error: '', status: 0 },
  ]);
});

test('a text that changed is sent, and the one before it too when it comes back', async () => {
  const known = new KnownTexts(['a']);
  const said = [];
  for (const text of ['one', 'two', 'two', 'one']) said.push(await ask(known, `echo ${text}`));
  expect(said.map(({ sent }) => sent)).toStrictEqual(['one\n', 'two\n', '', 'one\n']);
  expect(said.map(({ told }) => told.get('a')?.text)).toStrictEqual(['one\n', 'two\n', 'two\n', 'one\n']);
});

test('what only tells the time is no change', async () => {
  const known = new KnownTexts(['a']);
  const essence = "sed 's/at=[0-9]*//'";
  await ask(known, 'echo x at=1', essence);
  const later = await ask(known, 'echo x at=2', essence);
  expect([later.sent, later.told.get('a')?.text]).toStrictEqual(['', 'x at=1\n']);
});

test.each([
  ['what makes it shorter is not there', 'no-such-filter'],
  ['what makes it shorter fails midway', 'head -c 1; false'],
])('where %s, every text comes whole: two that differ are never taken for one', async (_, essence) => {
  const known = new KnownTexts(['a']);
  const said = [];
  for (const text of ['x1', 'x1', 'x2']) said.push((await ask(known, `echo ${text}`, essence)).sent);
  expect(said).toStrictEqual(['x1\n', 'x1\n', 'x2\n']);
});

test('without sha256sum every text comes whole', async () => {
  const known = new KnownTexts(['a']);
  const without = 'sha256sum() { return 127; }';
  for (let round = 0; round < 2; round += 1) expect((await ask(known, 'echo x', undefined, without)).sent).toBe('x\n');
});

test('what is forgotten comes whole again', async () => {
  const known = new KnownTexts(['a']);
  await ask(known, 'echo x');
  known.forget();
  expect((await ask(known, 'echo x')).sent).toBe('x\n');
});

test('an empty text is known like any other', async () => {
  const known = new KnownTexts(['a']);
  await ask(known, 'true');
  expect((await ask(known, 'true')).told.get('a')?.text).toBe('\n');
});
