import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command, DoubleState } from './control.ts';

export interface RunningDouble {
  ask(command: Command): Promise<unknown>;
  state(): Promise<DoubleState>;
  /** Evaluates an expression in the window's page. */
  evaluate(expression: string): Promise<unknown>;
  output(): string;
  /** The exit code, when it has ended. */
  readonly ended: Promise<number | null>;
  kill(): Promise<void>;
}

/** Starts a built main bundle under the double, in a process of its own. */
export function startDouble(
  main: string,
  flags: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): RunningDouble {
  const child = fork(fileURLToPath(new URL('run.ts', import.meta.url)), [main, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    execArgv: ['--no-warnings'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let count = 0;
  child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => {
      for (const asked of waiting.values()) asked.reject(new Error(`The double has ended.\n${output}`));
      resolve(code);
    });
  });
  const ask = (command: Command): Promise<unknown> =>
    new Promise((resolve, reject) => {
      count += 1;
      waiting.set(count, { resolve, reject });
      child.send({ id: count, command }, (error) => {
        if (error !== null) reject(error);
      });
    });
  return {
    ask,
    state: async () => (await ask({ kind: 'state' })) as DoubleState,
    evaluate: (expression) => ask({ kind: 'evaluate', expression }),
    output: () => output,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
