import { randomBytes } from 'node:crypto';
import { quote, quoteAll } from './quote.ts';

/** Every remote shell begins with this: answers in the language the parsers read, and tools from the system's own folders only. */
const prologue =
  'export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin; unset ENV BASH_ENV CDPATH IFS LANGUAGE; PS1= PS2= PS4=; set +x +v';

/** 128 random bits as hex: a word that nothing on the other side can know before it was sent. */
export function newNonce(): string {
  return randomBytes(16).toString('hex');
}

/** The first request of a shell: its mark carries the user id and the process group, e.g. `1000 4711`. */
export function helloText(nonce: string): string {
  // The process group is the fifth field of `stat`; the second one is in parentheses and may contain anything.
  const group =
    'read -r rackside_s </proc/$$/stat && rackside_s=${rackside_s##*) } && set -- $rackside_s && rackside_g=$3; set --';
  return `${prologue}; rackside_g=0; { ${group}; } 2>/dev/null; printf '%s:%s %s;' ${nonce} "$(id -u)" "$rackside_g"; printf '%s:;' ${nonce} >&2\n`;
}

/** Keeps a script's text in the shell under a number, so that a probe that runs every few seconds is sent once. */
export function defineText(id: number, script: string): string {
  return `rackside_${id}=${quote(script)}\n`;
}

/**
 * Runs a script in a subshell: what it sets, changes or exits ends with it. `eval` keeps a syntax error inside as well, and its standard
 * input is empty, so that no command in it can eat the requests that follow.
 */
export function runText(
  nonce: string,
  script: { readonly id: number } | { readonly text: string },
  args: readonly string[],
): string {
  const body = 'id' in script ? `"$rackside_${script.id}"` : quote(script.text);
  return `( set -- ${quoteAll(args)}; eval ${body} ) </dev/null; printf '%s:%s;' ${nonce} "$?"; printf '%s:;' ${nonce} >&2\n`;
}
