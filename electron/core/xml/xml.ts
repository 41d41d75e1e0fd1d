import { SaxesParser } from 'saxes';

/** One element of a parsed document. Attributes are a map, so that no name in a foreign document can be a property of an object. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, trimmed; empty where there is none. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * The root element of `text`, or `undefined` where it is not one well-formed document (cut off, garbage, empty). A DOCTYPE is
 * refused: no answer of a cluster or of libvirt has one, and it could define entities.
 */
export function parseXml(text: string): XmlElement | undefined {
  const parser = new SaxesParser();
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let isRefused = false;
  parser.on('error', () => {
    isRefused = true;
  });
  parser.on('doctype', () => {
    isRefused = true;
  });
  parser.on('opentag', ({ name, attributes }) => {
    open.push({ name, attributes: new Map(Object.entries(attributes)), children: [], text: '' });
  });
  const write = (words: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += words;
  };
  parser.on('text', write);
  parser.on('cdata', write);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element === undefined) return;
    const closed: XmlElement = { ...element, text: element.text.trim() };
    const parent = open.at(-1);
    if (parent === undefined) root = closed;
    else parent.children.push(closed);
  });
  parser.write(text).close();
  return isRefused ? undefined : root;
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
