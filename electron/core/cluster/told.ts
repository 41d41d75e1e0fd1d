/** What was read, or why not; `because` completes "not known, because …". */
export type Told<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'unknown'; readonly because: string };
