import { Fragment, isValidElement } from 'react';
import type { ReactNode } from 'react';

/** A piece of the page as it stands there: a text, or an element with its attributes and what is inside it. */
export type Host = string | HostElement;

export interface HostElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Host[];
}

type Props = Readonly<Record<string, unknown>> & { readonly children?: ReactNode };

/** React's names of attributes, where the page has others. */
const names: Readonly<Record<string, string>> = {
  className: 'class',
  tabIndex: 'tabindex',
  readOnly: 'readonly',
};

/**
 * What JSX comes to once its components have been called. They are plain functions of their properties: a hook, a handler or a style in
 * one of them is a mistake, and throws.
 */
export function expand(node: ReactNode): readonly Host[] {
  const hosts: Host[] = [];
  expandInto(node, hosts);
  return hosts;
}

function expandInto(node: ReactNode, into: Host[]): void {
  if (node === null || node === undefined || typeof node === 'boolean' || node === '') return;
  if (typeof node === 'string' || typeof node === 'number') {
    const last = into.at(-1);
    // Texts that touch are one text of the page.
    if (typeof last === 'string') into[into.length - 1] = last + String(node);
    else into.push(String(node));
  } else if (Array.isArray(node)) {
    for (const child of node as readonly ReactNode[]) expandInto(child, into);
  } else if (isValidElement<Props>(node)) {
    const type: unknown = node.type;
    if (typeof type === 'string') {
      into.push({ tag: type, attributes: attributesOf(node.props), children: expand(node.props.children) });
    } else if (type === Fragment) expandInto(node.props.children, into);
    else if (isComponent(type)) expandInto(type(node.props), into);
    else throw new TypeError('Only elements and plain components are painted without React.');
  } else throw new TypeError('Only elements, texts and numbers are painted without React.');
}

const isComponent = (type: unknown): type is (props: Props) => ReactNode => typeof type === 'function';

function attributesOf(props: Props): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(props)) {
    if (name === 'children' || value === undefined || value === null) continue;
    if (typeof value === 'boolean' && !/^(?:aria|data)-/.test(name)) {
      if (value) attributes[names[name] ?? name] = '';
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      attributes[names[name] ?? name] = String(value);
    } else throw new TypeError(`What is painted without React has no “${name}”.`);
  }
  return attributes;
}
