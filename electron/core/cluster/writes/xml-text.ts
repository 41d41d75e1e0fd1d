import { fail } from '#shared/problems.ts';
import { parseXml } from '../pacemaker/read/xml.ts';

/** A piece of XML that `element` or `elementFrom` made; so that no text gets into the cluster's configuration unescaped. */
export interface XmlText {
  readonly text: string;
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/** An attribute’s value as it stands between its quotes: no character that XML or cibadmin would change on the way (cibadmin turns a newline into a literal `\n`). */
export function attributeText(value: string): string {
  // oxlint-disable-next-line no-control-regex -- Control characters are what is refused here.
  if (/[\u0000-\u001f\u007f\ufffe\uffff]/u.test(value) || !value.isWellFormed())
    throw new Error('A control character was to be written into the cluster; free text is encoded first.');
  return value.replaceAll(/[&<>"']/gu, (character) => entities.get(character) ?? character);
}

/** One element. Attributes that are `undefined` are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  children: readonly XmlText[] = [],
): XmlText {
  const words = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${xmlWord(key)}="${attributeText(value)}"`],
  );
  const start = `<${xmlWord(name)}${words.join('')}`;
  if (children.length === 0) return { text: `${start}/>` };
  return { text: `${start}>${children.map(({ text }) => text).join('')}</${name}>` };
}

/** The element that a text is, for putting back what was read from the cluster. @throws Error where it is not one well-formed element. */
export function elementFrom(text: string): XmlText {
  if (parseXml(text) === undefined) throw new Error('What was to be put back into the cluster is not one XML element.');
  return { text };
}

function xmlWord(name: string): string {
  if (!/^[A-Za-z_][\w.-]*$/u.test(name)) throw new Error(`“${name}” is no name of an XML element or attribute.`);
  return name;
}

/**
 * The name of a node, a resource or a record, as far as it may become part of an id, an argument or an XPath of ours. Pacemaker's ids are
 * XML's NCName; a node's name may begin with a digit. @throws ProblemError `write-refused` for any other name.
 */
export function clusterName(name: string): string {
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(name) && name.length <= 200) return name;
  return fail({
    code: 'write-refused',
    message: `The cluster calls something “${name.slice(0, 100)}”, a name that Rackside does not write: it has other characters than letters, digits, “.”, “_” and “-”, or begins with “-” or “.”.`,
    advice: 'Nothing was changed. Use the cluster’s own tools for it, or give it another name.',
  });
}

/** A literal of XPath 1.0, which knows no escape. */
export function xpathText(value: string): string {
  if (!value.includes('"')) return `"${value}"`;
  if (!value.includes("'")) return `'${value}'`;
  throw new Error('A value with both kinds of quotes cannot be compared by an XPath.');
}
