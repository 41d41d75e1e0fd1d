import { isAbsolute, join } from 'node:path';

/** Who asks, for `~`, `%d`, `%u` and `${NAME}`. */
export interface ConfigUser {
  readonly home: string;
  readonly name: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A path of the file as an absolute one, or why there is none, as the end of a sentence: OpenSSH goes no further there, either. */
export type ExpandedPath =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** `%h` and its like, by their letters; one that is not known stays, and `%%` is a percent sign. */
export function expandTokens(text: string, tokens: Readonly<Record<string, string>>): string {
  return text.replaceAll(/%(.)/g, (whole, token: string) => (token === '%' ? '%' : (tokens[token] ?? whole)));
}

/**
 * `~`, tokens and `${NAME}` in a path (ssh_config(5), TOKENS and ENVIRONMENT VARIABLES). All are put in at once, as OpenSSH does: what a
 * variable holds is not looked through for tokens. The home of another person (`~kim`) is not looked up.
 * @param folder where a path that is still relative stands.
 */
export function expandPath(
  text: string,
  tokens: Readonly<Record<string, string>>,
  user: ConfigUser,
  folder: string,
): ExpandedPath {
  const [tilde = '', person] = /^~([^/\\]*)/.exec(text) ?? [];
  if (person !== undefined && person !== '' && person !== user.name)
    return { kind: 'unknown', why: `the home folder of ${person} is not known` };
  let unset: string | undefined;
  const expanded = text.slice(tilde.length).replaceAll(/%.|\$\{([^}]*)\}/g, (whole, variable: string | undefined) => {
    if (variable === undefined) return expandTokens(whole, tokens);
    const value = user.environment[variable];
    if (value === undefined) unset ??= variable;
    return value ?? '';
  });
  if (unset !== undefined)
    return { kind: 'unknown', why: `the environment variable ${unset} is not set where Rackside was started` };
  if (tilde !== '') return { kind: 'path', path: join(user.home, expanded) };
  return { kind: 'path', path: isAbsolute(expanded) ? expanded : join(folder, expanded) };
}
