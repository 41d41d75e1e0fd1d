import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom';

/** The elements below, without the text between them. */
export function elementsOf(parent: Node): readonly Element[] {
  const found: Element[] = [];
  for (let child = parent.firstChild; child !== null; child = child.nextSibling)
    if (isElement(child)) found.push(child);
  return found;
}

export function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

/** The element of a text, or `undefined` where it is no well-formed XML. */
export function documentFrom(text: string): { readonly document: Document; readonly root: Element } | undefined {
  try {
    const document = new DOMParser({
      locator: false,
      onError: (level, message) => refuse(level, message),
    }).parseFromString(text, 'text/xml');
    return document.documentElement === null ? undefined : { document, root: document.documentElement };
  } catch {
    return undefined;
  }
}

function refuse(level: string, message: string): void {
  if (level !== 'warning') throw new Error(message);
}

export const attributeOf = (element: Element, name: string): string => element.getAttribute(name) ?? '';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as it stands between the quotes of an attribute, as libxml2 writes it. */
export const quoted = (text: string): string => text.replaceAll(/[&<>"]/gu, (character) => entities[character] ?? '');

/** An element as Pacemaker's tools print it: two blanks a level, one element a line. `print`: how its children are. */
export function printedElement(
  element: Element,
  indent = '',
  print: (child: Element, indent: string) => string = printedElement,
): string {
  const attributes = Array.from(element.attributes, ({ name, value }) => ` ${name}="${quoted(value)}"`).join('');
  const children = elementsOf(element);
  if (children.length === 0) return `${indent}<${element.tagName}${attributes}/>\n`;
  const inner = children.map((child) => print(child, `${indent}  `)).join('');
  return `${indent}<${element.tagName}${attributes}>\n${inner}${indent}</${element.tagName}>\n`;
}
