import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName, CallOutput, EventEnvelope } from '#shared/contract/contract.ts';
import { defaultDemoOptions, type DemoOptions } from '#shared/model/demo.ts';
import { ProblemError } from '#shared/problems.ts';
import type { FromApp, Measured, ToApp } from './messages.ts';

/** The app in a process of its own, and its only window here. */
export interface AppProcess {
  readonly pid: number;
  /** Of its own demo region's process; `null` while it has none. */
  demoPid(): number | null;
  /** @throws ProblemError as the dispatcher says. */
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>;
  measure(): Promise<Measured>;
  /** What nobody caught in it so far, and how it ended where it was not asked to. */
  readonly uncaught: readonly string[];
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('app-child.ts', import.meta.url));

/** Starts it on a folder; `onEvent` hears every event in order. `nodeOptions`: more of Node's, e.g. `--cpu-prof`. */
export async function startAppProcess(options: {
  readonly folder: string;
  readonly demo?: DemoOptions;
  readonly onEvent: (event: EventEnvelope) => void;
  readonly nodeOptions?: readonly string[];
}): Promise<AppProcess> {
  const child = fork(program, [], { execArgv: ['--expose-gc', ...(options.nodeOptions ?? [])] });
  const uncaught: string[] = [];
  const calls = new Map<string, PromiseWithResolvers<unknown>>();
  const looks: PromiseWithResolvers<Measured>[] = [];
  const started = Promise.withResolvers<void>();
  let [demoPid, isClosing, lastCall]: [number | null, boolean, number] = [null, false, 0];

  child.on('message', (message: FromApp) => {
    switch (message.kind) {
      case 'started':
        return started.resolve();
      case 'event':
        return options.onEvent(message.event);
      case 'answer': {
        const { id, envelope } = message;
        if (envelope.ok) calls.get(id)?.resolve(envelope.value);
        else calls.get(id)?.reject(new ProblemError(envelope.problem));
        return void calls.delete(id);
      }
      case 'measured':
        return looks.shift()?.resolve(message.measured);
      case 'demo':
        demoPid = message.pid;
        return undefined;
      case 'uncaught':
        uncaught.push(message.words);
        return undefined;
    }
  });
  child.once('exit', (status, signal) => {
    const error = new Error(`the app's process has ended: ${signal ?? `exit ${String(status)}`}`);
    if (!isClosing) uncaught.push(error.message);
    for (const waiting of [started, ...calls.values(), ...looks]) waiting.reject(error);
  });
  send(child, { kind: 'start', folder: options.folder, demo: options.demo ?? defaultDemoOptions });
  await started.promise;
  return {
    pid: child.pid ?? 0,
    demoPid: () => demoPid,
    async call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
      lastCall += 1;
      const answer = Promise.withResolvers<unknown>();
      calls.set(String(lastCall), answer);
      send(child, { kind: 'call', id: String(lastCall), name, input });
      return (await answer.promise) as CallOutput<Name>;
    },
    measure() {
      const look = Promise.withResolvers<Measured>();
      looks.push(look);
      send(child, { kind: 'measure' });
      return look.promise;
    },
    uncaught,
    async close() {
      isClosing = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      send(child, { kind: 'close' });
      const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await exit;
      clearTimeout(late);
    },
  };
}

function send(child: ChildProcess, message: ToApp): void {
  // A channel that is gone is told by the exit.
  if (child.connected) child.send(message, () => undefined);
}
