import { setImmediate } from 'node:timers/promises';
import { fastProbe } from '../../../../electron/core/probes/fast.ts';
import { slowProbeIds, slowProbes, type SlowProbeId } from '../../../../electron/core/probes/slow-probes.ts';
import type {
  CommandResult,
  RemoteCommand,
  RunOptions,
  ShellChannel,
  SshConnection,
  SshPool,
  SshTarget,
} from '../../../../electron/core/ssh/transport.ts';
import { fail, type Problem } from '../../../../shared/problems.ts';
import type { SimulatedClock } from '../../../helpers/simulated-clock.ts';
import type { SectionedOutput } from '../../../../electron/core/ssh/sections.ts';
import { capturedAnswer } from '../probes/captures.ts';

/** What a machine is asked, by the name of the probe; `cluster` and `versions` carry their nonce in `args`. */
export type Question = 'fast' | SlowProbeId | 'cluster' | 'versions' | 'keyscan';

/** A machine of the script: what it answers, or the problem that the question ends with. */
export interface Machine {
  readonly hostKey?: { readonly type: string; readonly fingerprint: string };
  readonly answer: (
    question: Question,
    command: RemoteCommand,
  ) => CommandResult | Problem | Promise<CommandResult | Problem>;
}

/** A pool without a network: machines answer from a script, and everything that is opened is counted. */
export interface ScriptedPool extends SshPool {
  /** `host` or `host via jump`, each time a connection is asked for. */
  readonly tries: string[];
  /** `host question`, in the order asked. */
  readonly asked: string[];
  /** Connections and shells that are open. */
  open(): { readonly connections: number; readonly shells: number; readonly follows: number };
  /** A line of the followed log. */
  logLine(line: string): void;
}

/** Makes the pool; `find` gives the machine behind a target or the problem of the way to it. */
export function scriptedPool(
  find: (target: SshTarget) => Machine | Problem | Promise<Machine | Problem>,
): ScriptedPool {
  const tries: string[] = [];
  const asked: string[] = [];
  const followers = new Set<(line: string) => void>();
  let [connections, shells] = [0, 0];

  function connectionTo(to: SshTarget, machine: Machine): SshConnection {
    let isReleased = false;
    async function run(command: RemoteCommand, { signal }: RunOptions): Promise<CommandResult> {
      const question = questionOf(command);
      asked.push(`${to.host} ${question}`);
      const outcome = await Promise.race([machine.answer(question, command), aborted(signal)]);
      return isProblem(outcome) ? fail(outcome) : outcome;
    }
    return {
      target: to,
      hostKey: machine.hostKey ?? { type: 'ssh-ed25519', fingerprint: `SHA256:${to.host}` },
      run,
      openShell: () => {
        shells += 1;
        let isClosed = false;
        const shell: ShellChannel = {
          run,
          close() {
            if (!isClosed) shells -= 1;
            isClosed = true;
          },
        };
        return Promise.resolve(shell);
      },
      follow: (_command, onLine) => {
        followers.add(onLine);
        return Promise.resolve({ close: () => void followers.delete(onLine) });
      },
      onClosed: () => () => {},
      release() {
        if (!isReleased) connections -= 1;
        isReleased = true;
      },
    };
  }

  return {
    tries,
    asked,
    open: () => ({ connections, shells, follows: followers.size }),
    logLine(line) {
      for (const take of followers) take(line);
    },
    async acquire(to, { signal }) {
      tries.push([to.host, ...to.jumps.map((jump) => jump.host)].join(' via '));
      const machine = await Promise.race([find(to), aborted(signal)]);
      if (isProblem(machine)) return fail(machine);
      connections += 1;
      return connectionTo(to, machine);
    },
    answer: () => Promise.resolve(),
    suspend: () => {},
    resume: () => {},
    stats: () => ({ connections, channels: shells, handshakes: 0 }),
    close: () => {},
  };
}

/** What a node of our lab printed, byte for byte. */
export function labOwn(node: string): Machine['answer'] {
  return (question, command) =>
    question === 'cluster' || question === 'versions' || question === 'keyscan'
      ? told('')
      : replayed(capturedAnswer(node, question), command);
}

/** A captured answer as the node would give it to this very command: its marks carry the command's own nonce. */
export function replayed({ nonce, stdout, stderr }: SectionedOutput, { args }: RemoteCommand): CommandResult {
  const own = args?.[0] ?? '';
  return told(stdout.replaceAll(nonce, own), stderr.replaceAll(nonce, own));
}

export function told(stdout: string, stderr = ''): CommandResult {
  return { exitStatus: 0, stdout, stderr, durationMs: 1 };
}

/** A problem of this code, as the transport would throw it. */
export function problem(code: Problem['code'], message = `it failed with ${code}`): Problem {
  return { code, message, advice: 'Look after it.' };
}

export function target(host: string, changes: Partial<SshTarget> = {}): SshTarget {
  return { host, port: 22, user: 'tech', methods: [], jumps: [], secretScope: 'region', ...changes };
}

/** Lets promise callbacks run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

/** Lets `ms` pass in steps, with everything that follows from each. */
export async function pass(clock: SimulatedClock, ms: number, stepMs = 500): Promise<void> {
  await settle();
  for (let left = ms; left > 0; left -= stepMs) {
    clock.advance(Math.min(stepMs, left));
    await settle();
  }
}

function questionOf({ script }: RemoteCommand): Question {
  if (script === fastProbe.command.script) return 'fast';
  const slow = slowProbeIds.find((id) => slowProbes[id].command.script === script);
  if (slow !== undefined) return slow;
  if (script.includes('ssh-keyscan')) return 'keyscan';
  return script.includes('crm_mon --version') ? 'versions' : 'cluster';
}

function isProblem(value: object): value is Problem {
  return 'code' in value;
}

/** Never ends but by the signal, with the problem that the transport has for it. */
function aborted(signal: AbortSignal | undefined): Promise<Problem> {
  return new Promise((resolve) => {
    const end = () => resolve(problem('cancelled'));
    if (signal?.aborted === true) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
}
