import type { SectionedOutput } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';

/** What a probe made of an answer. `because` completes "not known, because …". */
export type Parsed<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'unknown'; readonly because: string };

/** What came back from a node, as it came. */
export interface ProbeOutput extends SectionedOutput {
  /** Set where the command wants root and had to run without: why, and what is needed. Completes "not known, because …". */
  readonly withoutRootBecause?: string;
}

/**
 * One question to one node: a read-only POSIX script and the pure parser of its answer.
 *
 * `parse` never throws: what it does not understand becomes `unknown` with a reason that names it. A tool or a right that is
 * missing makes only the values that hang on it unknown.
 */
export interface Probe<T> {
  readonly id: string;
  /**
   * A script of sections (`sectionScript`), one round trip. With `privilege: 'root'` it also runs without, where sudo refuses, and then
   * tells less.
   */
  readonly command: RemoteCommand;
  readonly deadlineMs: number;
  parse(output: ProbeOutput): Parsed<T>;
}

/** A value that was read. */
export function parsedValue<T>(value: T): Parsed<T> {
  return { kind: 'value', value };
}

/** A value that was not; `because` completes "not known, because …". */
export function parsedUnknown(because: string): Parsed<never> {
  return { kind: 'unknown', because };
}
