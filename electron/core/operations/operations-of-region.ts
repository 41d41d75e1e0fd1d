import type { OperationEvents } from '#shared/contract/operations.ts';
import type { OperationId } from '#shared/model/ids.ts';
import type { Operation, OperationCommand } from '#shared/model/operation.ts';
import type { Inventory } from '../db/inventory.ts';
import type { RegionAccess } from '../region/region-access.ts';
import type { Request } from './begin.ts';
import type { Definition } from './definitions.ts';
import type { Sender } from './journal.ts';
import type { LeaseWatch } from './lease-watch.ts';
import type { OperationClock } from './time.ts';

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
