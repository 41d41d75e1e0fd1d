import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** One element of a parsed document. Attributes are a map, so that no name in a foreign document can be a property of an object. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, trimmed; empty where there is none. */
  readonly text: string;
}

// Entities are decoded below: the parser counts expansions to fend off bombs, and a large CIB full of `&quot;` would look like one.
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
});

const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/giu, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return namedEntities[name] ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

function toElement(node: unknown): XmlElement | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const attributes = new Map<string, string>();
  let element: { name: string; content: readonly unknown[] } | undefined;
  for (const [key, value] of Object.entries<unknown>({ ...node })) {
    if (key === ':@' && typeof value === 'object' && value !== null) {
      for (const [name, text] of Object.entries<unknown>({ ...value }))
        attributes.set(name, decodeEntities(String(text)));
    } else if (Array.isArray(value)) element = { name: key, content: value };
  }
  if (element === undefined || element.name.startsWith('?')) return undefined;
  const children: XmlElement[] = [];
  let text = '';
  for (const part of element.content) {
    if (typeof part === 'object' && part !== null && '#text' in part) text += String(part['#text']);
    else {
      const child = toElement(part);
      if (child !== undefined) children.push(child);
    }
  }
  return { name: element.name, attributes, children, text: decodeEntities(text).trim() };
}

/** The root element of `text`, or `undefined` where it is not one well-formed document (cut off, garbage, empty). */
export function parseXml(text: string): XmlElement | undefined {
  // The parser closes what was left open, so a document that was cut off would look whole.
  // oxlint-disable-next-line typescript/no-deprecated -- its successor is a package of its own; this one comes with the parser
  if (XMLValidator.validate(text) !== true) return undefined;
  try {
    const roots: unknown = parser.parse(text);
    if (!Array.isArray(roots)) return undefined;
    return roots.map(toElement).find((root) => root !== undefined);
  } catch {
    // The parser refuses names that could reach an object's prototype: no document of a cluster has them.
    return undefined;
  }
}

/** The first child of that name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** All children of that name, in order. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** Every descendant of that name, in document order. */
export function descendantsOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return (element?.children ?? []).flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...descendantsOf(child, name),
  ]);
}

/** An attribute's value; empty where it is missing. */
export function attribute(element: XmlElement | undefined, name: string): string {
  return element?.attributes.get(name) ?? '';
}

/** A boolean as Pacemaker writes it (`true`, `on`, `yes`, `y`, `1`, any case); false where it is missing. */
export function isTrue(value: string): boolean {
  return /^(?:true|on|yes|y|1)$/iu.test(value);
}
