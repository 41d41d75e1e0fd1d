/** Running other programs, and waiting. The lab is mostly iproute2, systemd-nspawn and ssh, called from here. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the lab could not do, in words for the one who runs it. */
export class LabError extends Error {
  override readonly name = 'LabError';
}

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };
export type RunOptions = { readonly input?: string; readonly timeoutMs?: number };

/**
 * Runs a program to its end and gives its answer, whatever its exit code (127 when it cannot be started, 124 after `timeoutMs`).
 * It never throws.
 */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let timedOut = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, options.timeoutMs);
    const finish = (code: number, extra = ''): void => {
      clearTimeout(timer);
      resolve({
        code: timedOut ? 124 : code,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString() + extra,
      });
    };
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A program that ends without reading its input must not end this one.
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => finish(127, error.message));
    child.once('close', (code) => finish(code ?? 128));
    child.stdin.end(options.input ?? '');
  });
}

/** As `run`, but a non-zero exit is a LabError that carries the command and what it said. Gives stdout. */
export async function must(file: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await run(file, args, options);
  if (ran.code !== 0) {
    const said = `${ran.stdout}\n${ran.stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new LabError(`${file} ${args.join(' ').slice(0, 400)}\nended with ${ran.code}: ${said}`);
  }
  return ran.stdout;
}

/** A fixed command line as its arguments. */
export const words = (text: string): readonly string[] => text.split(' ');

/**
 * Takes an exclusive lock on a file, waiting for it. A child holds it and lets go when this process closes its input, so that a
 * lab command that is killed leaves no lock behind.
 */
export async function lock(file: string): Promise<Disposable> {
  mkdirSync(dirname(file), { recursive: true });
  const child = spawn('flock', ['-x', file, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('error', (error) => reject(new LabError(`flock could not be started: ${error.message}`)));
    child.once('exit', () => reject(new LabError(`The lock ${file} could not be taken.`)));
  });
  return { [Symbol.dispose]: () => child.stdin.end() };
}

/**
 * Asks until `predicate` gives something other than undefined, null or false, and gives that. A predicate that throws counts as
 * "not yet"; the last error is named when `deadlineMs` has passed.
 */
export async function waitFor<T>(
  what: string,
  predicate: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  deadlineMs: number,
  everyMs = 250,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  let last = '';
  for (;;) {
    try {
      const value = await predicate();
      if (value !== undefined && value !== null && value !== false) return value;
      last = '';
    } catch (error) {
      last = ` (${String(error)})`;
    }
    if (Date.now() > end) throw new LabError(`Waited ${deadlineMs / 1000} s for: ${what}${last}`);
    await sleep(everyMs);
  }
}

const started = Date.now();
/** Progress for the one who waits, on stderr, with the seconds since the start. */
export function say(text: string): void {
  process.stderr.write(`[${((Date.now() - started) / 1000).toFixed(1).padStart(6)}] ${text}\n`);
}
