import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WorldFault, DemoOptions, DemoReady } from '#shared/model/demo.ts';
import type { FromWorld, ToWorld } from './messages.ts';
import type { NodeTruth } from './truth.ts';

/** A simulated region that tells the truth. */
export interface SoakWorld {
  readonly pid: number;
  readonly ready: DemoReady;
  readonly vms: readonly string[];
  /** Answers why it did not happen, or `null`. */
  fault(fault: WorldFault): Promise<string | null>;
  /** Commands it did not know, and what nobody caught in it. */
  readonly wrong: readonly string[];
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('world-child.ts', import.meta.url));

/** Starts it; `onTruth` hears of every server at first, then of what changed. */
export async function startSoakWorld(
  demo: DemoOptions,
  onTruth: (at: number, changed: readonly NodeTruth[]) => void,
): Promise<SoakWorld> {
  const child = fork(program);
  const send = (message: ToWorld): void => void (child.connected && child.send(message, () => undefined));
  const started = Promise.withResolvers<Extract<FromWorld, { kind: 'ready' }>>();
  const faults = new Map<number, (problem: string | null) => void>();
  const wrong: string[] = [];
  let [lastFault, isClosing] = [0, false];
  child.on('message', (message: FromWorld) => {
    switch (message.kind) {
      case 'ready':
        return started.resolve(message);
      case 'truth':
        return onTruth(message.at, message.changed);
      case 'fault-done':
        faults.get(message.id)?.(message.problem);
        return void faults.delete(message.id);
      case 'wrong':
        wrong.push(message.words);
        return undefined;
    }
  });
  child.once('exit', (status, signal) => {
    const how = `the simulation has ended: ${signal ?? `exit ${String(status)}`}`;
    if (!isClosing) wrong.push(how);
    started.reject(new Error(how));
    for (const done of faults.values()) done(how);
  });
  send({ kind: 'start', options: demo });
  const { ready, vms } = await started.promise;
  return {
    pid: child.pid ?? 0,
    ready,
    vms,
    wrong,
    fault(fault) {
      lastFault += 1;
      const done = Promise.withResolvers<string | null>();
      faults.set(lastFault, done.resolve);
      send({ kind: 'fault', id: lastFault, fault });
      return done.promise;
    },
    async close() {
      isClosing = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      send({ kind: 'close' });
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exit;
      clearTimeout(late);
    },
  };
}
