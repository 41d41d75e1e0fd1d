import { setTimeout as sleep } from 'node:timers/promises';

// The real metrics worker, with a bug that ends it a moment after its start.
await import('../../../electron/core/metrics/worker.ts');
await sleep(150);
throw new Error('a bug in the worker');
