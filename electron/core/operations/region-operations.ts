import type { OperationEvents } from '#shared/contract/operations.ts';
import type { OperationRecord } from '#shared/model/cluster.ts';
import { operationId, type OperationId } from '#shared/model/ids.ts';
import type { Operation, OperationCommand } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import type { Inventory } from '../db/inventory.ts';
import type { RegionAccess } from '../region/region-access.ts';
import { acquireNodeLease, begin, type BeginDeps, type Request } from './begin.ts';
import { openBook } from './book.ts';
import { requireUndo, type Definition } from './definitions.ts';
import { drive, type Driven } from './drive.ts';
import { createQueue } from './queue.ts';
import { createSender, type Sender } from './journal.ts';
import { actionsOf } from './operation-actions.ts';
import { createLeaseWatch, type LeaseWatch } from './lease-watch.ts';
import type { OperationClock } from './time.ts';
import {
  emptyRecord,
  endedElsewhere,
  endedMeanwhile,
  mergeSteps,
  noSuchOperation,
  notificationOf,
  signature,
} from './operation-words.ts';
import { recorded, recordNow } from './recorded.ts';
import { begunOperation, waitingStep } from './view.ts';

export interface RegionOperationsDeps {
  readonly region: RegionAccess;
  readonly inventory: Inventory;
  readonly clock: OperationClock;
  /** `user on laptop`. */
  readonly owner: string;
  readonly definitions: Readonly<Partial<Record<OperationCommand, Definition>>>;
  readonly redact: (text: string) => string;
  readonly logError: (error: unknown) => void;
  readonly onChanged: (operation: Operation) => void;
  readonly onTranscript: (event: OperationEvents['operation.transcript']) => void;
  /** Told when an operation ends or fails. */
  readonly notify: (title: string, body: string) => void;
}

/** The operations of one open region: those this process drives, those of this laptop, and those that the cluster has records of. */
export interface RegionOperations {
  /** Begins what a person asked for; the same id again is the same operation (R3). `message`: the specification's words, or empty. */
  start(request: Request, message: string): Promise<Operation>;
  /** Begins several, one after the other, stopping at the first that does not succeed. */
  startInTurn(row: readonly { readonly request: Request; readonly message: string }[]): Promise<readonly Operation[]>;
  list(): readonly Operation[];
  /** @throws ProblemError `operation-not-found`. */
  get(id: OperationId): Operation;
  /** One sender for commands of this operation. */
  senderOf(id: OperationId): Sender;
  cancel(id: OperationId): Promise<Operation>;
  continue(id: OperationId): Promise<Operation>;
  rollBack(id: OperationId): Promise<Operation>;
  handOver(id: OperationId): Promise<Operation>;
  readonly watch: LeaseWatch;
  /** Operations that this process drives now. */
  running(): readonly Operation[];
  /** Stops driving; nothing is undone, and what was begun is found again. */
  close(): Promise<void>;
}

