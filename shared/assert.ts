/** Ends a `switch` over a union: the compiler proves that no case is missing, and at run time a foreign value is a bug. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

/** The value, which is known to be there; `why` states how that is known and stands in the error if it was wrong. */
export function assertPresent<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new Error(`Missing value: ${why}`);
  return value;
}
