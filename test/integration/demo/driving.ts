import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { memberId, operationId, type OperationId } from '../../../shared/model/ids.ts';
import { noChoices, type MaintenanceChoices, type PreparedMaintenance } from '../../../shared/model/maintenance.ts';
import type { Operation } from '../../../shared/model/operation.ts';
import type { OpenedDemo } from './demo-region.ts';

export const newOperation = (): OperationId => operationId(randomUUID());

/** Calls until it answers something; its last word is in the error. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>, deadlineMs = 60_000): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  let last = '';
  while (Date.now() < deadline) {
    const told = await ask().catch((error: unknown) => {
      last = String(error);
      return undefined;
    });
    if (told !== undefined) return told;
    await sleep(200);
  }
  throw new Error(`not within ${deadlineMs} ms: ${what}; ${last}`);
}

/** The preflight once nothing of the moment holds it up. */
export function prepared(
  { running, id: regionId }: OpenedDemo,
  node: string,
  choices: MaintenanceChoices = noChoices,
): Promise<PreparedMaintenance> {
  return eventually(`the maintenance of ${node} is ready`, async () => {
    const answer = await running.call('maintenance.prepare', { regionId, nodeId: memberId(node), choices });
    if (!answer.isReady)
      throw new Error(answer.heldUpBy || JSON.stringify(answer.checks.filter(({ state }) => state !== 'pass')));
    return answer;
  });
}

/** Prepares and starts a maintenance; prepared again where something of the moment has changed meanwhile. */
export function startMaintenance(opened: OpenedDemo, node: string): Promise<OperationId> {
  const id = newOperation();
  const on = { regionId: opened.id, nodeId: memberId(node), operationId: id, choices: noChoices, reason: 'a fan' };
  return eventually('the maintenance is begun', async () => {
    const { digest } = await prepared(opened, node);
    await opened.running.call('maintenance.start', { ...on, digest });
    return id;
  });
}

/** Lets more VMs leave at once than the two of a region as it is made: a test waits no longer than it has to. */
export function moveManyAtOnce({ running, id: regionId }: OpenedDemo): Promise<null> {
  const limits = { maxOutOfService: null, maxMovesAtOnce: 8 };
  return eventually('the limit is kept', () => running.call('regions.setLimits', { regionId, ...limits }));
}

/** The operation once this is true of it. */
export async function untilOperation(
  { running, id: regionId }: OpenedDemo,
  id: OperationId,
  isSo: (operation: Operation) => boolean,
  deadlineMs = 120_000,
): Promise<Operation> {
  let last: Operation | undefined;
  try {
    return await eventually(
      `operation ${id}`,
      async () => {
        last = await running.call('operations.get', { regionId, operationId: id });
        return isSo(last) ? last : undefined;
      },
      deadlineMs,
    );
  } catch (error) {
    throw new Error(`${String(error)}: ${JSON.stringify([last?.state, last?.steps, last?.vms], undefined, 1)}`, {
      cause: error,
    });
  }
}

export const isOver = ({ state }: Operation): boolean =>
  state.kind !== 'running' && state.kind !== 'cancelling' && state.kind !== 'queued';

/** The node's status as the table shows it, once it is this. */
export const untilStatus = (opened: OpenedDemo, node: string, status: string, deadlineMs = 60_000) =>
  opened.running.until(
    opened.id,
    `${node} ${status}`,
    ({ nodes }) => nodes.find(({ hostname }) => hostname === node)?.status.status === status,
    deadlineMs,
  );

/** Names of the VMs that the node's own libvirt has, in the words of the simulated world. */
export const domainsOn = ({ demo }: OpenedDemo, node: string): readonly string[] =>
  [...(demo.world.nodes.get(node)?.domains.keys() ?? [])].toSorted();
