import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ImportedHost } from '#shared/contract/regions.ts';
import { fail } from '#shared/problems.ts';
import { errorCode } from './error-code.ts';
import { importFrom } from './ssh-config-host.ts';
import { filesNamed } from './ssh-config-include.ts';
import { type ConfigUser, expandPath } from './ssh-config-paths.ts';
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
      const files = (await Promise.all(line.args.map((pattern) => filesOf(pattern, line, folder, user)))).flat();
      const included = await Promise.all(files.map((name) => readConfig(name, folder, user, depth + 1)));
      return { ...line, included };
    }),
  );
}

/** What a pattern of `Include` names; a relative one stands in `~/.ssh`. */
async function filesOf(
  pattern: string,
  line: ConfigLine,
  folder: string,
  user: ConfigUser,
): Promise<readonly string[]> {
  const expanded = expandPath(pattern, { d: user.home, u: user.name }, user, folder);
  if (expanded.kind === 'unknown')
    return unreadable(line.file, `cannot be understood: for line ${line.line} ${expanded.why}`);
  const named = await filesNamed(expanded.path);
  if (named.kind === 'files') return named.files;
  return unreadable(named.folder, `cannot be listed (${named.code})`, named.cause);
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
