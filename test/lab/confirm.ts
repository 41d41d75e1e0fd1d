import { randomUUID } from 'node:crypto';
import type { CallInput } from '#shared/contract/contract.ts';
import { nodeId, operationId } from '#shared/model/ids.ts';
import type { OperationId, RegionId } from '#shared/model/ids.ts';
import type { ArmedForce } from '#shared/model/maintenance.ts';
import type { Rackside } from './rackside.ts';

/** What the dialogs that take typed words send. */

/** The input of `force.start` of a person who ticked and typed everything. */
export function forceConfirmed(regionId: RegionId, armed: ArmedForce): CallInput<'force.start'> {
  const asked = armed.overrides.filter(({ isTold }) => !isTold);
  return {
    regionId,
    nodeId: armed.nodeId,
    operationId: operationId(randomUUID()),
    token: armed.token,
    typedName: armed.nodeName,
    ticked: asked.filter(({ statement }) => statement === null).map(({ id }) => id),
    statements: Object.fromEntries(asked.flatMap(({ id, statement }) => (statement === null ? [] : [[id, statement]]))),
    reason: 'test',
  };
}

/** Starts the removal of a node that is In maintenance, with every statement that is asked for. */
export async function startRemoval(
  app: Rackside,
  regionId: RegionId,
  node: string,
  typedName = node,
): Promise<OperationId> {
  const on = { regionId, nodeId: nodeId(`member:${node}`) };
  const { digest, poolStatement, powerOffStatement } = await app.call('removal.prepare', on);
  const id = operationId(randomUUID());
  const stated = { poolStatement: poolStatement ?? '', powerOffStatement: powerOffStatement ?? '' };
  await app.call('removal.start', { ...on, ...stated, operationId: id, digest, typedName, reason: 'sold' });
  return id;
}
