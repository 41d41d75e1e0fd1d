/**
 * The value of one of our records: base64url (RFC 4648, no padding) of UTF-8 JSON, an object with `v`, the format's version.
 * Encoded, because crm_attribute refuses what is not ASCII, turns newlines into a literal `\n`, and cibadmin unescapes `&lt;`.
 */
const version = 1;

/** A decoded record's fields. A field that is missing or of another type is `null`: whoever needs it calls the record unreadable. */
export interface RecordValue {
  text(field: string): string | null;
  number(field: string): number | null;
  flag(field: string): boolean;
  /** A list of strings; a missing field is the empty list, anything else `null`. */
  texts(field: string): readonly string[] | null;
  /** A list of objects; a missing field is the empty list, anything else `null`. */
  list(field: string): readonly RecordValue[] | null;
}

/** The text that is written into the cluster for `fields`; `v` is set here. Undefined fields are left out, as in JSON. */
export function encodeValue(fields: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify({ ...fields, v: version }), 'utf8').toString('base64url');
}

/** The fields of a record's value, or `undefined` where it is not ours to read: no base64url, no JSON object, another version. */
export function decodeValue(text: string): RecordValue | undefined {
  // Buffer skips what is not base64url: a damaged value must not decode to something else.
  if (!/^[\w-]+$/u.test(text)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(parsed) || parsed['v'] !== version) return undefined;
  return valueOf(parsed);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueOf(object: Readonly<Record<string, unknown>>): RecordValue {
  const fields = new Map(Object.entries(object));
  return {
    text: (field) => {
      const value = fields.get(field);
      return typeof value === 'string' ? value : null;
    },
    number: (field) => {
      const value = fields.get(field);
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    },
    flag: (field) => fields.get(field) === true,
    texts: (field) => {
      const value = fields.get(field) ?? [];
      return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null;
    },
    list: (field) => {
      const value = fields.get(field) ?? [];
      return Array.isArray(value) && value.every(isObject) ? value.map(valueOf) : null;
    },
  };
}
