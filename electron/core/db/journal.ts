import { checksumOf } from './checksum.ts';
import type { DatabaseHandle } from './handle.ts';

/** A command that is about to be sent. Secrets are never part of it (R26). Times are UTC ms. */
export interface JournalCommand {
  readonly operationId: string;
  readonly step: string;
  readonly host: string;
  readonly command: string;
  readonly startedAt: number;
}

/** How a command ended. `exitStatus` is `null` where a signal ended it or its answer was lost. */
export interface JournalResult {
  readonly endedAt: number;
  readonly exitStatus: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface JournalEntry extends JournalCommand, Omit<JournalResult, 'endedAt'> {
  readonly sequence: number;
  /** `null`: it was sent, and nobody saw it end. */
  readonly endedAt: number | null;
  /** False where the row is not what was written: what it says of the command cannot be relied on. */
  readonly isIntact: boolean;
}

/** One row a command, written before the command is sent and completed when its answer is there. */
export interface JournalRepository {
  /** On the disk when this returns; answers the row's number for `end`. */
  begin(command: JournalCommand): number;
  end(sequence: number, result: JournalResult): void;
  /** The commands of one operation, in the order in which they were sent. */
  list(operationId: string): readonly JournalEntry[];
}

interface JournalRow {
  readonly sequence: number;
  readonly operation_id: string;
  readonly step: string;
  readonly host: string;
  readonly command: string;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly exit_status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly checksum: number;
}

export function journalRepository(database: DatabaseHandle): JournalRepository {
  const insert = database.prepare(
    `INSERT INTO journal (operation_id, step, host, command, started_at, ended_at, exit_status, stdout, stderr, checksum)
     VALUES (?, ?, ?, ?, ?, NULL, NULL, '', '', ?)`,
  );
  const one = database.prepare<JournalRow>('SELECT * FROM journal WHERE sequence = ?');
  const complete = database.prepare(
    'UPDATE journal SET ended_at = ?, exit_status = ?, stdout = ?, stderr = ?, checksum = ? WHERE sequence = ?',
  );
  const ofOperation = database.prepare<JournalRow>('SELECT * FROM journal WHERE operation_id = ? ORDER BY sequence');
  return {
    begin: (command) => {
      const open = { ...command, endedAt: null, exitStatus: null, stdout: '', stderr: '' };
      const { operationId, step, host, command: text, startedAt } = command;
      const run = database.record(() => insert.run(operationId, step, host, text, startedAt, checksum(open)));
      return Number(run.lastInsertRowid);
    },
    end: (sequence, result) => {
      database.record(() => {
        const row = one.get(sequence);
        if (row === undefined) throw new Error(`The journal has no row ${sequence} to complete.`);
        const { endedAt, exitStatus, stdout, stderr } = result;
        const sum = checksum({ ...entry(row), ...result });
        complete.run(endedAt, exitStatus, stdout, stderr, sum, sequence);
      });
    },
    list: (operationId) => database.read(() => ofOperation.all(operationId)).map((row) => entry(row)),
  };
}

type Content = Omit<JournalEntry, 'sequence' | 'isIntact'>;

function checksum({
  operationId,
  step,
  host,
  command,
  startedAt,
  endedAt,
  exitStatus,
  stdout,
  stderr,
}: Content): number {
  return checksumOf([operationId, step, host, command, startedAt, endedAt, exitStatus, stdout, stderr]);
}

function entry(row: JournalRow): JournalEntry {
  const content: Content = {
    operationId: row.operation_id,
    step: row.step,
    host: row.host,
    command: row.command,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    exitStatus: row.exit_status,
    stdout: row.stdout,
    stderr: row.stderr,
  };
  return { sequence: row.sequence, ...content, isIntact: checksum(content) === row.checksum };
}
