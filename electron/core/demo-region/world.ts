import { fromDemoSchema } from '#shared/contract/schemas.ts';
import type { DemoOptions, DemoProcess, DemoReady, WorldFault } from '#shared/model/demo.ts';
import { fail, ProblemError, type Problem } from '#shared/problems.ts';

/** A simulated region whose process runs. */
export interface DemoWorld {
  readonly ready: DemoReady;
  /** Why its process is gone; `undefined` while it runs. */
  ended(): Problem | undefined;
  /** @throws ProblemError `demo-ended`, `demo-fault-refused`. */
  inject(fault: WorldFault): Promise<void>;
  /** Whether bytes pass between this laptop and the region. */
  setNetwork(isUp: boolean): void;
  /** Asks the process to end, and ends it where it does not. */
  close(): Promise<void>;
}

export interface WorldTimes {
  /** For the region to answer. */
  readonly startMs: number;
  /** For a fault to have happened. */
  readonly faultMs: number;
  /** For the process to end by itself. */
  readonly closeMs: number;
}

/** Of a region of so many nodes: each has a host key to make, and VMs to lay. 5,000 take 11 s of CPU, on a busy laptop several times that. */
export const worldTimes = (nodes: number): WorldTimes => ({
  startMs: 60_000 + 24 * nodes,
  faultMs: 15_000,
  closeMs: 3000,
});

/**
 * Starts a simulated region; resolves once it can be logged into.
 * @throws ProblemError `demo-not-started` with why; its process is gone then.
 */
export async function startWorld(
  process: DemoProcess,
  options: DemoOptions,
  times: WorldTimes = worldTimes(options.nodes),
): Promise<DemoWorld> {
  const started = Promise.withResolvers<DemoReady>();
  const exited = Promise.withResolvers<void>();
  const faults = new Map<number, PromiseWithResolvers<void>>();
  let [isClosing, lastFault] = [false, 0];
  let end: Problem | undefined;

  process.onExit((how) => {
    end = isClosing ? closed : endedBy(how);
    started.reject(notStarted(how));
    for (const fault of faults.values()) fault.reject(new ProblemError(end));
    exited.resolve();
  });
  process.onMessage((message) => {
    const read = fromDemoSchema.safeParse(message);
    if (!read.success) return;
    switch (read.data.kind) {
      case 'ready':
        started.resolve(read.data);
        break;
      case 'failed':
        started.reject(notStarted(read.data.message));
        break;
      case 'fault-done': {
        const { id, problem } = read.data;
        if (problem === null) faults.get(id)?.resolve();
        else faults.get(id)?.reject(refused(problem));
      }
    }
  });
  try {
    process.send({ kind: 'start', options });
    const why = `it did not answer within ${String(times.startMs / 1000)} s`;
    const ready = await inTime(started.promise, times.startMs, () => notStarted(why));
    return {
      ready,
      ended: () => end,
      async inject(fault) {
        if (end !== undefined) fail(end);
        lastFault += 1;
        const id = lastFault;
        const done = Promise.withResolvers<void>();
        faults.set(id, done);
        try {
          process.send({ kind: 'fault', id, fault });
          await inTime(done.promise, times.faultMs, () => refused('the simulation did not answer in time'));
        } finally {
          faults.delete(id);
        }
      },
      setNetwork(isUp) {
        if (end === undefined) process.send({ kind: 'network', isUp });
      },
      async close() {
        if (end !== undefined) return;
        isClosing = true;
        process.send({ kind: 'close' });
        await inTime(exited.promise, times.closeMs, () => new Error('the process goes on')).catch(() => process.kill());
        await exited.promise;
      },
    };
  } catch (error) {
    isClosing = true;
    process.kill();
    throw error;
  }
}

async function inTime<T>(promise: Promise<T>, timeMs: number, late: () => Error): Promise<T> {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => over.reject(late()), timeMs);
  try {
    return await Promise.race([promise, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

const closed: Problem = {
  code: 'demo-ended',
  message: 'The demo region was closed.',
  advice: 'Open it again: it begins anew.',
};

function endedBy(how: string): Problem {
  return {
    code: 'demo-ended',
    message: `The simulation behind the demo region has ended: ${how}. What is shown is from before.`,
    advice: 'Reset the demo region: a new one begins.',
  };
}

function notStarted(why: string): ProblemError {
  return new ProblemError({
    code: 'demo-not-started',
    message: `The demo region was not started: ${why}.`,
    advice: 'Try again. If it fails again, look into the log file, or start with fewer nodes: --demo-nodes N.',
  });
}

/** Why a fault did not happen, as a problem. */
export function refused(why: string): ProblemError {
  return new ProblemError({
    code: 'demo-fault-refused',
    message: `The demo region did not do that: ${why}.`,
    advice: 'Heal all faults or reset the demo region, then try again.',
  });
}
