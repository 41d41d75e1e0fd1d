import type { Element } from '@xmldom/xmldom';
import { select } from 'xpath';
import { attributeOf, elementsOf, isElement } from './xml-tree.ts';

/** One element of a large section, named by its id: `resources//primitive[@id="vm1"`, `nodes/node[@id='3'`. */
const named = /(?<=^|[/[( ])(resources|constraints|nodes)\/\/?(primitive|rsc_location|node|nvpair)\[@id=(["'])(.*?)\3/u;

/**
 * What an XPath finds in the configuration. The package sorts every step's elements in a way that takes a minute with a thousand nodes; so an
 * element of a large section that is named by its id is looked up first, and the rest of the path is the package's again. Inside of a condition
 * such a path is only asked for whether it finds something.
 */
export function findElements(root: Element, sections: readonly Element[], xpath: string): readonly Element[] {
  const match = named.exec(xpath);
  if (match === null) return evaluated(xpath, root);
  const [words, section = '', tag = '', , id = ''] = match;
  const step = words.slice(words.indexOf(`${tag}[`));
  const found = withId(sections, section, tag, id);
  if (depthAt(xpath, match.index) === 0) {
    const holds = findElements(root, sections, xpath.slice(0, match.index).replace(/\/$/u, '')).length > 0;
    const rest = `self::${step}${xpath.slice(match.index + words.length)}`;
    return holds ? found.flatMap((element) => evaluated(rest, element)) : [];
  }
  const end = endOfPath(xpath, match.index);
  const path = `self::${step}${xpath.slice(match.index + words.length, end)}`;
  const isThere = found.some((element) => evaluated(path, element).length > 0);
  return findElements(root, sections, `${xpath.slice(0, match.index)}${isThere}()${xpath.slice(end)}`);
}

function evaluated(xpath: string, at: Element): readonly Element[] {
  const found = select(xpath, xpath.startsWith('/') ? (at.ownerDocument ?? at) : at);
  return Array.isArray(found) ? found.filter(isElement) : [];
}

function withId(sections: readonly Element[], name: string, tag: string, id: string): readonly Element[] {
  const section = sections.find(({ tagName }) => tagName === name);
  if (section === undefined) return [];
  const children = elementsOf(section);
  // The options of a resource stand in its sets.
  const all = tag === 'nvpair' ? children.flatMap(elementsOf).flatMap(elementsOf) : children;
  return all.filter((element) => element.tagName === tag && attributeOf(element, 'id') === id);
}

/** How many brackets are open there, those in quotes left out. */
function depthAt(xpath: string, index: number): number {
  let depth = 0;
  for (const character of unquotedPart(xpath.slice(0, index))) {
    if (character === '[' || character === '(') depth += 1;
    if (character === ']' || character === ')') depth -= 1;
  }
  return depth;
}

/** Where a path inside of a condition ends: at a blank or a closing bracket that is not its own. */
function endOfPath(xpath: string, start: number): number {
  const text = unquotedPart(xpath);
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (depth === 0 && (character === ' ' || character === ']' || character === ')')) return at;
    if (character === '[' || character === '(') depth += 1;
    if (character === ']' || character === ')') depth -= 1;
  }
  return text.length;
}

/** The same text, with what stands in quotes made harmless. */
const unquotedPart = (xpath: string): string =>
  xpath.replaceAll(/"[^"]*"|'[^']*'/gu, (quotedText) => '_'.repeat(quotedText.length));
