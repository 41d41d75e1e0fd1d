import { isSecretName, redacted } from './redaction.ts';
import type { Redactor } from './redaction.ts';

const deepest = 6;
const longestText = 16_384;
const longestList = 200;

/**
 * The value as plain JSON that may be seen: secrets replaced (in names too), errors with their causes, bytes as their number, what is
 * too deep or too long cut. Texts are redacted before they are cut: half a secret would not be recognised.
 */
export function sanitise(value: unknown, redactor: Redactor, depth = 0): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') {
    const text = String(value);
    const shown = redactor.redact(text);
    if (shown !== text) return shown;
    return typeof value === 'bigint' ? text : value;
  }
  if (typeof value === 'string') return cut(redactor.redact(value));
  if (typeof value === 'symbol' || typeof value === 'function') return `[${typeof value}]`;
  if (depth >= deepest) return '[too deep]';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return errorOf(value, redactor, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Map) return sanitise(Object.fromEntries(value), redactor, depth);
  if (Array.isArray(value) || value instanceof Set) {
    const items: readonly unknown[] = [...value];
    const shown = items.slice(0, longestList).map((item) => sanitise(item, redactor, depth + 1));
    return items.length > longestList ? [...shown, `[${items.length - longestList} more]`] : shown;
  }
  const shown: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    const isHidden = isSecretName(name) && field !== null && field !== undefined && typeof field !== 'boolean';
    shown[redactor.redact(name)] = isHidden ? redacted : sanitise(field, redactor, depth + 1);
  }
  return shown;
}

function errorOf(error: Error, redactor: Redactor, depth: number): unknown {
  const { name, message, stack, cause, ...fields } = error;
  return sanitise(
    {
      // An error's own fields (`code`, `problem`) say more than its words.
      ...fields,
      name,
      message,
      stack,
      ...(cause === undefined ? {} : { cause }),
    },
    redactor,
    depth,
  );
}

function cut(text: string): string {
  return text.length <= longestText
    ? text
    : `${text.slice(0, longestText)}… [${text.length - longestText} more characters]`;
}
