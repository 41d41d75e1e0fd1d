import type { Changes, WrittenNode } from './configuration.ts';
import { nodeAttribute, nodeAttributePath } from './configuration.ts';

/** Puts a node in standby, byte for byte as `crm_attribute -N NODE -n standby -v on` does. It moves away whatever still runs there. */
export const standbyOn = (node: WrittenNode): Changes => nodeAttribute(node, 'standby', 'on');

/** XPath of a node's standby, whoever set it; deleting it ends the standby. Below `configuration`. */
export const standbyPath = (node: WrittenNode): string => nodeAttributePath(node, 'standby');
