// Pacemaker's XML: the tree is core/xml's, and what only Pacemaker has stands here.
import type { XmlElement } from '../../../xml/xml.ts';

export { attribute, childOf, childrenOf, descendantsOf, parseXml } from '../../../xml/xml.ts';
export type { XmlElement };

/** A boolean as Pacemaker writes it (`true`, `on`, `yes`, `y`, `1`, any case); false where it is missing. */
export function isTrue(value: string): boolean {
  return /^(?:true|on|yes|y|1)$/iu.test(value);
}

/** An element as a document would have it, without the spaces between its parts: what was parsed, for showing and for putting back. */
export function xmlOf(element: XmlElement): string {
  const attributes = [...element.attributes].map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  const inside = escaped(element.text) + element.children.map(xmlOf).join('');
  return inside === ''
    ? `<${element.name}${attributes}/>`
    : `<${element.name}${attributes}>${inside}</${element.name}>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A line break in an attribute would be read back as a space, so it is written as its number. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"\t\n\r]/gu, (sign) => entities[sign] ?? `&#${sign.charCodeAt(0)};`);
}
