/** Replaces what must not be seen. One for the program: whoever learns a secret tells it here before it does anything else with it. */
export interface Redactor {
  /** From now on `value` is replaced wherever it appears, in any form of `formsOf`. Returns what forgets it again. */
  addSecret(value: string): () => void;
  redact(text: string): string;
}

export const redacted = '[redacted]';

/** Field names whose values are secrets, whatever they are. */
const secretName = /pass(word|phrase|wd)?$|secret$|token$|cookie$|authorization$|credential|private.?key$|ciphertext$/i;

/** `password=…`, `"token": "…"`, `Authorization: Bearer …`, `/?t=…`: secrets nobody has told us of, by the name before them. */
const namedInText =
  /((?:password|passphrase|passwd|secret|token|authorization|cookie|[?&]t)["']?\s*[:=]\s*["']?)((?:Bearer |Basic )?[^\s"',;&)}\]]+)/gi;
const privateKeyBlock = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** Below this length a secret is replaced only where it stands as a word: else a password of one letter would eat every text. */
const shortest = 4;

export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

export function createRedactor(): Redactor {
  const held = new Map<string, number>();
  let pattern: RegExp | undefined;

  const rebuild = (): void => {
    const forms = new Set([...held.keys()].flatMap((value) => formsOf(value)));
    // The longest first, so that a form inside another one does not leave the rest of it behind.
    const sources = [...forms].toSorted((one, other) => other.length - one.length).map((form) => sourceOf(form));
    pattern = sources.length === 0 ? undefined : new RegExp(sources.join('|'), 'g');
  };

  return {
    addSecret: (value) => {
      if (value === '') return () => undefined;
      const before = held.get(value) ?? 0;
      held.set(value, before + 1);
      if (before === 0) rebuild();
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const count = (held.get(value) ?? 1) - 1;
        held.set(value, count);
        if (count > 0) return;
        held.delete(value);
        rebuild();
      };
    },
    redact: (text) => {
      const known = pattern === undefined ? text : text.replace(pattern, redacted);
      return known.replace(privateKeyBlock, redacted).replace(namedInText, `$1${redacted}`);
    },
  };
}

/**
 * How a secret can look in a text: as it is; in JSON, once and twice; in a URL or a form; in hexadecimal; in base64, alone or in
 * the middle of other bytes; and, of a secret of several lines, each long line.
 */
function formsOf(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 16);
  const bytes = Buffer.from(value);
  const url = encodeURIComponent(value.toWellFormed());
  const forms = [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    url,
    url.toLowerCase(),
    url.replaceAll('%20', '+'),
    encodeURI(value.toWellFormed()),
    ...lines,
  ];
  if (bytes.length >= shortest)
    forms.push(bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...base64Forms(bytes));
  return forms;
}

/** The characters that every base64 text of these bytes has in common, for each of the three places they can begin at. */
function base64Forms(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = [0, 2, 3][before] ?? 0;
    // The last character also carries bits of what follows, unless the bytes end with a group.
    const isWhole = (before + bytes.length) % 3 === 0;
    const core = text.slice(from, isWhole ? undefined : -1);
    return core.length < shortest + 1 ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function sourceOf(form: string): string {
  const source = form.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return form.length < shortest ? `(?<![A-Za-z0-9])${source}(?![A-Za-z0-9])` : source;
}
