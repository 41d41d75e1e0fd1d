import type { ImportedHost, ImportedMachine } from '#shared/contract/regions.ts';
import { type ConfigUser, expandPath, expandTokens } from './ssh-config-paths.ts';
import { type ConfigLine, settingsFor } from './ssh-config-text.ts';

/** A host's settings, or why its way cannot be gone by us. */
export type HostImport = { readonly kind: 'host'; readonly host: ImportedHost } | Unusable;

/** Why a setting cannot be used, as the end of a sentence, and the file and line in which it stands. */
interface Unusable {
  readonly kind: 'unusable';
  readonly why: string;
  readonly from: string;
}

/** A machine as it stands on ssh's command line: a port or a user named there wins over the file's. */
interface NamedMachine {
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
}

interface FoundMachine {
  readonly kind: 'machine';
  readonly machine: ImportedMachine;
  /** The lines its values come from. */
  readonly lines: readonly ConfigLine[];
  /** Its ProxyJump or ProxyCommand, whichever stands first. */
  readonly way: ConfigLine | undefined;
}

/** More hops than this are a circle in the file. */
const mostHops = 8;

/**
 * What the files say of a host: HostName, Port, User, IdentityFile (all of them), ProxyJump, and the same of each jump host.
 * A `ProxyCommand ssh -W %h:%p JUMP` is the older spelling of a ProxyJump and is read as one; any other command is not run.
 */
export function importFrom(lines: readonly ConfigLine[], typed: string, user: ConfigUser): HostImport {
  const own = machineOf(lines, { host: typed, port: undefined, user: undefined }, user);
  if (own.kind === 'unusable') return own;
  const hops = hopsOf(lines, own.way, user, 0);
  if ('kind' in hops) return hops;
  const used = [...own.lines, ...(own.way === undefined ? [] : [own.way]), ...hops.flatMap((hop) => hop.lines)];
  return {
    kind: 'host',
    host: { ...own.machine, jumps: hops.map((hop) => hop.machine), from: [...new Set(used.map(placeOf))] },
  };
}

/** What the Host blocks of one machine say, as `ssh` reads them for it: `ssh` runs anew for each jump host, and knows nothing of its target. */
function machineOf(lines: readonly ConfigLine[], named: NamedMachine, user: ConfigUser): FoundMachine | Unusable {
  const settings = settingsFor(lines, named.host);
  const first = (keyword: string) => settings.find((line) => line.keyword === keyword);
  const hostName = first('hostname');
  const portLine = named.port === undefined ? first('port') : undefined;
  const userLine = named.user === undefined ? first('user') : undefined;
  const port = portLine === undefined ? (named.port ?? 22) : portOf(portLine.args[0]);
  if (port === undefined) return unusable(portLine, `its Port ${portLine?.args[0] ?? ''} is no number from 1 to 65535`);
  const login = named.user ?? userLine?.args[0] ?? null;
  // `%` is a token in HostName alone: in a name as it was typed it begins the zone of an IPv6 address.
  const host = hostName?.args[0] === undefined ? named.host : expandTokens(hostName.args[0], { h: named.host });
  const tokens = { h: host, n: named.host, p: String(port), r: login ?? user.name, u: user.name, d: user.home };
  const keyLines = settings.filter((line) => line.keyword === 'identityfile');
  const keyFiles: string[] = [];
  for (const line of keyLines) {
    const [file = 'none'] = line.args;
    if (file.toLowerCase() === 'none') continue;
    // `ssh` opens a relative name in the folder in which it was started. This program was started in none that a person chose, and a
    // terminal begins in the home folder: the file is the one that `ssh` typed there opens. The form shows the whole path.
    const expanded = expandPath(file, tokens, user, user.home);
    if (expanded.kind === 'unknown') return unusable(line, expanded.why);
    keyFiles.push(expanded.path);
  }
  return {
    kind: 'machine',
    machine: { host, port, user: login, keyFiles },
    lines: [hostName, portLine, userLine, ...keyLines].filter((line) => line !== undefined),
    way: settings.find((line) => line.keyword === 'proxyjump' || line.keyword === 'proxycommand'),
  };
}

function hopsOf(
  lines: readonly ConfigLine[],
  way: ConfigLine | undefined,
  user: ConfigUser,
  depth: number,
): readonly FoundMachine[] | Unusable {
  if (way === undefined || way.args[0]?.toLowerCase() === 'none') return [];
  if (depth >= mostHops) return unusable(way, 'its jump hosts refer to each other in a circle');
  const text = way.keyword === 'proxyjump' ? way.args.join('') : jumpOfCommand(way.args);
  if (text === undefined) return unusable(way, 'it is reached by a ProxyCommand, which Rackside does not run');
  const names = text.split(',').filter((name) => name !== '');
  const hops: FoundMachine[] = [];
  for (const [index, name] of names.entries()) {
    const named = parseJump(name);
    if (named === undefined) return unusable(way, `its jump host ${name} is not of the form user@host:port`);
    const hop = machineOf(lines, named, user);
    if (hop.kind === 'unusable') return hop;
    if (index === 0) {
      // Only the first hop is reached by its own settings: for the others `ssh -J` names the hop before.
      const before = hopsOf(lines, hop.way, user, depth + 1);
      if ('kind' in before) return before;
      hops.push(...before);
    }
    hops.push(hop);
  }
  return hops;
}

function unusable(line: ConfigLine | undefined, why: string): Unusable {
  return { kind: 'unusable', why, from: line === undefined ? '' : placeOf(line) };
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
function parseJump(text: string): NamedMachine | undefined {
  const [, user, bracketed, plain, port] =
    /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:@/[\]]+))(?::(\d+))?\/?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (port !== undefined && portOf(port) === undefined)) return undefined;
  return { host, port: portOf(port), user };
}

function portOf(text: string | undefined): number | undefined {
  const port = /^\d+$/.test(text ?? '') ? Number(text) : 0;
  return port > 0 && port < 65_536 ? port : undefined;
}

function placeOf(line: ConfigLine): string {
  return `${line.file}:${line.line}`;
}
