import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { ImportedHost } from '#shared/contract/regions.ts';
import { fail } from '#shared/problems.ts';
import { errorCode } from './error-code.ts';
import { wildcardMatches } from './known-hosts.ts';
import { type ConfigUser, expandPath, importFrom } from './ssh-config-host.ts';
import { type ConfigLine, parseSshConfig } from './ssh-config-text.ts';

/** Reads what `~/.ssh/config` says of a host, for the form in which a region is added. */
export type ImportHost = (host: string) => Promise<ImportedHost>;

/** `Include` inside `Include`: OpenSSH stops at 16 as well. */
const mostIncludes = 16;

/**
 * An importer over the user's file, e.g. `/home/tech/.ssh/config`. It is read anew each time, because people edit it meanwhile.
 * Fails with `ssh-config-unreadable` where a file is missing, unreadable or malformed, or the way to the host is one we cannot go.
 */
export function createImportHost(options: { readonly configFile: string; readonly user: ConfigUser }): ImportHost {
  return async (host) => {
    const lines = await readConfig(options.configFile, dirname(options.configFile), options.user, 0);
    const found = importFrom(lines, host, options.user);
    if (found.kind === 'host') return found.host;
    return fail({
      code: 'ssh-config-unreadable',
      message: `The settings of ${host} in ${found.from} cannot be used: ${found.why}.`,
      advice: 'Enter the address and its jump hosts by hand.',
    });
  };
}

async function readConfig(
  file: string,
  folder: string,
  user: ConfigUser,
  depth: number,
): Promise<readonly ConfigLine[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return unreadable(file, `cannot be read (${errorCode(error)})`, error);
  }
  const parsed = parseSshConfig(text, file);
  if (parsed.kind === 'malformed')
    return unreadable(file, `cannot be understood: in line ${parsed.line} ${parsed.why}`);
  if (depth >= mostIncludes)
    return unreadable(file, 'is included too deeply; the files include each other in a circle');
  return Promise.all(
    parsed.lines.map(async (line) => {
      if (line.keyword !== 'include') return line;
      const files: string[] = [];
      for (const pattern of line.args) files.push(...(await filesOf(expandPath(pattern, {}, user), folder)));
      const included = await Promise.all(files.map((name) => readConfig(name, folder, user, depth + 1)));
      return { ...line, included };
    }),
  );
}

/** Files a pattern of `Include` names, sorted as glob(3) does; a relative one stands in `~/.ssh`, and none at all is not an error. */
async function filesOf(pattern: string, folder: string): Promise<readonly string[]> {
  const path = isAbsolute(pattern) ? pattern : join(folder, pattern);
  const parent = dirname(path);
  const name = basename(path);
  try {
    const entries = await readdir(parent, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && (name.startsWith('.') || !entry.name.startsWith('.')))
      .filter((entry) => wildcardMatches(name, entry.name))
      .map((entry) => join(parent, entry.name))
      .toSorted();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    return unreadable(parent, `cannot be listed (${errorCode(error)})`, error);
  }
}

function unreadable(file: string, why: string, cause?: unknown): never {
  return fail(
    {
      code: 'ssh-config-unreadable',
      message: `The SSH settings in ${file} were not imported: the file ${why}.`,
      advice: 'Mend the file, or enter the address and the login by hand.',
    },
    cause,
  );
}
