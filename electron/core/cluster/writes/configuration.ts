import { clusterName, element, xpathText } from './xml-text.ts';
import type { XmlText } from './xml-text.ts';

/**
 * What is to be merged into the CIB's configuration, by section; `cibadmin --modify` merges elements by their ids. Several changes
 * become one transaction by `togetherWith`.
 */
export type Changes = Readonly<Partial<Record<(typeof sectionNames)[number], readonly XmlText[]>>>;

const sectionNames = ['crm_config', 'nodes', 'resources', 'constraints'] as const;

/** Several changes as one: all of them happen, or none. */
export function togetherWith(...changes: readonly Changes[]): Changes {
  return Object.fromEntries(
    sectionNames.flatMap((name) => {
      const all = changes.flatMap((change) => change[name] ?? []);
      return all.length === 0 ? [] : [[name, all]];
    }),
  );
}

/** The `<configuration>` that `cibadmin --modify` is given. */
export function configurationOf(changes: Changes): XmlText {
  return element(
    'configuration',
    {},
    sectionNames.flatMap((name) => {
      const all = changes[name] ?? [];
      return all.length === 0 ? [] : [element(name, {}, all)];
    }),
  );
}

/** One `<nvpair>`. */
export function nvpair(id: string, name: string, value: string): XmlText {
  return element('nvpair', { id, name, value });
}

/** A mark or record of the region: a property set of its own, whose id is the name, with one nvpair whose id is the name and `-v`. */
export function regionMark(name: string, value: string): Changes {
  clusterName(name);
  return {
    crm_config: [element('cluster_property_set', { id: name }, [nvpair(`${name}-v`, name, value)])],
  };
}

/** XPath of a region's mark below `configuration`; `value`: only while it has exactly this value. */
export function regionMarkPath(name: string, value?: string): string {
  const isIt = `@id=${xpathText(clusterName(name))}`;
  return value === undefined
    ? `crm_config/cluster_property_set[${isIt}]`
    : `crm_config/cluster_property_set[${isIt} and nvpair[@value=${xpathText(value)}]]`;
}

/** The node whose attribute is written: `id` is Corosync's number, or a Worker's name (as `ClusterMember` has them). */
export interface WrittenNode {
  readonly name: string;
  readonly id: string;
  readonly type: 'member' | 'remote';
}

/**
 * A permanent node attribute, byte for byte as `crm_attribute -N NODE -n NAME -v VALUE` writes it. A Worker may have no entry among the
 * nodes yet; a control always has one, and half an entry of one that is gone breaks the schema.
 */
export function nodeAttribute(node: WrittenNode, name: string, value: string): Changes {
  const set = `nodes-${clusterName(node.id)}`;
  const entry =
    node.type === 'remote' ? { id: node.id, uname: clusterName(node.name), type: 'remote' } : { id: node.id };
  return {
    nodes: [
      element('node', entry, [
        element('instance_attributes', { id: set }, [nvpair(`${set}-${clusterName(name)}`, name, value)]),
      ]),
    ],
  };
}

/** XPath of a node's attribute below `configuration`, whoever wrote it; `value`: only while it has exactly this value. */
export function nodeAttributePath(node: WrittenNode, name: string, value?: string): string {
  const isIt = `@name=${xpathText(clusterName(name))}${value === undefined ? '' : ` and @value=${xpathText(value)}`}`;
  return `nodes/node[@id=${xpathText(clusterName(node.id))}]/instance_attributes/nvpair[${isIt}]`;
}

/** XPath below `configuration`: any other node has exactly this value. */
export function otherNodesPath(node: WrittenNode, name: string, value: string): string {
  const isIt = `@name=${xpathText(clusterName(name))} and @value=${xpathText(value)}`;
  return `nodes/node[not(@id=${xpathText(clusterName(node.id))})]/instance_attributes/nvpair[${isIt}]`;
}

/** XPath below `configuration`: this node is still a member, a Worker by its connection. A write that requires it touches no node that is gone. */
export function nodePath({ name, id, type }: WrittenNode): string {
  return type === 'remote'
    ? `resources//primitive[@id=${xpathText(clusterName(name))} and @type="remote"]`
    : `nodes/node[@id=${xpathText(clusterName(id))} and @uname=${xpathText(clusterName(name))}]`;
}
