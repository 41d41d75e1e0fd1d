import type { OperationRecord } from '#shared/model/cluster.ts';
import { operationId, type OperationId } from '#shared/model/ids.ts';
import type { Operation, OperationCommand, OperationDirection } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import { acquireNodeLease, begin, type BeginDeps, type Request } from './begin.ts';
import { openBook } from './book.ts';
import { requireUndo, type Definition } from './definitions.ts';
import { drive, type Driven } from './drive.ts';
import { requireMayGoOn } from './go-on.ts';
import { createQueue, endForgotten } from './queue.ts';
import { createSender, type Sender } from './journal.ts';
import { actionsOf } from './operation-actions.ts';
import { createLeaseWatch } from './lease-watch.ts';
import type { RegionOperations, RegionOperationsDeps } from './operations-of-region.ts';
import {
  emptyRecord,
  endedElsewhere,
  endedMeanwhile,
  mergeSteps,
  noSuchOperation,
  regionClosed,
  notificationOf,
  signature,
  alreadyDriven,
  drivenState,
} from './operation-words.ts';
import { recorded, recordNow } from './recorded.ts';
import { knownRow, requireSameCall } from './same-call.ts';
import { endedWithin } from './time.ts';
import { begunOperation, waitingStep } from './view.ts';
import { createWishes } from './wishes.ts';

/** Longest that closing waits for what is just being begun: it is not driven in any case. */
const closeWithinMs = 5000;
/** Longest that closing waits for locks to be given back: over a dead line none is, and each ends by itself. */
const givenBackWithinMs = 10_000;

