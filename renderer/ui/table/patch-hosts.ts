import type { Host, HostElement } from './host-tree.ts';

const svg = 'http://www.w3.org/2000/svg';

/**
 * Makes what is inside an element from `before`, which stands there, into `after`. Elements stay the same where their tag does, so that a
 * link that is being pressed is not taken from under the pointer.
 */
export function patchChildren(parent: Element, before: readonly Host[], after: readonly Host[]): void {
  const [only] = after;
  if (typeof only === 'string' && after.length === 1) {
    if (before.length !== 1 || before[0] !== only) parent.textContent = only;
    return;
  }
  for (const [index, host] of after.entries()) {
    const old = before[index];
    if (old === host) continue;
    const there = index < before.length ? parent.childNodes[index] : undefined;
    if (old === undefined || there === undefined)
      parent.append(rowLike(after[index - 1], host, parent) ?? made(host, parent));
    else if (typeof old !== 'string' && typeof host !== 'string' && old.tag === host.tag && isElement(there))
      patchElement(there, old, host);
    else there.replaceWith(made(host, parent));
  }
  for (let count = before.length; count > after.length; count -= 1) parent.lastChild?.remove();
}

function patchElement(element: Element, before: HostElement, after: HostElement): void {
  for (const name in before.attributes) {
    if (after.attributes[name] === undefined) setAttribute(element, name, undefined);
  }
  for (const name in after.attributes) {
    const value = after.attributes[name];
    if (before.attributes[name] !== value) setAttribute(element, name, value);
  }
  patchChildren(element, before.children, after.children);
}

/** A row that begins as a copy of the one above it: they are much alike, and what they share needs no writing. */
function rowLike(above: Host | undefined, host: Host, parent: Element): Element | null {
  if (typeof above !== 'object' || typeof host === 'string' || above.tag !== 'tr' || host.tag !== 'tr') return null;
  const copy = parent.lastElementChild?.cloneNode(true);
  if (!copy || !isElement(copy)) return null;
  patchElement(copy, above, host);
  return copy;
}

function made(host: Host, parent: Element): Node {
  const page = parent.ownerDocument;
  if (typeof host === 'string') return page.createTextNode(host);
  const isSvg = host.tag === 'svg' || parent.namespaceURI === svg;
  const element = isSvg ? page.createElementNS(svg, host.tag) : page.createElement(host.tag);
  for (const name in host.attributes) setAttribute(element, name, host.attributes[name]);
  patchChildren(element, [], host.children);
  return element;
}

function setAttribute(element: Element, name: string, value: string | undefined): void {
  // Once somebody has clicked it, a checkbox no longer heeds its attribute.
  if (name === 'checked' && 'checked' in element) element.checked = value !== undefined;
  else if (value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

const isElement = (node: Node): node is Element => node.nodeType === node.ELEMENT_NODE;
