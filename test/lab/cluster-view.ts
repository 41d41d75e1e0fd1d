/**
 * What the cluster says of itself, read by the lab with a general XML parser: independent of the product's own parsers, because
 * tests hold the product against it.
 */
import { XMLParser } from 'fast-xml-parser';

export type NodeView = {
  readonly name: string;
  readonly type: string;
  readonly isOnline: boolean;
  readonly isUnclean: boolean;
  readonly isPending: boolean;
  readonly isStandby: boolean;
  readonly isMaintenance: boolean;
};

export type ResourceView = {
  readonly id: string;
  readonly role: string;
  readonly isFailed: boolean;
  /** True while an action of Pacemaker is under way on it. */
  readonly isBusy: boolean;
  readonly nodes: readonly string[];
};

export type FenceEvent = {
  readonly action: string;
  readonly target: string;
  readonly status: string;
  readonly completed: string | undefined;
};

export type ClusterView = {
  readonly hasQuorum: boolean;
  readonly nodes: readonly NodeView[];
  readonly resources: readonly ResourceView[];
  readonly fenceEvents: readonly FenceEvent[];
};

type Element = { readonly [key: string]: unknown };

const lists = new Set(['node', 'resource', 'fence_event']);
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', isArray: (name) => lists.has(name) });

const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null;
const child = (element: Element, name: string): Element => {
  const value = element[name];
  return isElement(value) ? value : {};
};
const children = (element: Element, name: string): readonly Element[] => {
  const value = element[name];
  return Array.isArray(value) ? value.filter(isElement) : [];
};
const text = (element: Element, name: string): string => {
  const value = element[`@${name}`];
  return typeof value === 'string' ? value : '';
};
const flag = (element: Element, name: string): boolean => text(element, name) === 'true';

/** Reads the output of `crm_mon --output-as=xml -r` (Pacemaker 2.1). */
export function readClusterView(xml: string): ClusterView {
  const root = child(parser.parse(xml) as Element, 'pacemaker-result');
  return {
    hasQuorum: flag(child(child(root, 'summary'), 'current_dc'), 'with_quorum'),
    nodes: children(child(root, 'nodes'), 'node').map((node) => ({
      name: text(node, 'name'),
      type: text(node, 'type'),
      isOnline: flag(node, 'online'),
      isUnclean: flag(node, 'unclean'),
      isPending: flag(node, 'pending'),
      isStandby: flag(node, 'standby'),
      isMaintenance: flag(node, 'maintenance'),
    })),
    resources: children(child(root, 'resources'), 'resource').map((resource) => ({
      id: text(resource, 'id'),
      role: text(resource, 'role'),
      isFailed: flag(resource, 'failed'),
      isBusy: text(resource, 'pending') !== '',
      nodes: children(resource, 'node').map((node) => text(node, 'name')),
    })),
    fenceEvents: children(child(root, 'fence_history'), 'fence_event').map((event) => ({
      action: text(event, 'action'),
      target: text(event, 'target'),
      status: text(event, 'status'),
      completed: text(event, 'completed') || undefined,
    })),
  };
}