export function createRegionOperations(deps: RegionOperationsDeps): RegionOperations {
  const { region, inventory, clock, definitions, owner } = deps;
  const book = openBook(inventory.operations, deps.logError);
  const watch = createLeaseWatch(clock.monotonic);
  const driven = new Map<OperationId, Driven>();
  const starting = new Map<OperationId, Promise<Operation>>();
  const told = new Map<string, string>();

  const known = region.answer();
  if (known !== undefined) watch.onAnswer(known);
  const stopListening = region.onAnswer((answer) => {
    watch.onAnswer(answer);
    tellOthers();
  });

  const senderOf = (id: OperationId): Sender =>
    createSender({
      operationId: id,
      region,
      journal: inventory.journal,
      now: clock.now,
      redact: deps.redact,
      onEntry: (entry) => deps.onTranscript({ regionId: region.profile.id, operationId: id, entries: [entry] }),
    });

  const beginDeps = (id: OperationId): BeginDeps => ({
    region,
    clock,
    owner,
    watch,
    ownTokens: book.ownTokens(),
    send: senderOf(id),
    firstStep: (command) => definitionOf(command).steps(emptyRecord)[0]?.title ?? '',
  });

  function definitionOf(command: OperationCommand): Definition {
    return (
      definitions[command] ??
      fail({
        code: 'not-available',
        message: `This Rackside does not know how to go on with “${command}”.`,
        advice: 'Use the version that began it.',
      })
    );
  }

  function keep(operation: Operation): void {
    const before = book.get(operation.id);
    if (before === undefined || signature(before) !== signature(operation)) book.keep(operation);
    deps.onChanged(operation);
    const news = before?.state.kind === operation.state.kind ? null : notificationOf(operation);
    if (before !== undefined && news !== null) deps.notify(news.title, news.body);
  }

  function driveOn(
    operation: Operation,
    record: OperationRecord,
    lease: Awaited<ReturnType<typeof acquireNodeLease>>,
    direction: 'on' | 'undo',
  ): Operation {
    const definition = definitionOf(record.command);
    const running: Operation = {
      ...operation,
      state: { kind: 'running' },
      isOurs: true,
      actions: actionsOf({ kind: 'running' }, definition.undo.length > 0, record.command),
      steps: direction === 'undo' ? operation.steps : mergeSteps(operation, definition, record),
    };
    keep(running);
    // After the operation itself, which has to be in the book first: a start after a crash takes over at once by this token.
    book.keepToken(operation.id, lease.held.token);
    const one = drive({
      operation: running,
      record,
      definition,
      direction,
      region,
      inventory,
      lease,
      send: senderOf(operation.id),
      clock,
      onChange: keep,
      logError: deps.logError,
    });
    driven.set(operation.id, one);
    void one.over.finally(() => driven.delete(operation.id));
    return one.operation();
  }

  async function startOnce(request: Request, message: string): Promise<Operation> {
    const definition = definitionOf(request.command);
    const { lease, record, shown } = await begin(beginDeps(request.operationId), request);
    const operation: Operation = {
      ...begunOperation({ region, owner, now: clock.now() }, request, { kind: 'running' }, message),
      node: record.node,
      startedAt: record.startedAt,
      steps: definition.steps(record).map(waitingStep),
      vms: shown,
    };
    return driveOn(operation, record, lease, 'on');
  }

  /** What the cluster has a record of, as this laptop can tell how it stands. */
  function fromRecord(record: OperationRecord): Operation {
    return (
      driven.get(operationId(record.id))?.operation() ?? recorded({ region, watch, book, definitions, clock }, record)
    );
  }

  const records = (): readonly OperationRecord[] => region.answer()?.records.operations ?? [];

  /** One that this laptop began and whose record is gone: somebody else brought it to its end. */
  function withoutRecord(operation: Operation): Operation {
    const isHere = driven.has(operation.id) || starting.has(operation.id) || queue.waits(operation.id);
    const answer = region.answer();
    // An answer from before its last change cannot know its record.
    if (operation.state.kind === 'ended' || isHere || answer === undefined || answer.readAt <= operation.updatedAt)
      return operation;
    const ended = endedElsewhere(operation, records(), clock.now());
    keep(ended);
    return ended;
  }

  function list(): readonly Operation[] {
    const byRecord = new Map(records().map((record) => [record.id, fromRecord(record)]));
    const ours = book.all().map((operation) => {
      const own = driven.get(operation.id)?.operation();
      return own ?? byRecord.get(operation.id) ?? withoutRecord(operation);
    });
    const ids = new Set(ours.map(({ id }): string => id));
    const others = [...byRecord.values()].filter(({ id }) => !ids.has(id));
    return [...others, ...ours].toSorted((a, b) => b.startedAt - a.startedAt);
  }

  function tellOthers(): void {
    for (const operation of list()) {
      // What this process drives or just begins tells of itself.
      if (driven.has(operation.id) || starting.has(operation.id) || operation.state.kind === 'ended') continue;
      const text = JSON.stringify({ ...operation, updatedAt: 0, state: operation.state.kind });
      if (told.get(operation.id) === text) continue;
      told.set(operation.id, text);
      deps.onChanged(operation);
    }
  }

  function get(id: OperationId): Operation {
    return list().find((operation) => operation.id === id) ?? fail(noSuchOperation(region.profile.name, id));
  }

  /** Takes an operation up that nobody drives. */
  async function takeUp(id: OperationId, direction: 'on' | 'undo'): Promise<Operation> {
    const one = driven.get(id);
    if (one !== undefined && one.operation().state.kind !== 'failed') return one.operation();
    // One that has just failed is giving its lease back still: a Continue of that moment is no wish to be lost.
    await one?.over;
    const record = await recordNow(region, id);
    if (record === undefined) return fail(endedMeanwhile(get(id)));
    const operation = fromRecord(record);
    const definition = definitionOf(record.command);
    if (direction === 'undo') requireUndo(definition);
    const lease = await acquireNodeLease(beginDeps(id), record.node, definition.purpose(record.node));
    // Under the lease nobody else writes the record: what it says now is gone on with, not what it said before.
    const now = await recordNow(region, id).catch(() => record);
    if (now === undefined) return lease.release().then(() => fail(endedMeanwhile(operation)));
    return driveOn({ ...operation, owner }, now, lease, direction);
  }

  function once(id: OperationId, work: () => Promise<Operation>): Promise<Operation> {
    const running = starting.get(id);
    if (running !== undefined) return running;
    const begun = work().finally(() => starting.delete(id));
    starting.set(id, begun);
    return begun;
  }

  const queue = createQueue({
    now: clock.now,
    keep,
    logError: deps.logError,
    over: async (id) => {
      await driven.get(id)?.over;
      return book.get(id);
    },
  });

  return {
    watch,
    senderOf,
    list,
    get,
    // Async, so that whatever is thrown at once is a rejection.
    async start(request, message) {
      const before = driven.get(request.operationId)?.operation() ?? book.get(request.operationId);
      if (before !== undefined) return get(request.operationId);
      return once(request.operationId, () => startOnce(request, message));
    },
    startInTurn: (row) =>
      queue.start(
        row.map(({ request, message }, index) => {
          const { name } = region.row(row[Math.max(0, index - 1)]?.request.nodeId ?? request.nodeId);
          const waiting = begunOperation(
            { region, owner, now: clock.now() },
            request,
            { kind: 'queued', behind: name },
            message,
          );
          return { waiting, begin: () => once(request.operationId, () => startOnce(request, message)) };
        }),
      ),
    async cancel(id) {
      const dropped = queue.drop(id);
      if (dropped !== undefined) return dropped;
      await starting.get(id)?.catch(() => {});
      const one = driven.get(id);
      if (one === undefined) return once(id, () => takeUp(id, 'undo'));
      requireUndo(definitionOf(one.operation().command));
      one.cancel();
      return one.operation();
    },
    continue: (id) => once(id, () => takeUp(id, 'on')),
    rollBack: (id) => once(id, () => takeUp(id, 'undo')),
    async handOver(id) {
      const one = driven.get(id);
      if (one === undefined) return get(id);
      await one.stop();
      return get(id);
    },
    running: () => [...driven.values()].map((one) => one.operation()),
    async close() {
      stopListening();
      queue.close();
      await Promise.all([...driven.values()].map((one) => one.stop()));
    },
  };
}
