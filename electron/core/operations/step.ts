import type { OperationRecord } from '#shared/model/cluster.ts';
import type { NodeId, OperationId } from '#shared/model/ids.ts';
import type { Inventory } from '../db/inventory.ts';
import type { RegionAccess } from '../region/region-access.ts';
import type { GuardedWriter } from './guarded-write.ts';
import type { Sender } from './journal.ts';
import type { Lease } from './lease.ts';
import type { OperationHandle } from './operation-state.ts';
import type { OperationClock } from './time.ts';

/** What a step works with. */
export interface OperationContext {
  readonly id: OperationId;
  readonly nodeId: NodeId;
  /** The cluster's name of the node. */
  readonly node: string;
  readonly region: RegionAccess;
  readonly inventory: Inventory;
  readonly handle: OperationHandle;
  readonly lease: Lease;
  readonly write: GuardedWriter;
  readonly send: Sender;
  readonly clock: OperationClock;
  /** Aborted when this process stops driving the operation: the app closes, the lease is lost for good, it was handed over. */
  readonly signal: AbortSignal;
  /** Aborted when a person cancels: what is under way is brought to a safe end, and no further step begins. */
  readonly cancelled: AbortSignal;
  /** The record as it stands in the cluster. */
  readonly record: () => OperationRecord;
  /** Writes the record with this change: on the cluster's disk when it resolves. */
  readonly saveRecord: (change: (record: OperationRecord) => Partial<OperationRecord>) => Promise<void>;
  /** The step's line: what it does or waits for; empty clears it. */
  readonly say: (detail: string) => void;
}

/**
 * One step of an operation: check, act, verify. It may be run again from the start after the program was killed anywhere in it, by this
 * laptop or another: `isDone` reads what is true, `act` does what is missing, and `verify` proves it by a fresh read.
 */
export interface Step {
  readonly id: string;
  readonly title: string;
  isDone(context: OperationContext): Promise<boolean>;
  act(context: OperationContext): Promise<void>;
  /** What the fresh read found, for the step's line. @throws ProblemError `step-failed` and others where it is not true. */
  verify(context: OperationContext): Promise<string>;
}
