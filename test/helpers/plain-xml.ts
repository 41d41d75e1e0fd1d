/**
 * A second reader of XML, so that tests do not prove the program's own by itself: the tags of a document that is known to be well formed,
 * by one expression. It knows no CDATA, no DOCTYPE and no entities but the five of XML and numbered ones; it throws where it is lost.
 */
export interface PlainXml {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly PlainXml[];
}

const token = /<\?.*?\?>|<!--.*?-->|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|[^<]+/gsuy;
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export function plainXml(text: string): PlainXml {
  const roots: PlainXml[] = [];
  const open: { readonly name: string; readonly children: PlainXml[] }[] = [{ name: '', children: roots }];
  let read = 0;
  for (const [all, close = '', name, attributes = '', empty = ''] of text.matchAll(token)) {
    read += all.length;
    if (name === undefined) continue;
    if (close !== '') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const children: PlainXml[] = [];
    open.at(-1)?.children.push({ name, attributes: attributesOf(attributes), children });
    if (empty === '') open.push({ name, children });
  }
  const [root] = roots;
  if (read !== text.length || open.length !== 1 || roots.length !== 1 || !root)
    throw new Error('no document it can read');
  return root;
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from(text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu), ([, name = '', double, single]) => [
      name,
      (double ?? single ?? '').replaceAll(
        /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/giu,
        (_, hex?: string, ten?: string, word = '') =>
          hex !== undefined || ten !== undefined
            ? String.fromCodePoint(hex === undefined ? Number(ten) : Number.parseInt(hex, 16))
            : (named[String(word)] ?? '?'),
      ),
    ]),
  );
}
