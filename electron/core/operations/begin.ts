import { decide, refusalProblem } from '#shared/lifecycle/decide.ts';
import { decisionContext } from '#shared/lifecycle/context.ts';
import type { NodeCommand } from '#shared/lifecycle/commands.ts';
import type { OperationChoices, OperationRecord, RecordedUndo, RecordedVm } from '#shared/model/cluster.ts';
import type { NodeId, OperationId } from '#shared/model/ids.ts';
import type { OperationCommand, OperationVm } from '#shared/model/operation.ts';
import { fail, problemOf } from '#shared/problems.ts';
import { regionMarkPath } from '../cluster/writes/configuration.ts';
import { guardedMerge, guardOf } from '../cluster/writes/guarded.ts';
import type { ShownCommand } from '../cluster/writes/shown-command.ts';
import { fencedAt } from '../lifecycle/fencing.ts';
import type { RegionAccess } from '../region/region-access.ts';
import { runSections } from '../ssh/sections.ts';
import { controlOf } from './channels.ts';
import { operationRecordName, recordChanges } from './drive.ts';
import type { Sender } from './journal.ts';
import { acquireLease, admissionLeaseName, admissionTermMs, nodeLeaseName, nodeTermMs, type Lease } from './lease.ts';
import type { LeaseWatch } from './lease-watch.ts';
import { enteringCommands } from '#shared/model/operation.ts';
import { requireWithinLimit } from './limits.ts';
import { regionClosed } from './operation-words.ts';
import { pause, type OperationClock } from './time.ts';

/** What a person asked for, once its dialog's conditions are met. */
export interface Request {
  readonly operationId: OperationId;
  readonly nodeId: NodeId;
  readonly command: OperationCommand;
  /** The command as `decide` knows it; `undefined`: nothing of the node's status stands against it. */
  readonly decided: NodeCommand | undefined;
  readonly reason: string;
  readonly purpose: string;
  /** The one VM that it is about; another one is another call. */
  readonly vm?: string;
  /** A stuck maintenance of the same node gives way to it (Force only). */
  readonly replaces?: OperationId | undefined;
  /**
   * Judges with what was read fresh, while the admission is held: limits, quorum and headroom cannot change meanwhile by another laptop.
   * @throws ProblemError `plan-changed`, `preflight-failed` and others.
   */
  readonly judge: () => Promise<{
    readonly choices: OperationChoices;
    readonly vms: readonly RecordedVm[];
    /** Default: none. */
    readonly others?: OperationRecord['others'];
    readonly undo: readonly RecordedUndo[];
    /** The plan's VMs as the operation's page lists them. */
    readonly shown: readonly OperationVm[];
  }>;
}

export interface BeginDeps {
  readonly region: RegionAccess;
  readonly clock: OperationClock;
  readonly owner: string;
  readonly watch: LeaseWatch;
  readonly ownTokens: ReadonlySet<string>;
  readonly send: Sender;
  readonly firstStep: (command: OperationCommand) => string;
  /** Aborted when the region closes: nothing is recorded any more. */
  readonly closing: AbortSignal;
  readonly onLeaseLost?: () => void;
}

/** @throws ProblemError where the command is not available for the node as it was read just now. */
export function requireAvailable(region: RegionAccess, nodeId: NodeId, command: NodeCommand, now: number): void {
  const row = region.row(nodeId);
  const context = decisionContext(row, region.view(), region.rows(), now);
  const decision = decide(command, context);
  if (decision.kind === 'refused') fail(refusalProblem(command, context, decision));
  if (decision.kind === 'absent')
    fail({
      code: 'not-available',
      message: `${command} is not built yet.`,
      advice: 'Use the cluster’s own tools for it.',
    });
}

/** The same of what was read last, so that what the interface refuses is refused before anything is written; where that may be old, of a fresh read. */
async function requireAvailableFirst(deps: BeginDeps, nodeId: NodeId, command: NodeCommand) {
  const { region, clock } = deps;
  try {
    requireAvailable(region, nodeId, command, clock.now());
  } catch (error) {
    if (region.view().connection.kind !== 'live') throw error;
    await readSettled(deps, nodeId);
    requireAvailable(region, nodeId, command, clock.now());
  }
}

/** Two looks that settle a status are at least a second apart. */
const settlesAfterMs = 1100;

/** Reads the region anew, and again where one look leaves the node's status unproven: a person is not refused for what a second look tells. */
async function readSettled({ region, clock, closing }: BeginDeps, nodeId: NodeId): Promise<void> {
  await region.readFresh();
  if (region.row(nodeId).status.unknownSince === null) return;
  await pause(clock, settlesAfterMs, closing).catch(() => {});
  await region.readFresh();
}

/** Sends what is not worth a row of the journal. */
function quietly(region: RegionAccess) {
  return async <Result>({ command, deadlineMs, parse }: ShownCommand<Result>, signal: AbortSignal): Promise<Result> =>
    parse(await runSections(controlOf(region), command, { deadlineMs, signal }));
}

