import { attribute, childOf, descendantsOf } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Pacemaker's INFINITY. */
export const infinity = 1_000_000;

/** A score as Pacemaker reads it (`INFINITY`, `+INFINITY`, `-INFINITY`, a number, capped); `null` for anything else. */
export function scoreOf(text: string): number | null {
  const parts = /^([+-]?)(INFINITY|\d+)$/u.exec(text);
  if (parts === null) return null;
  const size = parts[2] === 'INFINITY' ? infinity : Math.min(infinity, Number(parts[2]));
  return parts[1] === '-' ? -size : size;
}

/**
 * Sets of nvpairs (`meta_attributes`, `cluster_property_set` …), the one that wins first: the highest `score`; of equal ones the later in
 * the document, so that a primitive wins over its template (seen with Pacemaker 2.1.5, `crm_resource --meta -g`); `cib-bootstrap-options`
 * before all of them, as the scheduler has it.
 */
function byPrecedence(sets: readonly XmlElement[]): readonly XmlElement[] {
  const rank = (set: XmlElement) =>
    attribute(set, 'id') === 'cib-bootstrap-options' ? Infinity : (scoreOf(attribute(set, 'score')) ?? 0);
  return sets.toReversed().toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
}

/** Name and value of every nvpair in these sets; rules are not looked at. */
export function pairsOf(sets: readonly XmlElement[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const set of byPrecedence(sets)) {
    for (const pair of descendantsOf(set, 'nvpair')) {
      const name = attribute(pair, 'name');
      if (!values.has(name)) values.set(name, attribute(pair, 'value'));
    }
  }
  return values;
}

/**
 * The value of one name; `null` where it is not set. Whether a set's rule holds (a time, a node's attribute) only the cluster knows: such a
 * set counts where its value is the one that `restricts`, so that nobody takes a restriction for absent that may hold.
 */
export function valueIn(
  sets: readonly XmlElement[],
  name: string,
  restricts: (value: string) => boolean,
): string | null {
  for (const set of byPrecedence(sets)) {
    const value = pairsOf([set]).get(name);
    if (value !== undefined && (childOf(set, 'rule') === undefined || restricts(value))) return value;
  }
  return null;
}
