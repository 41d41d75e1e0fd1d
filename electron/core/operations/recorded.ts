import type { ClusterAnswer, OperationRecord } from '#shared/model/cluster.ts';
import { memberId, operationId } from '#shared/model/ids.ts';
import type { Operation, OperationCommand, OperationState, OperationVm } from '#shared/model/operation.ts';
import type { RegionAccess } from '../region/region-access.ts';
import type { Book } from './book.ts';
import type { Definition } from './definitions.ts';
import { nodeLeaseName } from './lease.ts';
import type { LeaseWatch } from './lease-watch.ts';
import { actionsOf } from './operation-actions.ts';
import type { OperationClock } from './time.ts';
import { operationFromRecord } from './view.ts';
import { markOf, resourceOf } from './move-marks.ts';

interface Known {
  readonly region: RegionAccess;
  readonly watch: LeaseWatch;
  readonly book: Book;
  readonly definitions: Readonly<Partial<Record<OperationCommand, Definition>>>;
  readonly clock: OperationClock;
  /** When this process saw an operation of another laptop left alone first, by id; UTC ms. */
  readonly seenLeft: Map<string, number>;
}

/** An operation that this process does not drive, as the cluster's record, its lease and this laptop's book tell of it. */
export function recorded(known: Known, record: OperationRecord): Operation {
  const { region, book, definitions, clock } = known;
  const state = stateOf(known, record);
  const kept = book.get(operationId(record.id));
  const definition = definitions[record.command];
  const canUndo = (definition?.undo.length ?? 0) > 0;
  if (kept !== undefined) {
    const vms = state.kind === 'unattended' ? kept.vms.map((vm) => asNow(vm, region.answer())) : kept.vms;
    return { ...kept, vms, state, owner: record.owner, actions: actionsOf(state, canUndo, record.command) };
  }
  const nodeId = memberId(record.node);
  const row = region.rows().find((one) => one.id === nodeId);
  return operationFromRecord(record, {
    regionId: region.profile.id,
    nodeId,
    nodeName: row?.name ?? record.node,
    steps: definition?.steps(record) ?? [],
    undo: definition?.undo ?? [],
    state,
    canUndo,
    message: '',
    now: clock.now(),
  });
}

/** A VM that moved when its operation was left alone: where its unit has brought it since is told, not how far it was then. */
function asNow(vm: OperationVm, answer: ClusterAnswer | undefined): OperationVm {
  if ((vm.state !== 'moving' && vm.state !== 'handing-back') || answer === undefined) return vm;
  const now = resourceOf(answer, vm.resource);
  const [on] = now?.nodes ?? [];
  if (
    markOf(answer, vm.resource) !== undefined ||
    now?.isManaged !== true ||
    now.role !== 'Started' ||
    on === undefined
  )
    return vm;
  const state = on === vm.target ? 'moved' : 'waiting';
  return { ...vm, state, progress: null, detail: `on ${on} now, in the cluster’s care` };
}

function stateOf({ watch, book, clock, seenLeft, definitions }: Known, record: OperationRecord): OperationState {
  const name = nodeLeaseName(record.node);
  const lease = watch.seen(name);
  // Left by an earlier process of this laptop: nobody else runs on its data folder.
  const isLeft = lease !== undefined && book.ownTokens().has(lease.lease?.token ?? '');
  if (lease !== undefined && !isLeft && !watch.hasRunOut(name))
    return { kind: 'elsewhere', owner: lease.lease?.info?.owner ?? record.owner };
  const kept = book.get(operationId(record.id));
  if (record.failure !== null) {
    // Another laptop may have gone on with it since, and failed of something else.
    if (kept?.state.kind === 'failed' && kept.state.problem.message === record.failure) return kept.state;
    const canUndo = (definitions[record.command]?.undo.length ?? 0) > 0;
    const advice = canUndo ? 'Continue it, or roll it back.' : 'Continue it: what it does cannot be undone.';
    return { kind: 'failed', at: clock.now(), problem: { code: 'step-failed', message: record.failure, advice } };
  }
  if (kept !== undefined) return { kind: 'unattended', since: kept.updatedAt };
  const since = seenLeft.get(record.id) ?? clock.now() - (lease?.unchangedMs ?? 0);
  seenLeft.set(record.id, since);
  return { kind: 'unattended', since };
}

/** The operation's record as the cluster has it now; `undefined`: somebody brought it to its end. */
export async function recordNow(region: RegionAccess, id: string): Promise<OperationRecord | undefined> {
  const { records } = await region.readFresh();
  return records.operations.find((record) => record.id === id);
}
