// The real metrics worker, with a bug that ends it a moment after its start.
await import('../../../electron/core/metrics/worker.ts');
setTimeout(() => {
  throw new Error('a bug in the worker');
}, 150);
export {};
