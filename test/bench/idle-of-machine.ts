import { spawn } from 'node:child_process';

/** A process that only measures its own loop: what it sees is this machine's doing, not ours. `stop` answers its p99 in ms. */
export async function idleProcess(): Promise<{ stop(): Promise<number> }> {
  const script = `const d = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 1 });
    process.stdin.once('data', () => { d.enable(); console.log('on');
      process.stdin.once('end', () => { console.log(d.percentile(99) / 1e6); }); });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const next = () =>
    new Promise<string>((resolve) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    });
  const started = next();
  child.stdin.write('on');
  await started;
  return {
    stop: async () => {
      const told = next();
      child.stdin.end();
      return Number(await told);
    },
  };
}
