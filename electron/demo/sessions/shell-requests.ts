import { helloText } from '../../core/ssh/shell-text.ts';
import { unquoted, unquotedWords } from './quoting.ts';

/** What the app writes into a shell (`core/ssh/shell-text.ts`), read back. */
export type ShellRequest =
  | { readonly kind: 'hello'; readonly nonce: string }
  | { readonly kind: 'run'; readonly nonce: string; readonly script: string; readonly args: readonly string[] }
  /** Nothing of the app's: a person's words, or a protocol that has changed. */
  | { readonly kind: 'foreign'; readonly text: string };

const mark = 'NONCE';
const [helloStart = '', helloMiddle = ''] = helloText(mark).split(mark);
/**
 * Takes what arrives on one channel, and gives the requests that are whole. Scripts that were defined are kept, as the real shell keeps them.
 * A line that is none of ours ends at its line break.
 */
export class ShellRequests {
  readonly #kept = new Map<string, string>();
  #text = '';

  take(chunk: string): readonly ShellRequest[] {
    this.#text += chunk;
    const requests: ShellRequest[] = [];
    for (let more = true; more;) more = this.#takeOne(requests);
    return requests;
  }

  /** Whether something was taken off the text. */
  #takeOne(into: ShellRequest[]): boolean {
    const text = this.#text;
    const definition = /^rackside_(\d+)=(?=')/u.exec(text);
    if (definition !== null) {
      const script = unquoted(text, definition[0].length);
      if (script === undefined) return false;
      this.#kept.set(definition[1] ?? '', script.value);
      return this.#cut(script.end + 1);
    }
    if (text.startsWith('( set -- ')) {
      const request = this.#run(text);
      if (request === undefined) return false;
      into.push(request.value);
      return this.#cut(request.end);
    }
    const end = text.indexOf('\n');
    if (end < 0) return false;
    const line = text.slice(0, end);
    const nonce = line.startsWith(helloStart) ? line.slice(helloStart.length).split(helloMiddle)[0] : undefined;
    into.push(nonce === undefined ? { kind: 'foreign', text: line } : { kind: 'hello', nonce });
    return this.#cut(end + 1);
  }

  #cut(length: number): true {
    this.#text = this.#text.slice(length);
    return true;
  }

  #run(text: string): { readonly value: ShellRequest; readonly end: number } | undefined {
    const given = unquotedWords(text, '( set -- '.length);
    if (given === undefined) return undefined;
    let at = given.end;
    const lineEnd = text.indexOf('\n', at);
    if (!text.startsWith('; eval ', at)) return lineEnd < 0 ? undefined : foreign(text, lineEnd);
    at += '; eval '.length;
    const kept = /^"\$rackside_(\d+)"/u.exec(text.slice(at, at + 40));
    const script =
      kept === null ? unquoted(text, at) : { value: this.#kept.get(kept[1] ?? '') ?? '', end: at + kept[0].length };
    if (script === undefined) return undefined;
    const end = text.indexOf('\n', script.end);
    if (end < 0) return undefined;
    const nonce = /^ \) <\/dev\/null; printf '%s:%s;' (\S+) "\$\?"; printf '%s:;' \1 >&2$/u.exec(
      text.slice(script.end, end),
    )?.[1];
    if (nonce === undefined) return foreign(text, end);
    return { value: { kind: 'run', nonce, script: script.value, args: given.words }, end: end + 1 };
  }
}

function foreign(text: string, lineEnd: number): { readonly value: ShellRequest; readonly end: number } {
  return { value: { kind: 'foreign', text: text.slice(0, lineEnd) }, end: lineEnd + 1 };
}
