/**
 * What the cluster says of itself, read by the lab with the tests' own reader of XML: independent of the product's own parsers, because
 * tests hold the product against it.
 */
import { plainXml, type PlainXml } from '../helpers/plain-xml.ts';

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

const child = (element: PlainXml | undefined, name: string): PlainXml | undefined =>
  element?.children.find((one) => one.name === name);
const children = (element: PlainXml | undefined, name: string): readonly PlainXml[] =>
  element?.children.filter((one) => one.name === name) ?? [];
const text = (element: PlainXml | undefined, name: string): string => element?.attributes[name] ?? '';
const flag = (element: PlainXml | undefined, name: string): boolean => text(element, name) === 'true';

/** Reads the output of `crm_mon --output-as=xml -r` (Pacemaker 2.1). */
export function readClusterView(xml: string): ClusterView {
  const root = plainXml(xml);
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
