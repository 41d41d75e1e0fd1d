/** One element of a parsed document. Attributes are a map, so that no name in a foreign document can be a property of an object. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, trimmed; empty where there is none. */
  readonly text: string;
}

const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/giu, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return namedEntities[name] ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

const nameText = String.raw`[\p{L}_:][\p{L}\p{N}_:.\-]*`;
const tagName = new RegExp(nameText, 'uy');
const attributePattern = new RegExp(String.raw`\s+(${nameText})\s*=\s*(?:"([^"]*)"|'([^']*)')`, 'uy');
const tagEnd = /\s*(\/?)>/y;
const closing = new RegExp(String.raw`<\/(${nameText})\s*>`, 'uy');

/** What has to be skipped as a whole, and what ends it. A DOCTYPE is none of them: no answer of a cluster has one, and it is refused. */
const skipped = [
  { start: '<?', end: '?>' },
  { start: '<!--', end: '-->' },
] as const;

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * The root element of `text`, or `undefined` where it is not one well-formed document (cut off, garbage, empty).
 *
 * One pass over the text: a region of two hundred nodes answers with five megabytes, which may not hold up the main loop. Read are
 * elements, attributes, text, CDATA, comments and the entities that XML itself defines: what Pacemaker and libvirt write.
 */
export function parseXml(text: string): XmlElement | undefined {
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  const put = (element: XmlElement): boolean => {
    const parent = open.at(-1);
    if (parent !== undefined) parent.children.push(element);
    else if (root === undefined) root = element;
    else return false;
    return true;
  };
  const write = (words: string): boolean => {
    const parent = open.at(-1);
    if (parent !== undefined) parent.text += words;
    return parent !== undefined || words.trim() === '';
  };
  let position = 0;
  while (position < text.length) {
    const start = text.indexOf('<', position);
    const until = start < 0 ? text.length : start;
    if (until > position && !write(decodeEntities(text.slice(position, until)))) return undefined;
    if (start < 0) break;
    const skip = skipped.find((one) => text.startsWith(one.start, start));
    if (skip !== undefined) {
      const end = text.indexOf(skip.end, start + skip.start.length);
      if (end < 0) return undefined;
      position = end + skip.end.length;
    } else if (text.startsWith('<![CDATA[', start)) {
      const end = text.indexOf(']]>', start);
      if (end < 0 || !write(text.slice(start + '<![CDATA['.length, end))) return undefined;
      position = end + ']]>'.length;
    } else if (text.startsWith('</', start)) {
      const name = match(closing, text, start)?.[1];
      const element = open.pop();
      if (element === undefined || element.name !== name || !put(closed(element))) return undefined;
      position = closing.lastIndex;
    } else {
      const name = match(tagName, text, start + 1)?.[0];
      if (name === undefined) return undefined;
      const tag = readAttributes(text, tagName.lastIndex);
      if (tag === undefined) return undefined;
      const element: OpenElement = { name, attributes: tag.attributes, children: [], text: '' };
      if (!tag.isEmpty) open.push(element);
      else if (!put(closed(element))) return undefined;
      position = tag.end;
    }
  }
  return open.length === 0 ? root : undefined;
}

function closed({ name, attributes, children, text }: OpenElement): XmlElement {
  return { name, attributes, children, text: text.trim() };
}

/** The attributes of a tag from behind its name to behind its `>`; `undefined` where they are not well-formed. */
function readAttributes(
  text: string,
  from: number,
): { readonly attributes: ReadonlyMap<string, string>; readonly isEmpty: boolean; readonly end: number } | undefined {
  const attributes = new Map<string, string>();
  let position = from;
  for (;;) {
    const [, name, double, single] = match(attributePattern, text, position) ?? [];
    if (name === undefined) break;
    if (attributes.has(name)) return undefined;
    attributes.set(name, decodeEntities(double ?? single ?? ''));
    position = attributePattern.lastIndex;
  }
  const end = match(tagEnd, text, position);
  return end === null ? undefined : { attributes, isEmpty: end[1] === '/', end: tagEnd.lastIndex };
}

function match(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
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
