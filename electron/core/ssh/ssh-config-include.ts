import { readdir, stat } from 'node:fs/promises';
import { join, parse, sep } from 'node:path';
import { errorCode } from './error-code.ts';

/** The files that a pattern names, or the folder on its way that does not let itself be read. */
export type NamedFiles =
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'unlisted'; readonly folder: string; readonly code: string; readonly cause: unknown };

/**
 * Files that an absolute pattern of `Include` names, sorted; none at all is not an error. As in glob(7), `*`, `?` and `[…]` may stand in
 * every part of the path, never match a `/`, and match a leading dot only where the pattern has one itself.
 */
export async function filesNamed(pattern: string): Promise<NamedFiles> {
  const { root } = parse(pattern);
  let paths: readonly string[] = [root];
  for (const part of pattern.slice(root.length).split(sep)) {
    if (!/[*?[]/.test(part)) {
      paths = paths.map((path) => join(path, part));
      continue;
    }
    const matches = matcherOf(part);
    const found: string[] = [];
    for (const path of paths) {
      try {
        for (const name of await readdir(path)) if (matches(name)) found.push(join(path, name));
      } catch (error) {
        // What is no folder, or is gone, has nothing in it that could match.
        if (isAbsent(error)) continue;
        return { kind: 'unlisted', folder: path, code: errorCode(error), cause: error };
      }
    }
    paths = found;
  }
  const files: string[] = [];
  for (const path of paths) if (await isThere(path)) files.push(path);
  return { kind: 'files', files: files.toSorted() };
}

/** A folder is no file to include. One that cannot be looked at is left for the reading to fail on, with its own words. */
async function isThere(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch (error) {
    return !isAbsent(error);
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
}

/** A name of one part of a path; what is no pattern, as `[z-a]`, matches nothing. */
function matcherOf(part: string): (name: string) => boolean {
  const source = part.replaceAll(/\[(!?)(\]?[^\]]*)\]|[\\^$.+()|[\]{}*?]/g, (found, negation: string, set?: string) => {
    if (set !== undefined) return `[${negation === '' ? '' : '^'}${set.replaceAll(/[\\\][^]/g, String.raw`\$&`)}]`;
    if (found === '*') return '.*';
    return found === '?' ? '.' : `\\${found}`;
  });
  let expression: RegExp;
  try {
    expression = new RegExp(`^${source}$`, 's');
  } catch {
    return () => false;
  }
  return (name) => expression.test(name) && (part.startsWith('.') || !name.startsWith('.'));
}
