import type { Node } from '@xmldom/xmldom';

/** What we use of the package `xpath`; its own types bring a browser's along. */
export function select(expression: string, node: Node): Node[] | string | number | boolean | null;
