import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  frameSections,
  section,
  sectionOf,
  sectionScript,
  splitSections,
  type Sections,
} from '../../../../electron/core/probes/sections.ts';

function run(script: string): Sections {
  const { stdout, stderr, status } = spawnSync('sh', ['-s'], { input: script, encoding: 'utf8' });
  const parsed = splitSections({ stdout, stderr, exitStatus: status });
  if (parsed.kind === 'unknown') throw new Error(parsed.because);
  return parsed.value;
}

describe('sections', () => {
  it('bring each tool its own output, complaint and exit status, also without a line break at the end', () => {
    const sections = run(
      sectionScript([
        section('first', `printf one; echo oops >&2`),
        section('second', 'no-such-tool'),
        section('third', '(exit 3)'),
      ]),
    );
    expect(sectionOf(sections, 'first')).toEqual({ text: 'one', error: 'oops', status: 0 });
    expect(sectionOf(sections, 'second')).toMatchObject({ text: '', status: 127 });
    expect(sectionOf(sections, 'second').error).toContain('not found');
    expect(sectionOf(sections, 'third')).toEqual({ text: '', error: '', status: 3 });
  });

  it('let no tool read the rest of the script as its input', () => {
    const sections = run(sectionScript([section('greedy', 'cat'), section('after', 'echo still here')]));
    expect(sectionOf(sections, 'greedy').text).toBe('');
    expect(sectionOf(sections, 'after').text).toBe('still here\n');
  });

  it('come out of a framed answer byte for byte', () => {
    const parts = [
      { name: 'plain', text: 'a\n\nb', error: 'e', status: 0 },
      { name: 'empty', text: '', error: '', status: 2 },
    ];
    const parsed = splitSections(frameSections(parts));
    if (parsed.kind === 'unknown') throw new Error(parsed.because);
    expect(parts.map(({ name }) => ({ name, ...sectionOf(parsed.value, name) }))).toEqual(parts);
  });

  it('are not believed where the answer broke off, which is named', () => {
    const whole = frameSections([
      { name: 'one', text: 'x\n' },
      { name: 'two', text: 'y\n' },
    ]);
    expect(splitSections({ ...whole, stdout: whole.stdout.slice(0, -10) })).toEqual({
      kind: 'unknown',
      because: 'the node’s answer broke off in “two”'.replace('’', "'"),
    });
  });
});
