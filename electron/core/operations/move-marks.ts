import { randomBytes } from 'node:crypto';
import type { ClusterAnswer, ClusterResource } from '#shared/model/cluster.ts';
import { unitMark } from '../cluster/writes/moves.ts';
import { clusterName, xpathText } from '../cluster/writes/xml-text.ts';
import type { OperationContext } from './step.ts';

/** Names the operation in marks and units: a VM's mark says whose move it is. */
export const moveOwner = (operationId: string): string => operationId.replaceAll('-', '').slice(0, 12);

/** The mark is this operation's. */
export const isOwnMark = ({ id }: Pick<OperationContext, 'id'>, mark: string | undefined): boolean =>
  mark?.startsWith(`${moveOwner(id)}.`) === true;

/** The mark is of an operation that is recorded, on whichever node: that one goes on with it, or takes it back. */
export const isRecordedMark = ({ records }: ClusterAnswer, mark: string): boolean =>
  records.operations.some(({ id }) => mark.startsWith(`${moveOwner(id)}.`));

/** A mark's value that no unit had before. */
export const newValue = ({ id }: OperationContext): string => `${moveOwner(id)}.${randomBytes(3).toString('hex')}`;

/** XPath below `configuration`: the VM's mark, while it is another unit's. */
export function markExcept(resource: string, value: string): string {
  return `crm_config/cluster_property_set[@id=${xpathText(clusterName(unitMark(resource)))} and not(nvpair/@value=${xpathText(value)})]`;
}

/** XPath below `configuration`: the VM's mark, while it is one of these units'. */
export function markOneOf(resource: string, values: readonly string[]): string {
  const isOne = values.map((value) => `nvpair/@value=${xpathText(value)}`).join(' or ');
  return `crm_config/cluster_property_set[@id=${xpathText(clusterName(unitMark(resource)))} and (${isOne})]`;
}

/** The value of a VM's mark; `undefined`: no unit has it in hand. */
export function markOf(answer: ClusterAnswer, resource: string): string | undefined {
  return answer.records.marks.find(({ name }) => name === unitMark(resource))?.value;
}

/** The VM's resource as the cluster shows it. */
export function resourceOf(answer: ClusterAnswer, resource: string): ClusterResource | undefined {
  return answer.resources.find(({ id }) => id === resource);
}

/** On this node, and on no other. */
export function isOnlyOn({ nodes }: ClusterResource, node: string): boolean {
  return nodes.length === 1 && nodes[0] === node;
}

/** Online and clean by the cluster's word. */
export function isOnline(answer: ClusterAnswer, name: string): boolean {
  return answer.nodes.some((node) => node.name === name && node.isOnline && !node.isUnclean);
}
