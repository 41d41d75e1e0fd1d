import { spawnSync } from 'node:child_process';
import fc from 'fast-check';

/** Text that a shell would read otherwise, were it not quoted (R27). Nothing with a NUL or a lone surrogate: no process can be given it. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(';', '$', '(', ')', '\n', "'", '"', '\\', '`', '!', '*', '&', '|', '<', '>', ' ', '%', '#'),
      fc.constantFrom('$(id)', '`id`', "';id;'", '${HOME}', '$$', '$HOME', '-rf', '--force', '%n', 'ä', '日本', '\\\n'),
      fc.string({ unit: 'grapheme', maxLength: 5 }).filter((text) => !text.includes('\0') && text.isWellFormed()),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** What a real /bin/sh gives as positional parameters after it ran `text`. */
export function parametersAfter(text: string): readonly string[] {
  const { stdout } = spawnSync('/bin/sh', ['-s'], { input: `${text}\nprintf '%s\\0' "$@"`, encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}
