import type { ClientChannel } from 'ssh2';
import { type Problem, ProblemError } from '#shared/problems.ts';
import { type Frame, FrameReader } from './frame-reader.ts';
import { defineText, helloText, newNonce, runText } from './shell-text.ts';
import type { CommandResult } from './transport.ts';

/** What a shell said of itself: numeric user id, and the process group its commands run in (0 where unknown). */
export interface ShellIdentity {
  readonly uid: number;
  readonly processGroup: number;
}

export interface ShellRequest {
  readonly script: string;
  readonly args: readonly string[];
  readonly maxOutputBytes: number;
}

interface Exchange {
  readonly stdout: FrameReader;
  readonly stderr: FrameReader;
  readonly maxBytes: number;
  out?: Frame;
  err?: Frame;
  resolve(frames: { readonly out: Frame; readonly err: Frame }): void;
  reject(error: Error): void;
}

const mostKeptScripts = 64;
const longestKeptScript = 32_768;

/**
 * One `/bin/sh` on one channel, one exchange at a time. It knows nothing of deadlines or queues; when anything is odd it ends, and
 * whoever owns it opens another, because the state of a shell that was interrupted is not known.
 */
export class FramedShell {
  readonly #channel: ClientChannel;
  readonly #machine: string;
  readonly #kept = new Map<string, number>();
  readonly #onClosed: (() => void)[] = [];
  #exchange: Exchange | undefined;
  #isClosed = false;
  #canRun = true;
  #hasGreeted = false;
  #exitStatus: number | undefined;

