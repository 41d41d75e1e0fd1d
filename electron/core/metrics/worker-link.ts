import { Worker } from 'node:worker_threads';
import { assertNever } from '#shared/assert.ts';
import { ProblemError } from '#shared/problems.ts';
import type { Problem } from '#shared/problems.ts';
import type { AppNotice } from '#shared/contract/app.ts';
import type { FromWorker, History, HourOfMeans, Retention, ToWorker, WorkerStart } from './messages.ts';

/** The metrics worker as the main thread sees it: started, started again when it dies, asked, closed. */
export interface WorkerLink {
  tick(at: number, nodes: readonly string[], matrix: Float32Array<ArrayBuffer>): void;
  setRetention(retention: Retention): void;
  history(node: string, from: number, to: number): Promise<History>;
  sizeBytes(): Promise<number>;
  /** Resolves once the worker that is running has opened its file, or has said that it cannot. */
  opened(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkerLinkOptions {
  readonly workerUrl: URL;
  readonly file: string;
  readonly quarantine: string;
  readonly backups: string;
  readonly retention: Retention;
  readonly now: () => number;
  readonly onHour: (hour: HourOfMeans) => void;
  readonly onNotice: (notice: Pick<AppNotice, 'level' | 'message' | 'advice'>) => void;
}

/** Ticks that may wait for the worker: ten minutes of them, then the newest are not kept. */
const longestQueue = 120;
const firstRestartMs = 500;
const lastRestartMs = 60_000;

type Request = { readonly resolve: (message: FromWorker) => void; readonly reject: (error: Error) => void };

export function linkWorker(options: WorkerLinkOptions): WorkerLink {
  let worker: Worker | undefined;
  let known: readonly string[] | undefined;
  let waiting = 0;
  let retention = options.retention;
  let isDamaged = false;
  let isClosed = false;
  let hadOpened = false;
  let restartMs = firstRestartMs;
  let restart: NodeJS.Timeout | undefined;
  let nextRequest = 1;
  const requests = new Map<number, Request>();
  let settleOpened: () => void = () => undefined;
  let opened = new Promise<void>((resolve) => {
    settleOpened = resolve;
  });

  const receive = (message: FromWorker): void => {
    switch (message.kind) {
      case 'opened':
        // After a restart the memory of this thread knows more than the disk.
        if (!hadOpened) options.onHour(message.hour);
        hadOpened = true;
        restartMs = firstRestartMs;
        settleOpened();
        return;
      case 'written':
        waiting -= 1;
        return;
      case 'notice':
        options.onNotice(message.notice);
        return;
      case 'failed':
        waiting = Math.max(0, waiting - 1);
        settleOpened();
        options.onNotice(noticeOf(message.problem));
        return;
      case 'damaged':
        isDamaged = true;
        restartMs = 0;
        return;
      case 'history':
      case 'size':
        requests.get(message.request)?.resolve(message);
        requests.delete(message.request);
        return;
      default:
        assertNever(message);
    }
  };

  const launch = (): void => {
    const start: WorkerStart = {
      file: options.file,
      quarantine: options.quarantine,
      backups: options.backups,
      retention,
      now: options.now(),
      isDamaged,
    };
    const launched = new Worker(options.workerUrl, { workerData: start, name: 'rackside-metrics' });
    worker = launched;
    known = undefined;
    waiting = 0;
    isDamaged = false;
    let failure: string | undefined;
    launched.on('message', receive);
    launched.on('error', (error) => {
      failure = error instanceof Error ? error.message : String(error);
    });
    launched.on('exit', () => {
      worker = undefined;
      for (const { reject } of requests.values()) reject(gone());
      requests.clear();
      settleOpened();
      if (isClosed) return;
      if (failure !== undefined) {
        options.onNotice({
          level: 'warning',
          message: `The part that stores measurements stopped (${failure}) and is started again.`,
          advice: 'Measurements of the moments in between are not stored. Nothing else is affected.',
        });
      }
      opened = new Promise((resolve) => {
        settleOpened = resolve;
      });
      restart = setTimeout(launch, restartMs);
      restartMs = Math.min(lastRestartMs, Math.max(firstRestartMs, restartMs * 2));
    });
  };

  const send = (message: ToWorker, transfer: readonly ArrayBuffer[] = []): void => {
    worker?.postMessage(message, [...transfer]);
  };
  const ask = async (make: (request: number) => ToWorker): Promise<FromWorker> =>
    new Promise((resolve, reject) => {
      if (worker === undefined) {
        reject(gone());
        return;
      }
      const request = nextRequest++;
      requests.set(request, { resolve, reject });
      send(make(request));
    });

  launch();
  return {
    tick: (at, nodes, matrix) => {
      if (worker === undefined || waiting >= longestQueue) return;
      if (known === undefined || !isSame(known, nodes)) {
        known = [...nodes];
        send({ kind: 'nodes', nodes: known });
      }
      waiting += 1;
      send({ kind: 'tick', at, matrix }, [matrix.buffer]);
    },
    setRetention: (next) => {
      retention = next;
      send({ kind: 'retention', retention });
    },
    history: async (node, from, to) => {
      const answer = await ask((request) => ({ kind: 'history', request, node, from, to }));
      if (answer.kind !== 'history')
        throw new Error(`The metrics worker answered ${answer.kind} to a question of history.`);
      return answer.history;
    },
    sizeBytes: async () => {
      const answer = await ask((request) => ({ kind: 'size', request }));
      if (answer.kind !== 'size') throw new Error(`The metrics worker answered ${answer.kind} to a question of size.`);
      return answer.bytes;
    },
    opened: async () => opened,
    close: async () => {
      isClosed = true;
      clearTimeout(restart);
      const leaving = worker;
      if (leaving === undefined) return;
      await new Promise<void>((resolve) => {
        // What is queued is written first; a worker that hangs does not hold up the end of the program.
        const deadline = setTimeout(() => void leaving.terminate(), 5000);
        leaving.once('exit', () => {
          clearTimeout(deadline);
          resolve();
        });
        send({ kind: 'close' });
      });
    },
  };
}

function noticeOf(problem: Problem): Pick<AppNotice, 'level' | 'message' | 'advice'> {
  return { level: 'warning', message: `Measurements are not stored: ${problem.message}`, advice: problem.advice };
}

function gone(): ProblemError {
  return new ProblemError({
    code: 'internal',
    message: 'The part that stores measurements is not running; it is being started again.',
    advice: 'Try again in a minute. The log says why it stopped.',
  });
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
