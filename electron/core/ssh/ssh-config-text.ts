import { wildcardMatches } from './known-hosts.ts';

/** One setting of an `ssh_config` file; an `Include` carries the files it names, already read. */
export interface ConfigLine {
  /** Lower case, as keywords compare without case. */
  readonly keyword: string;
  readonly args: readonly string[];
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly included?: readonly (readonly ConfigLine[])[];
}

export type ParsedConfig =
  | { readonly kind: 'lines'; readonly lines: readonly ConfigLine[] }
  | { readonly kind: 'malformed'; readonly line: number; readonly why: string };

/** Splits a file into its settings (ssh_config(5): `keyword arguments` or `keyword=arguments`, double quotes around spaces). */
export function parseSshConfig(text: string, file: string): ParsedConfig {
  const lines: ConfigLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, keyword, rest] = /^([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
    if (keyword === undefined || rest === undefined)
      return { kind: 'malformed', line: index + 1, why: 'a keyword without a value stands there' };
    const args = splitWords(rest);
    if (args === undefined) return { kind: 'malformed', line: index + 1, why: 'a quotation mark is not closed' };
    lines.push({ keyword: keyword.toLowerCase(), args, file, line: index + 1 });
  }
  return { kind: 'lines', lines };
}

function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== '' && !rest.startsWith('#')) {
    const [whole, quoted, plain] = /^(?:"([^"]*)"|([^\s"]+))\s*/.exec(rest) ?? [];
    const word = quoted ?? plain;
    if (whole === undefined || word === undefined) return undefined;
    words.push(word);
    rest = rest.slice(whole.length);
  }
  return words;
}

/** The settings that apply to a host as it was typed, in file order: the first value of a keyword is the one that counts. */
export function settingsFor(lines: readonly ConfigLine[], host: string): readonly ConfigLine[] {
  const applying: ConfigLine[] = [];
  // Lines before the first Host or Match apply to every host.
  let isApplying = true;
  for (const line of lines) {
    if (line.keyword === 'host') isApplying = hostMatches(line.args, host);
    else if (line.keyword === 'match') isApplying = matchApplies(line.args, host);
    else if (!isApplying) continue;
    else if (line.included !== undefined)
      // What an included file says after a Host of its own ends with that file.
      for (const file of line.included) applying.push(...settingsFor(file, host));
    else applying.push(line);
  }
  return applying;
}

function hostMatches(patterns: readonly string[], host: string): boolean {
  let isMatched = false;
  for (const pattern of patterns) {
    const isNegated = pattern.startsWith('!');
    if (!wildcardMatches(isNegated ? pattern.slice(1) : pattern, host)) continue;
    if (isNegated) return false;
    isMatched = true;
  }
  return isMatched;
}

/** Only criteria that depend on the host's name are judged; above all, `Match exec` is never run. */
function matchApplies(args: readonly string[], host: string): boolean {
  if (args.length === 1 && args[0]?.toLowerCase() === 'all') return true;
  if (args.length === 0 || args.length % 2 !== 0) return false;
  for (let index = 0; index < args.length; index += 2) {
    const [criterion = '', patterns = ''] = args.slice(index, index + 2);
    if (!['host', 'originalhost'].includes(criterion.toLowerCase())) return false;
    if (!hostMatches(patterns.split(','), host)) return false;
  }
  return true;
}
