import type { OperationRecord } from '#shared/model/cluster.ts';
import { operationId } from '#shared/model/ids.ts';
import type { Operation, OperationCommand, OperationState } from '#shared/model/operation.ts';
import { memberId } from '../region/memberships.ts';
import type { RegionAccess } from '../region/region-access.ts';
import type { Book } from './book.ts';
import type { Definition } from './definitions.ts';
import { nodeLeaseName } from './lease.ts';
import type { LeaseWatch } from './lease-watch.ts';
import { actionsOf } from './operation-actions.ts';
import type { OperationClock } from './time.ts';
import { operationFromRecord } from './view.ts';

interface Known {
  readonly region: RegionAccess;
  readonly watch: LeaseWatch;
  readonly book: Book;
  readonly definitions: Readonly<Partial<Record<OperationCommand, Definition>>>;
  readonly clock: OperationClock;
}

/** An operation that this process does not drive, as the cluster's record, its lease and this laptop's book tell of it. */
export function recorded(known: Known, record: OperationRecord): Operation {
  const { region, book, definitions, clock } = known;
  const state = stateOf(known, record);
  const kept = book.get(operationId(record.id));
  const definition = definitions[record.command];
  const canUndo = (definition?.undo.length ?? 0) > 0;
  if (kept !== undefined)
    return { ...kept, state, owner: record.owner, actions: actionsOf(state, canUndo, record.command) };
  const nodeId = memberId(record.node);
  const row = region.rows().find((one) => one.id === nodeId);
  return operationFromRecord(record, {
    regionId: region.profile.id,
    nodeId,
    nodeName: row?.name ?? record.node,
    steps: definition?.steps(record) ?? [],
    state,
    canUndo,
    message: '',
    now: clock.now(),
  });
}

function stateOf({ watch, book, clock }: Known, record: OperationRecord): OperationState {
  const name = nodeLeaseName(record.node);
  const lease = watch.seen(name);
  // Left by an earlier process of this laptop: nobody else runs on its data folder.
  const isLeft = lease !== undefined && book.ownTokens().has(lease.lease?.token ?? '');
  if (lease !== undefined && !isLeft && !watch.hasRunOut(name))
    return { kind: 'elsewhere', owner: lease.lease?.info?.owner ?? record.owner };
  const kept = book.get(operationId(record.id));
  if (record.failure !== null) {
    if (kept?.state.kind === 'failed') return kept.state;
    const advice = 'Continue it, or roll it back.';
    return { kind: 'failed', at: clock.now(), problem: { code: 'step-failed', message: record.failure, advice } };
  }
  return { kind: 'unattended', since: kept?.updatedAt ?? clock.now() - (lease?.unchangedMs ?? 0) };
}

/** The operation's record as the cluster has it now; `undefined`: somebody brought it to its end. */
export async function recordNow(region: RegionAccess, id: string): Promise<OperationRecord | undefined> {
  const { records } = await region.readFresh();
  return records.operations.find((record) => record.id === id);
}
