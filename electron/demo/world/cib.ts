import type { Element, Node } from '@xmldom/xmldom';
import { findElements } from './find-elements.ts';
import { attributeOf, documentFrom, elementsOf, isElement, printedElement } from './xml-tree.ts';

/** How a call of `cibadmin` ended: Pacemaker's exit status, and what it complains. */
export interface CibResult {
  readonly status: number;
  readonly error: string;
}

const done: CibResult = { status: 0, error: '' };
/** CRM_EX_NOSUCH. */
export const nothingThere = 105;

/** The cluster's configuration, with the few ways of `cibadmin` to change it. It knows nothing of what runs where. */
export class Cib {
  readonly #root: Element;
  readonly #onChange: (by: string) => void;
  #printed: { readonly epoch: number; readonly text: string } | undefined;
  /** Printed parts of the sections: a write changes one of ten thousand. */
  readonly #printedParts = new WeakMap<Element, string>();
  #epoch: number;
  /** While something is only tried: what takes it back. */
  #undo: (() => void)[] | undefined;

  constructor(root: Element, epoch: number, onChange: (by: string) => void = () => undefined) {
    this.#root = root;
    this.#epoch = epoch;
    this.#onChange = onChange;
    root.setAttribute('epoch', String(epoch));
  }

  /** From the text of a whole `<cib>`. */
  static from(text: string, onChange?: (by: string) => void): Cib {
    const parsed = documentFrom(text.replaceAll(/>\s+</gu, '><'));
    if (parsed === undefined) throw new Error('the configuration of the demo is no XML');
    return new Cib(parsed.root, Number(attributeOf(parsed.root, 'epoch')) || 1, onChange);
  }

  /** Grows with every change. */
  get epoch(): number {
    return this.#epoch;
  }

  get root(): Element {
    return this.#root;
  }