/** The lease of a node, for an operation with this purpose. @throws ProblemError `node-locked`, `no-quorum`. */
export function acquireNodeLease(deps: BeginDeps, node: string, purpose: string): Promise<Lease> {
  const { region, clock, watch, ownTokens, owner, send, onLeaseLost } = deps;
  return acquireLease({
    name: nodeLeaseName(node),
    info: { owner, purpose, termMs: nodeTermMs },
    clock,
    watch,
    ownTokens,
    send: (command, signal) => send.toControl('lock', command, signal),
    sendQuietly: quietly(region),
    ...(onLeaseLost === undefined ? {} : { onLost: onLeaseLost }),
  });
}

/** Admissions take seconds: whoever comes second waits for its turn so long before it is told who holds it. */
const admissionPatienceMs = 20_000;
const admissionRetryMs = 1000;

/** The region's admission lease. @throws ProblemError `node-locked` with who holds it all that time, `no-quorum`. */
async function acquireAdmission(deps: BeginDeps, purpose: string): Promise<Lease> {
  const { region, clock, owner, watch, ownTokens, send } = deps;
  const begun = clock.monotonic();
  for (;;) {
    try {
      return await acquireLease({
        name: admissionLeaseName,
        info: { owner, purpose: `admits: ${purpose}`, termMs: admissionTermMs },
        clock,
        watch,
        ownTokens,
        send: (shown, signal) => send.toControl('admission', shown, signal),
        sendQuietly: quietly(region),
      });
    } catch (error) {
      const isHeld = problemOf(error)?.code === 'node-locked';
      if (!isHeld || clock.monotonic() - begun >= admissionPatienceMs) throw error;
    }
    await pause(clock, admissionRetryMs, never);
    await region.readFresh();
  }
}

const never = new AbortController().signal;

/**
 * Admits an operation: under the region's admission lease it judges with fresh reads, takes the node's lease and writes the record, in one go, so
 * that of two laptops that start in the same second exactly one proceeds, also on two different nodes at a limit of one (R5, R20).
 */
export async function begin(
  deps: BeginDeps,
  request: Request,
): Promise<{ readonly lease: Lease; readonly record: OperationRecord; readonly shown: readonly OperationVm[] }> {
  const { region, clock, owner, send } = deps;
  const { nodeId, command } = request;
  const node = region.node(nodeId).name;
  if (request.decided !== undefined) await requireAvailableFirst(deps, nodeId, request.decided);
  const admission = await acquireAdmission(deps, request.purpose);
  try {
    await readSettled(deps, nodeId);
    if (request.decided !== undefined) requireAvailable(region, nodeId, request.decided, clock.now());
    if (enteringCommands.has(command)) requireWithinLimit(region.rows(), nodeId, region.view().maxOutOfService);
    const { choices, vms, others = [], undo, shown } = await request.judge();
    const { fencing = [] } = region.answer() ?? {};
    requireOpen(deps);
    const lease = await acquireNodeLease(deps, node, request.purpose);
    try {
      const record: OperationRecord = {
        id: request.operationId,
        node,
        command,
        step: deps.firstStep(command),
        direction: 'on',
        owner,
        startedAt: clock.now(),
        fencedAt: fencedAt({ fencing }, node),
        reason: request.reason,
        failure: null,
        choices,
        vms,
        others,
        undo,
        units: [],
      };
      requireOpen(deps);
      await writeFirst(send, admission, lease, record, request.replaces);
      region.noteOwnWrite();
      return { lease, record, shown };
    } catch (error) {
      await lease.release();
      throw error;
    }
  } finally {
    await admission.release();
  }
}

/** @throws ProblemError `region-not-open` where the region is being closed. */
function requireOpen({ closing, region }: BeginDeps): void {
  if (closing.aborted) fail(regionClosed(region.profile.name));
}

/** The first write of an operation: its record, which must not be there, while both leases are ours. */
async function writeFirst(
  send: Sender,
  admission: Lease,
  lease: Lease,
  record: OperationRecord,
  replaces: OperationId | undefined,
): Promise<void> {
  const path = regionMarkPath(operationRecordName(record.node));
  const write = guardedMerge({
    guard: guardOf(lease.held, admission.held),
    changes: recordChanges(record),
    // Under the node's lease nobody else writes its record: where one is to be replaced, it is enough that one is there.
    ...(replaces === undefined ? { unless: path } : { requires: path }),
  });
  const outcome = await send.toControl('record', write);
  switch (outcome.kind) {
    case 'written':
      return;
    case 'exists':
      fail({
        code: 'node-locked',
        message: `An operation is recorded on ${record.node} already.`,
        advice: 'Its page under Operations says how it stands: continue it, or roll it back.',
      });
    case 'not-proven':
      fail({
        code: 'outcome-unknown',
        message: `Whether the operation was recorded on ${record.node} is not known: ${outcome.because}.`,
        advice:
          'No VM was touched. If it was recorded, it is listed under Operations as unattended: continue it there, or roll it back.',
      });
    default:
      fail({
        code: 'write-refused',
        message: `The operation could not be recorded on ${record.node}: ${outcome.kind === 'error' ? outcome.because : outcome.kind === 'refused' ? outcome.because : 'it changed meanwhile'}.`,
        advice: 'Nothing was changed. Try again.',
      });
  }
}