  /** `connectionProblem` tells why the whole connection ended, once it did: a better reason than that a shell closed. */
  constructor(channel: ClientChannel, machine: string, connectionProblem: () => Problem | undefined) {
    this.#channel = channel;
    this.#machine = machine;
    channel.on('data', (chunk: Buffer) => this.#take(chunk, 'stdout'));
    channel.stderr.on('data', (chunk: Buffer) => this.#take(chunk, 'stderr'));
    // Writing to a channel that just closed is reported by 'close' already.
    channel.on('error', () => undefined);
    // ssh2 passes null where a signal ended it.
    channel.on('exit', (status: number | null) => {
      this.#exitStatus = status ?? undefined;
    });
    channel.on('close', () => {
      this.#isClosed = true;
      this.#canRun = false;
      this.#fail(connectionProblem() ?? (this.#hasGreeted ? endedEarly(machine) : this.#neverBegan()));
      for (const listener of this.#onClosed.splice(0)) listener();
    });
  }

  /** Whether another exchange can be made on it. */
  get canRun(): boolean {
    return this.#canRun;
  }

  /** Whether a script is under way in it. */
  get isBusy(): boolean {
    return this.#exchange !== undefined;
  }

  /** Calls once when the channel is confirmed closed; at once when it already is. */
  whenClosed(listener: () => void): void {
    if (this.#isClosed) listener();
    else this.#onClosed.push(listener);
  }

  /** The first exchange: whatever a login script printed before is skipped by it. */
  async hello(): Promise<ShellIdentity> {
    const nonce = newNonce();
    const { out } = await this.#exchangeOf(nonce, helloText(nonce), 1_048_576);
    this.#hasGreeted = true;
    const [, uid, processGroup] = /^(\d+) (\d+)$/.exec(out.words) ?? [];
    // Without an answer nobody is taken for root: an empty word must not become the number 0.
    return { uid: uid === undefined ? Number.NaN : Number(uid), processGroup: Number(processGroup ?? 0) };
  }

  /** Runs one script. Rejects with `output-too-large` or `connection-lost`; the shell cannot be used after either. */
  async run(request: ShellRequest): Promise<CommandResult> {
    const startedAt = performance.now();
    const nonce = newNonce();
    const { out, err } = await this.#exchangeOf(nonce, this.#textOf(nonce, request), request.maxOutputBytes);
    return {
      exitStatus: Number(out.words),
      stdout: out.body.toString('utf8'),
      stderr: err.body.toString('utf8'),
      durationMs: performance.now() - startedAt,
    };
  }

  /** Runs one script whose stdout is told as it comes; resolves when it ends. Its stderr is not told. */
  async stream(request: Omit<ShellRequest, 'maxOutputBytes'>, onBytes: (bytes: Buffer) => void): Promise<void> {
    const nonce = newNonce();
    const text = runText(nonce, { text: `exec 2>/dev/null\n${request.script}` }, request.args);
    await this.#exchangeOf(nonce, text, Number.POSITIVE_INFINITY, onBytes);
  }

  /** Ends the shell: what runs in it is asked to stop (sshd signals its process group), then the channel is closed. */
  close(why: Problem): void {
    if (!this.#canRun) return;
    this.#canRun = false;
    if (this.#exchange !== undefined) this.#channel.signal('TERM');
    this.#channel.end();
    this.#channel.close();
    this.#fail(why);
  }

  #textOf(nonce: string, { script, args }: ShellRequest): string {
    const known = this.#kept.get(script);
    if (known !== undefined) return runText(nonce, { id: known }, args);
    if (this.#kept.size >= mostKeptScripts || script.length > longestKeptScript)
      return runText(nonce, { text: script }, args);
    const id = this.#kept.size;
    this.#kept.set(script, id);
    return defineText(id, script) + runText(nonce, { id }, args);
  }

  #exchangeOf(
    nonce: string,
    text: string,
    maxBytes: number,
    onBytes?: (bytes: Buffer) => void,
  ): Promise<{ readonly out: Frame; readonly err: Frame }> {
    return new Promise((resolve, reject) => {
      if (!this.#canRun || this.#exchange !== undefined) {
        reject(new Error('A framed shell was asked to run while it could not'));
        return;
      }
      this.#exchange = {
        stdout: new FrameReader(nonce, onBytes),
        stderr: new FrameReader(nonce),
        maxBytes,
        resolve,
        reject,
      };
      this.#channel.write(text);
    });
  }

  #take(chunk: Buffer, stream: 'stdout' | 'stderr'): void {
    const exchange = this.#exchange;
    // Between exchanges only a process that a script left behind can write, and it has nobody to tell.
    if (exchange === undefined) return;
    const frame = exchange[stream].push(chunk);
    if (frame === undefined) {
      if (exchange[stream].bytes > exchange.maxBytes) this.close(tooLarge(this.#machine, exchange.maxBytes));
      return;
    }
    if (frame.body.length > exchange.maxBytes) {
      this.close(tooLarge(this.#machine, exchange.maxBytes));
      return;
    }
    if (stream === 'stdout') exchange.out = frame;
    else exchange.err = frame;
    if (exchange.out === undefined || exchange.err === undefined) return;
    this.#exchange = undefined;
    exchange.resolve({ out: exchange.out, err: exchange.err });
  }

  /** It closed before it answered at all: an account without a shell says so in what it prints, which is all that there is to go by. */
  #neverBegan(): Problem {
    const printed = [this.#exchange?.stderr.kept ?? '', this.#exchange?.stdout.kept ?? '']
      .map(asOneLine)
      .join(' ')
      .trim();
    if (printed === '' && this.#exitStatus === undefined)
      return {
        code: 'connection-lost',
        message: `${this.#machine} closed the shell before anything was run there.`,
        advice: 'It is tried again.',
      };
    const said = printed === '' ? `it ended with exit status ${this.#exitStatus ?? '?'}` : `it said “${printed}”`;
    return {
      code: 'no-shell',
      message: `${this.#machine} accepts the login and starts no shell for it: ${said}. Nothing was run there.`,
      advice:
        'Rackside needs /bin/sh. Give the account a login shell (usermod -s /bin/bash), look for a ForceCommand in its sshd_config, and log in once by hand where its password has expired.',
    };
  }

  #fail(problem: Problem): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.reject(new ProblemError(problem));
  }
}

const asOneLine = (text: string): string =>
  text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);

function endedEarly(machine: string): Problem {
  return {
    code: 'connection-lost',
    message: `The shell on ${machine} ended before the command did; whether the command took effect is not known.`,
    advice: 'Read the state again before repeating the command.',
  };
}

function tooLarge(machine: string, maxBytes: number): Problem {
  return {
    code: 'output-too-large',
    message: `A command on ${machine} printed more than ${maxBytes} bytes and was ended.`,
    advice: 'This is more than Rackside reads at once; look at the machine itself.',
  };
}
