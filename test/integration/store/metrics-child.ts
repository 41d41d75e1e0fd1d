import { createMetrics } from '../../../electron/core/metrics/metrics.ts';
import { nodeId } from '../../../shared/model/ids.ts';

// Records as fast as asked until it is killed; prints the number of each tick once the worker, which takes things in turn, has it on the disk.
const [file = '', everyMs = '20', nodeCount = '200'] = process.argv.slice(2);
const start = Date.now();
const nodes = Array.from({ length: Number(nodeCount) }, (_, index) => nodeId(`n${index}`));
const metrics = createMetrics({
  file,
  workerUrl: new URL('../../../electron/core/metrics/worker.ts', import.meta.url),
  now: () => Date.now(),
  onNotice: (notice) => {
    console.error(notice.message);
  },
});
await metrics.ready();
let number = 0;
setInterval(() => {
  number += 1;
  metrics.record({ at: start + number, nodes, values: { cpuPercent: new Float32Array(nodes.length).fill(number) } });
  const recorded = number;
  void metrics.sizeBytes().then(() => process.stdout.write(`${recorded}\n`));
}, Number(everyMs));
