import { parentPort, workerData } from 'node:worker_threads';
import { assertNever, assertPresent } from '#shared/assert.ts';
import { problemOf } from '#shared/problems.ts';
import { openDatabase } from '../db/database.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { metricsFile } from './metrics-file.ts';
import type { MetricsFile } from './metrics-file.ts';
import { metricsSchema } from './metrics-schema.ts';

/** The program of the thread that owns one region's `metrics.sqlite`. It speaks `messages.ts` and nothing else. */

const port = assertPresent(parentPort, 'this file is the entry of a worker thread');
// The one who starts this worker is `worker-link.ts`, in the same build.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- structured clone of a WorkerStart
const start = workerData as WorkerStart;

const tell = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void => {
  port.postMessage(message, [...transfer]);
};

/** What a person can act on is told; a damaged file ends this worker, so that the next one begins a new file; a bug is thrown. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    if (problem.code === 'data-damaged') {
      tell({ kind: 'damaged' });
      port.close();
      return;
    }
    tell({ kind: 'failed', problem });
  }
}

function open(): MetricsFile {
  const database = openDatabase({
    file: start.file,
    schema: metricsSchema,
    name: 'metrics',
    backups: start.backups,
    quarantine: start.quarantine,
    now: () => start.now,
    // The reserve on the disk is for what is recorded, not for measurements.
    relief: () => false,
    onNotice: (notice) => {
      tell({ kind: 'notice', notice });
    },
    ...(start.isDamaged ? { presumedDamaged: 'a page could not be read' } : {}),
  });
  return metricsFile(database, start);
}

function serve(file: MetricsFile, message: ToWorker): void {
  switch (message.kind) {
    case 'nodes':
      file.setNodes(message.nodes);
      return;
    case 'tick': {
      const began = performance.now();
      file.append(message.at, message.matrix);
      tell({ kind: 'written', at: message.at, tookMs: performance.now() - began });
      return;
    }
    case 'history': {
      const { request, node, from, to } = message;
      tell({ kind: 'history', request, history: file.history(node, from, to) });
      return;
    }
    case 'size':
      tell({ kind: 'size', request: message.request, bytes: file.sizeBytes() });
      return;
    case 'retention':
      file.setRetention(message.retention);
      return;
    case 'close':
      file.close();
      port.close();
      return;
    default:
      assertNever(message);
  }
}

attempt(() => {
  const file = open();
  const hour = file.lastHour(start.now);
  tell({ kind: 'opened', hour }, [hour.sums.buffer, hour.counts.buffer]);
  port.on('message', (message: ToWorker) => {
    attempt(() => {
      serve(file, message);
    });
  });
});
