import type { ClusterConstraint } from '#shared/model/configuration.ts';

/** Pacemaker's INFINITY. */
export const infinity = 1_000_000;

/** The attributes of an element's first tag. */
export function attributesOf(xml: string): ReadonlyMap<string, string> {
  const tag = /<[\w-]+((?:\s+[\w:-]+="[^"]*")*)\s*\/?>/u.exec(xml)?.[1] ?? '';
  return new Map([...tag.matchAll(/([\w:-]+)="([^"]*)"/gu)].map(([, name = '', value = '']) => [name, value]));
}

/** A score as Pacemaker spells it; `null` where there is none, or it is no number. */
export function scoreOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const named = /^([+-]?)INFINITY$/iu.exec(text);
  if (named !== null) return named[1] === '-' ? -infinity : infinity;
  return /^[+-]?\d+$/u.test(text) ? Math.max(-infinity, Math.min(infinity, Number(text))) : null;
}

/** Whether a location by pattern is about this top-level resource; a pattern that begins with `!` names all others. */
export function namesResource({ pattern }: Pick<ClusterConstraint, 'pattern'>, topLevel: string): boolean {
  if (pattern === null) return false;
  const isNegated = pattern.startsWith('!');
  const expression = compile(isNegated ? pattern.slice(1) : pattern);
  // A pattern that is not understood may name it: `barredNodes` tells so.
  return expression === null || expression.test(topLevel) !== isNegated;
}

/** Pacemaker's patterns are POSIX's extended regular expressions; what JavaScript reads otherwise is not read at all. */
function compile(pattern: string): RegExp | null {
  if (pattern.length > 4000 || /\[[:.=]|\\[<>\d]|\(\?/u.test(pattern)) return null;
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return null;
  }
}

type Barred =
  | { readonly kind: 'nodes'; readonly nodes: readonly string[] }
  | { readonly kind: 'unclear'; readonly because: string };

/** Which of `nodes` a location constraint forbids. Preferences forbid none. */
export function barredNodes(constraint: ClusterConstraint, nodes: readonly string[]): Barred | undefined {
  const { xml, pattern } = constraint;
  const attributes = attributesOf(xml);
  if (attributes.get('resource-discovery') === 'exclusive')
    return { kind: 'unclear', because: 'resource-discovery is exclusive' };
  const rules = [...xml.matchAll(/<rule\b[^]*?<\/rule>/gu)].map(([rule]) => rule);
  const isPatternUnclear = pattern !== null && compile(pattern.replace(/^!/u, '')) === null;
  if (rules.length === 0 && !/<rule\b/u.test(xml)) {
    const score = constraint.score ?? scoreOf(attributes.get('score'));
    if (score === null || score > -infinity) return undefined;
    if (isPatternUnclear) return { kind: 'unclear', because: `the pattern ${pattern}` };
    return { kind: 'nodes', nodes: constraint.nodes };
  }
  const barred = new Set<string>();
  for (const rule of rules) {
    const ofRule = attributesOf(rule);
    const score = scoreOf(ofRule.get('score'));
    if (score !== null && score > -infinity && (rule.match(/<rule\b/gu)?.length ?? 0) === 1) continue;
    const named = score === null ? undefined : nodesOfRule(rule, nodes);
    if (named === undefined || isPatternUnclear)
      return { kind: 'unclear', because: 'a rule of more than one node name' };
    for (const node of named) barred.add(node);
  }
  if (rules.length === 0) return { kind: 'unclear', because: 'a rule that is kept elsewhere' };
  return barred.size === 0 ? undefined : { kind: 'nodes', nodes: [...barred] };
}

/** The nodes a rule of exactly one expression on `#uname` means; `undefined`: it is another rule. */
function nodesOfRule(rule: string, nodes: readonly string[]): readonly string[] | undefined {
  const inside = rule.replace(/^<rule\b[^>]*>/u, '').replace(/<\/rule>$/u, '');
  const elements = inside.match(/<[\w-]+/gu) ?? [];
  if (elements.length !== 1 || elements[0] !== '<expression') return undefined;
  const expression = attributesOf(inside.trim());
  const value = expression.get('value');
  if (expression.get('attribute') !== '#uname' || value === undefined) return undefined;
  if (expression.get('operation') === 'eq') return [value];
  return expression.get('operation') === 'ne' ? nodes.filter((node) => node !== value) : undefined;
}