  get configuration(): Element {
    const [configuration] = elementsOf(this.#root);
    if (configuration === undefined) throw new Error('the configuration of the demo is empty');
    return configuration;
  }

  /** A part of the configuration: `nodes`, `resources` … */
  section(name: string): readonly Element[] {
    const section = elementsOf(this.configuration).find(({ tagName }) => tagName === name);
    return section === undefined ? [] : elementsOf(section);
  }

  /** The `<configuration>`, printed. */
  get configurationText(): string {
    // What is only tried is printed for nobody else.
    if (this.#undo !== undefined) return printedElement(this.configuration, '  ');
    if (this.#printed?.epoch !== this.#epoch) {
      const sections = elementsOf(this.configuration).map((section) =>
        printedElement(section, '    ', (part, indent) => this.#printedPart(part, indent)),
      );
      this.#printed = { epoch: this.#epoch, text: `  <configuration>\n${sections.join('')}  </configuration>\n` };
    }
    return this.#printed.text;
  }

  #printedPart(part: Element, indent: string): string {
    const text = this.#printedParts.get(part) ?? printedElement(part, indent);
    this.#printedParts.set(part, text);
    return text;
  }

  /** Something at or below it changes. */
  #touch(element: Element): void {
    for (let at: Node | null = element; at !== null && isElement(at); at = at.parentNode) this.#printedParts.delete(at);
  }

  /** The root's tag without its end: `<cib … have-quorum="1"`. */
  get startTag(): string {
    const attributes = Array.from(this.#root.attributes, ({ name, value }) => ` ${name}="${value}"`).join('');
    return `<cib${attributes}`;
  }

  /**
   * What `work` answers while it changes the configuration, which then is as it was before: a copy of a large region's would take seconds.
   * Nobody hears of it.
   */
  trial<T>(work: () => T): T {
    const undo: (() => void)[] = [];
    this.#undo = undo;
    try {
      return work();
    } finally {
      this.#undo = undefined;
      for (const step of undo.toReversed()) step();
    }
  }

  /** As the cluster last knew it. */
  get hasQuorum(): boolean {
    return this.#root.getAttribute('have-quorum') === '1';
  }

  setQuorum(hasQuorum: boolean, dcId: string): void {
    this.#root.setAttribute('have-quorum', hasQuorum ? '1' : '0');
    this.#root.setAttribute('dc-uuid', dcId);
  }

  /** `cibadmin -Q --xpath`. */
  query(xpath: string): readonly Element[] {
    return findElements(this.#root, elementsOf(this.configuration), xpath);
  }

  /** `cibadmin --modify --allow-create --xpath X -X XML`: merged by ids into what X names. */
  modify(xpath: string, xml: string): CibResult {
    const [target] = this.query(xpath);
    if (target === undefined) return notThere('modify');
    const patch = documentFrom(xml)?.root;
    if (patch === undefined) return done;
    const halfNode = this.#halfNode(patch);
    if (halfNode !== undefined) return schemaBreach;
    this.#merge(target, patch);
    return this.#changed('modify');
  }

  /** `cibadmin --replace --xpath X -X XML`. */
  replace(xpath: string, xml: string): CibResult {
    const [target] = this.query(xpath);
    const fresh = documentFrom(xml)?.root;
    if (target === undefined || fresh === undefined || target.parentNode === null) return notThere('replace');
    const [parent, copy] = [target.parentNode, imported(target, fresh)];
    this.#touch(target);
    parent.replaceChild(copy, target);
    this.#undo?.push(() => parent.replaceChild(target, copy));
    return this.#changed('replace');
  }

  /** `cibadmin --delete --xpath X`: says 0 whether something was there or not. */
  delete(xpath: string): CibResult {
    const found = this.query(xpath);
    for (const element of found) {
      const [parent, next] = [element.parentNode, element.nextSibling];
      this.#touch(element);
      parent?.removeChild(element);
      this.#undo?.push(() => parent?.insertBefore(element, next));
    }
    return found.length === 0 ? done : this.#changed('delete');
  }

  /** Pacemaker's schema wants a name on every node: half an entry of one that is gone breaks it. */
  #halfNode(patch: Element): Element | undefined {
    const known = new Set(this.section('nodes').map((node) => attributeOf(node, 'id')));
    const nodes = elementsOf(patch).filter(({ tagName }) => tagName === 'nodes');
    return nodes
      .flatMap(elementsOf)
      .find((node) => attributeOf(node, 'uname') === '' && !known.has(attributeOf(node, 'id')));
  }

  /** Attributes are set, children are found by tag and id, and what is not there is added. */
  #merge(target: Element, patch: Element): void {
    for (const { name, value } of Array.from(patch.attributes)) this.#setAttribute(target, name, value);
    const there = elementsOf(target);
    for (const child of elementsOf(patch)) {
      const id = attributeOf(child, 'id');
      const same = there.find((one) => one.tagName === child.tagName && attributeOf(one, 'id') === id);
      if (same !== undefined) this.#merge(same, child);
      else {
        const added = imported(target, child);
        this.#touch(target);
        target.appendChild(added);
        this.#undo?.push(() => target.removeChild(added));
      }
    }
  }

  #setAttribute(element: Element, name: string, value: string): void {
    const before = element.getAttribute(name);
    this.#touch(element);
    element.setAttribute(name, value);
    this.#undo?.push(() => {
      if (before === null) element.removeAttribute(name);
      else element.setAttribute(name, before);
    });
  }

  #changed(by: string): CibResult {
    if (this.#undo !== undefined) return done;
    this.#epoch += 1;
    this.#root.setAttribute('epoch', String(this.#epoch));
    this.#onChange(by);
    return done;
  }
}

const schemaBreach: CibResult = {
  status: 78,
  error: 'Call cib_modify failed: Update does not conform to the configured schema\n',
};

function notThere(verb: string): CibResult {
  return { status: nothingThere, error: `Call cib_${verb} failed: No such device or address\n` };
}

function imported(into: Element, element: Element): Element {
  const copy = into.ownerDocument?.importNode(element, true) ?? element;
  if (!isElement(copy)) throw new Error('a copy of an element is one');
  return copy;
}
