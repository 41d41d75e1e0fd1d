import { join } from 'node:path';
import type { ImportedHost } from '#shared/contract/regions.ts';
import { type ConfigLine, settingsFor } from './ssh-config-text.ts';

/** Who asks, for `~`, `%d` and `%u`. */
export interface ConfigUser {
  readonly home: string;
  readonly name: string;
}

/** A host's settings, or why its way cannot be gone by us. */
export type HostImport =
  | { readonly kind: 'host'; readonly host: ImportedHost }
  | { readonly kind: 'unsupported'; readonly why: string; readonly from: string };

type Jump = ImportedHost['jumps'][number];

/** More hops than this are a circle in the file. */
const mostHops = 8;

/**
 * What the files say of a host: HostName, Port, User, IdentityFile (all of them), ProxyJump with the jump hosts' own settings.
 * A `ProxyCommand ssh -W %h:%p JUMP` is the older spelling of a ProxyJump and is read as one; any other command is not run.
 */
export function importFrom(lines: readonly ConfigLine[], typed: string, user: ConfigUser): HostImport {
  const settings = settingsFor(lines, typed);
  const first = (keyword: string) => settings.find((line) => line.keyword === keyword);
  const hostName = first('hostname');
  const port = first('port');
  const login = first('user');
  const tokens = { h: typed, p: port?.args[0] ?? '22', r: login?.args[0] ?? user.name, u: user.name, d: user.home };
  const host = hostName === undefined ? typed : expand(hostName.args[0] ?? typed, tokens);
  const keyLines = settings.filter((line) => line.keyword === 'identityfile');
  const keyFiles = keyLines
    .map((line) => line.args[0] ?? 'none')
    .filter((file) => file.toLowerCase() !== 'none')
    .map((file) => expandPath(file, { ...tokens, h: host }, user));
  const way = settings.find((line) => line.keyword === 'proxyjump' || line.keyword === 'proxycommand');
  const jumps = jumpsOf(lines, way, user, 0);
  if (typeof jumps === 'string') return { kind: 'unsupported', why: jumps, from: placeOf(way) };
  return {
    kind: 'host',
    host: {
      host,
      port: portOf(port?.args[0]) ?? 22,
      user: login?.args[0] ?? null,
      keyFiles,
      jumps,
      from: [hostName, port, login, ...keyLines, way].filter((line) => line !== undefined).map(placeOf),
    },
  };
}

function jumpsOf(
  lines: readonly ConfigLine[],
  way: ConfigLine | undefined,
  user: ConfigUser,
  depth: number,
): readonly Jump[] | string {
  if (way === undefined || way.args[0]?.toLowerCase() === 'none') return [];
  if (depth >= mostHops) return 'its jump hosts refer to each other in a circle';
  const text = way.keyword === 'proxyjump' ? way.args.join('') : jumpOfCommand(way.args);
  if (text === undefined) return 'it is reached by a ProxyCommand, which Rackside does not run';
  const names = text.split(',').filter((name) => name !== '');
  const jumps: Jump[] = [];
  for (const [index, name] of names.entries()) {
    const jump = parseJump(name);
    if (jump === undefined) return `its jump host ${name} is not of the form user@host:port`;
    const settings = settingsFor(lines, jump.host);
    const value = (keyword: string) => settings.find((line) => line.keyword === keyword)?.args[0];
    if (index === 0) {
      // Only the first hop is reached by its own settings: for the others `ssh -J` names the hop before.
      const before = jumpsOf(
        lines,
        settings.find((line) => line.keyword === 'proxyjump' || line.keyword === 'proxycommand'),
        user,
        depth + 1,
      );
      if (typeof before === 'string') return before;
      jumps.push(...before);
    }
    const port = jump.port ?? portOf(value('port')) ?? 22;
    const login = jump.user ?? value('user') ?? null;
    const tokens = { h: jump.host, p: String(port), r: login ?? user.name, u: user.name, d: user.home };
    jumps.push({ host: expand(value('hostname') ?? jump.host, tokens), port, user: login });
  }
  return jumps;
}

/** The jump host of `ssh [-q…] -W %h:%p JUMP`; `undefined` for a command that does anything else. */
function jumpOfCommand(args: readonly string[]): string | undefined {
  const [program = '', ...words] = args;
  if (program.toLowerCase() === 'none') return '';
  if (!/^(?:.*\/)?ssh$/.test(program)) return undefined;
  const rest = words
    .join(' ')
    .replace(/-W \[?%h\]?:%p/, '-W')
    .split(' ');
  const names = rest.filter((word) => !/^-[qxaTW]$/.test(word));
  const [name] = names;
  return rest.includes('-W') && names.length === 1 && name?.startsWith('-') === false ? name : undefined;
}

/** `[user@]host[:port]` or `ssh://[user@]host[:port]`; an IPv6 address stands in brackets. */
function parseJump(text: string): { host: string; port: number | undefined; user: string | undefined } | undefined {
  const [, user, bracketed, plain, port] =
    /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:@/[\]]+))(?::(\d+))?\/?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) return undefined;
  return { host, port: portOf(port), user };
}

function portOf(text: string | undefined): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

function placeOf(line: ConfigLine | undefined): string {
  return line === undefined ? '' : `${line.file}:${line.line}`;
}

function expand(text: string, tokens: Readonly<Record<string, string>>): string {
  return text.replaceAll(/%(.)/g, (whole, token: string) => (token === '%' ? '%' : (tokens[token] ?? whole)));
}

/** `~` and tokens in a path; a path that is still relative stands in the home folder, where ssh would be run. */
export function expandPath(text: string, tokens: Readonly<Record<string, string>>, user: ConfigUser): string {
  const expanded = expand(text, tokens);
  return expanded === '~' || expanded.startsWith('~/') ? join(user.home, expanded.slice(1)) : expanded;
}
