import type { FromDemo, ToDemo } from './messages.ts';
import { startDemo, type RunningDemo } from './demo.ts';

/** Electron's `process.parentPort`, as far as it is used; a forked process has `process.send` instead. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: FromDemo): void;
}

function parentPort(): ParentPort | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a utility process has it, and Node's types do not know it.
  return (process as unknown as { readonly parentPort?: ParentPort }).parentPort ?? undefined;
}

const port = parentPort();
let demo: RunningDemo | undefined;

function tell(message: FromDemo): void {
  if (port === undefined) process.send?.(message);
  else port.postMessage(message);
}

async function hear(message: ToDemo): Promise<void> {
  switch (message.kind) {
    case 'start':
      demo = await startDemo(message.options, ({ node, script }) =>
        process.stderr.write(`rackside-demo: unknown command on ${node}: ${script.slice(0, 200)}\n`),
      );
      return tell(demo.ready);
    case 'fault':
      return tell({ kind: 'fault-done', id: message.id, problem: demo?.fault(message.fault) ?? null });
    case 'network':
      return demo?.setNetwork(message.isUp);
    case 'close':
      await demo?.close();
      process.exit(0);
  }
}

function take(message: unknown): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both ends of this channel are the same version of this program.
  hear(message as ToDemo).catch((error: unknown) =>
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
}

if (port === undefined) process.on('message', take);
else port.on('message', ({ data }) => take(data));
// The app is gone: nobody needs the region any more.
process.on('disconnect', () => process.exit(0));
