import {
  array,
  assert as checkAll,
  asyncProperty,
  constantFrom,
  nat,
  oneof,
  property,
  record,
  string,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginSection,
  frameSections,
  headingInHereDocument,
  runSections,
  section,
  sectionOf,
  sectionScript,
  splitSections,
  type SectionedOutput,
  type Sections,
} from '../../../../electron/core/ssh/sections.ts';
import { localShell } from '../cluster/local-shell.ts';

const options = { deadlineMs: 5_000 };
const otherRun = 'fedcba9876543210fedcba9876543210';

function valueOf(output: SectionedOutput): Sections {
  const split = splitSections(output);
  if (split.kind === 'unknown') throw new Error(split.because);
  return split.value;
}

function runOutput(lines: readonly string[], args: readonly string[] = []): Promise<SectionedOutput> {
  return runSections(localShell(''), { script: sectionScript(lines), args, privilege: 'none' }, options);
}

async function run(lines: readonly string[], args: readonly string[] = []): Promise<Sections> {
  return valueOf(await runOutput(lines, args));
}

/** What somebody could write who knows the format, an old constant mark and every run before this one. */
const forgeries = [
  '\n@@rackside list\n0000 no-such-vm\n\n@@rackside list.status 0\n\n@@rackside end\n',
  `\n${otherRun} begin list\nforged\n\n${otherRun} status 0\n\n${otherRun} complete\n`,
  '\n begin list\nforged\n\n status 0\n\n complete\n',
  '\n$rackside_nonce begin list\nforged\n\n$rackside_nonce complete\n',
  'rackside-0123456789abcdef begin list\nforged\n\nrackside-0123456789abcdef end list 0\n',
] as const;

describe('sections', () => {
  it('bring each tool its own output, complaint and exit status, also without a line break at the end', async () => {
    const sections = await run([
      section('first', `printf one; echo oops >&2`),
      section('second', 'no-such-tool'),
      section('third', '(exit 3)'),
    ]);
    expect(sectionOf(sections, 'first')).toEqual({ text: 'one', error: 'oops', status: 0 });
    expect(sectionOf(sections, 'second')).toMatchObject({ text: '', status: 127 });
    expect(sectionOf(sections, 'second').error).toContain('not found');
    expect(sectionOf(sections, 'third')).toEqual({ text: '', error: '', status: 3 });
  });

  it('let no tool read the rest of the script as its input', async () => {
    const sections = await run([section('greedy', 'cat'), section('after', 'echo still here')]);
    expect(sectionOf(sections, 'greedy').text).toBe('');
    expect(sectionOf(sections, 'after').text).toBe('still here\n');
  });

  it('leave a command its own arguments, the first of them as $1', async () => {
    const sections = await run([section('args', `printf '%s|' "$#" "$@"`)], ['a b', '', `'$x'\n`]);
    expect(sectionOf(sections, 'args').text).toBe(`3|a b||'$x'\n|`);
  });

  it('can begin between two files of one cat', async () => {
    const sections = await run([
      beginSection('one'),
      `cat /dev/null - /dev/null <<@@\n${headingInHereDocument('two')}@@`,
      'echo of two',
    ]);
    expect([...sections]).toEqual([
      ['one', { text: '', error: '', status: null }],
      ['two', { text: 'of two\n', error: '', status: null }],
    ]);
  });

  it('carry a nonce of their own in every run, which is in no environment', async () => {
    const script = [section('told', 'env | grep -c "$rackside_nonce"')];
    const [first, second] = [await runOutput(script), await runOutput(script)];
    expect(first.nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(second.nonce).not.toBe(first.nonce);
    expect(sectionOf(valueOf(first), 'told').text).toBe('0\n');
  });

  it('are none where nobody gave a nonce', async () => {
    const script = sectionScript([section('a', 'echo a')]);
    const { stdout, stderr } = await localShell('').run({ script, privilege: 'none' }, options);
    expect(stdout).toBe('');
    expect(stderr).toContain('needs a nonce');
  });

  it('are not believed where the answer broke off, wherever it did, which is named', () => {
    const whole = frameSections([
      { name: 'one', text: 'x\n', status: 0 },
      { name: 'two', text: 'y\n', error: 'z', status: 1 },
    ]);
    const broken = { kind: 'unknown', because: "the node's answer broke off in “two”" };
    expect(splitSections({ ...whole, stdout: whole.stdout.slice(0, -10) })).toEqual(broken);
    expect(splitSections({ ...whole, stderr: whole.stderr.slice(0, -10) })).toEqual(broken);
    for (const stream of ['stdout', 'stderr'] as const) {
      checkAll(
        property(nat(whole[stream].length - 1), (length) => {
          expect(splitSections({ ...whole, [stream]: whole[stream].slice(0, length) }).kind).toBe('unknown');
        }),
      );
    }
  });
});

describe('text of a tool', () => {
  it.each(forgeries)('that looks like a mark changes nothing, on either stream: %j', async (forgery) => {
    const print = `printf '%s' "$1"; printf '%s' "$1" >&2; (exit 1)`;
    const sections = await run(
      [section('list', 'echo real'), section('dumpxml', print), section('after', ':')],
      [forgery],
    );
    expect([...sections]).toEqual([
      ['list', { text: 'real\n', error: '', status: 0 }],
      ['dumpxml', { text: forgery, error: forgery.trim(), status: 1 }],
      ['after', { text: '', error: '', status: 0 }],
    ]);
  });

  it('that is the whole answer of an earlier run changes nothing', async () => {
    const script = [section('list', `printf '%s' "$1"`)];
    const earlier = await runOutput(script, ['forged']);
    expect([...(await run(script, [earlier.stdout]))]).toEqual([
      ['list', { text: earlier.stdout, error: '', status: 0 }],
    ]);
  });

  const piece = oneof(
    constantFrom(...forgeries, '\n', otherRun, ' begin ', ' complete\n', '@@rackside'),
    string({ unit: 'binary', maxLength: 20 }),
  );
  const text = array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

  it('comes out of a frame byte for byte, whatever it is', () => {
    checkAll(
      property(array(record({ text, error: text, status: nat(255) }), { maxLength: 5 }), (parts) => {
        const named = parts.map((part, index) => ({ name: `part-${index}`, ...part }));
        const sections = valueOf(frameSections(named));
        expect([...sections]).toEqual(
          named.map(({ name, text: said, error, status }) => [name, { text: said, error: error.trim(), status }]),
        );
      }),
    );
  });

  it('comes out of a real shell byte for byte, but for the NUL that no argument can hold', async () => {
    await checkAll(
      asyncProperty(text, async (said) => {
        const sent = said.replaceAll('\0', '').toWellFormed();
        const sections = await run([section('text', `printf '%s' "$1"`)], [sent]);
        expect([...sections]).toEqual([['text', { text: sent, error: '', status: 0 }]]);
      }),
      { numRuns: 25 },
    );
  });
});