/** What a region's operations are made of: begins, takes up, and drives; the cluster's records are the truth. */
export function createRegionOperations(deps: RegionOperationsDeps): RegionOperations {
  const { region, inventory, clock, definitions, owner } = deps;
  const book = openBook(inventory.operations, deps.logError);
  endForgotten(book, clock.now());
  const watch = createLeaseWatch(clock.monotonic);
  const driven = new Map<OperationId, Driven>();
  const wishes = createWishes();
  /** Rows of several whose first is just being begun, by their ids. */
  const rows = new Map<string, Promise<readonly Operation[]>>();
  const told = new Map<string, string>();
  /** Aborted when the region closes: what is just being begun or taken up is not driven any more. */
  const closing = new AbortController();

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
    closing: closing.signal,
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
    direction: OperationDirection,
  ): Operation {
    const definition = definitionOf(record.command);
    // Closed while it was being begun: its record stands, and whoever opens the region finds it unattended.
    if (closing.signal.aborted) {
      void lease.release();
      return fail(regionClosed(region.profile.name));
    }
    const state = drivenState(direction, clock.now());
    const running: Operation = {
      ...operation,
      state,
      isOurs: true,
      actions: actionsOf(state, definition.undo.length > 0, record.command),
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

  const seenLeft = new Map<string, number>();

  /** What the cluster has a record of, as this laptop can tell how it stands. */
  function fromRecord(record: OperationRecord): Operation {
    return (
      driven.get(operationId(record.id))?.operation() ??
      recorded({ region, watch, book, definitions, clock, seenLeft }, record)
    );
  }

  const records = (): readonly OperationRecord[] => region.answer()?.records.operations ?? [];

  /** One that this laptop began and whose record is gone: somebody else brought it to its end. */
  function withoutRecord(operation: Operation): Operation {
    const isHere = driven.has(operation.id) || wishes.has(operation.id) || queue.waits(operation.id);
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
      // What is just begun or taken up has a lock that no other laptop has, and is not driven yet.
      const own = driven.get(operation.id)?.operation() ?? (wishes.has(operation.id) ? operation : undefined);
      return own ?? byRecord.get(operation.id) ?? withoutRecord(operation);
    });
    const ids = new Set(ours.map(({ id }): string => id));
    const others = [...byRecord.values()].filter(({ id }) => !ids.has(id));
    return [...others, ...ours].toSorted((a, b) => b.startedAt - a.startedAt);
  }

  function tellOthers(): void {
    for (const operation of list()) {
      // What this process drives or just begins tells of itself.
      if (driven.has(operation.id) || wishes.has(operation.id) || operation.state.kind === 'ended') continue;
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
  async function takeUp(id: OperationId, direction: OperationDirection): Promise<Operation> {
    const one = driven.get(id);
    if (one !== undefined && one.operation().state.kind !== 'failed') return alreadyDriven(one, direction);
    // One that has just failed is giving its lease back still: a Continue of that moment is no wish to be lost.
    await one?.over;
    const record = await recordNow(region, id);
    if (record === undefined) return fail(endedMeanwhile(get(id)));
    const operation = fromRecord(record);
    const definition = definitionOf(record.command);
    if (direction === 'undo') requireUndo(definition);
    requireMayGoOn(region, record, direction, clock.now());
    const lease = await acquireNodeLease(beginDeps(id), record.node, definition.purpose(record.node));
    // Under the lease nobody else writes the record: what it says now is gone on with, not what it said before.
    const now = await recordNow(region, id).catch(async (error: unknown) => {
      await lease.release();
      throw error;
    });
    if (now === undefined) return lease.release().then(() => fail(endedMeanwhile(operation)));
    return driveOn({ ...operation, owner }, now, lease, direction);
  }

  const queue = createQueue({
    now: clock.now,
    keep,
    logError: deps.logError,
    over: async (id) => {
      const one = driven.get(id);
      await one?.over;
      return { operation: book.get(id), isGivenUp: one?.direction === 'undo' };
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
      const operation =
        before === undefined
          ? await wishes.once(request.operationId, 'on', () => startOnce(request, message))
          : get(request.operationId);
      requireSameCall(operation, request);
      return operation;
    },
    async startInTurn(row) {
      // The same row again is the same operations (R3), each as it stands, also while the first is just being begun.
      const key = row.map(({ request }) => request.operationId).join();
      const underWay = rows.get(key);
      if (underWay !== undefined) return underWay;
      const before = knownRow(
        row.map(({ request }) => request),
        (id) => (book.get(id) !== undefined || queue.waits(id) ? get(id) : undefined),
      );
      if (before !== undefined) return before;
      const begun = queue.start(
        row.map(({ request, message }, index) => {
          const { name } = region.row(row[Math.max(0, index - 1)]?.request.nodeId ?? request.nodeId);
          const state = { kind: 'queued', behind: name } as const;
          const waiting = begunOperation({ region, owner, now: clock.now() }, request, state, message);
          return { waiting, begin: () => wishes.once(request.operationId, 'on', () => startOnce(request, message)) };
        }),
      );
      rows.set(key, begun);
      return begun.finally(() => rows.delete(key));
    },
    async cancel(id) {
      const dropped = queue.drop(id);
      if (dropped !== undefined) return dropped;
      await wishes.settled(id);
      const one = driven.get(id);
      if (one === undefined) return wishes.once(id, 'undo', () => takeUp(id, 'undo'));
      requireUndo(definitionOf(one.operation().command));
      one.cancel();
      return one.operation();
    },
    continue: (id) => wishes.once(id, 'on', () => takeUp(id, 'on')),
    rollBack: (id) => wishes.once(id, 'undo', () => takeUp(id, 'undo')),
    async handOver(id) {
      await driven.get(id)?.stop();
      // Its lock is free: what is shown next is not another’s by an answer of before.
      await region.readFresh().catch(() => {});
      return get(id);
    },
    running: () => [...driven.values()].map((one) => one.operation()),
    async close() {
      closing.abort();
      stopListening();
      queue.close();
      await endedWithin(clock, closeWithinMs, wishes.allSettled());
      await endedWithin(clock, givenBackWithinMs, Promise.all([...driven.values()].map((one) => one.stop())));
    },
  };
}
