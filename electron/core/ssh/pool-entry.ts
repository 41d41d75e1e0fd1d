import { randomUUID } from 'node:crypto';
import { type Problem, ProblemError, problemOf } from '#shared/problems.ts';
import type { LoginQuestion } from './authentication.ts';
import { sayGoodbye, SshSession } from './ssh-session.ts';
import { machineName } from './target-names.ts';
import type { SessionPorts } from './ssh-session.ts';
import type { OpenedClient } from './handshake.ts';
import type { SshTarget } from './transport.ts';

interface Waiter {
  resolve(session: SshSession): void;
  reject(error: Error): void;
}

type State =
  | { readonly kind: 'connecting' }
  | {
      readonly kind: 'asking';
      readonly id: string;
      readonly problem: Problem;
      readonly question: LoginQuestion;
      readonly cancelExpiry: () => void;
    }
  | { readonly kind: 'ready'; readonly session: SshSession }
  | { readonly kind: 'gone' };

/** How one attempt to connect is made; `onQuestion` may be called any number of times before it settles. */
export type Connect = (
  target: SshTarget,
  signal: AbortSignal,
  onQuestion: (question: LoginQuestion) => void,
) => Promise<OpenedClient>;

/** The one connection to one target, from the first waiter to the last holder. */
export class PoolEntry {
  readonly #target: SshTarget;
  readonly #ports: SessionPorts;
  readonly #onGone: () => void;
  readonly #waiters = new Set<Waiter>();
  readonly #abort = new AbortController();
  #state: State = { kind: 'connecting' };
  #holders = 0;
  #cancelLinger: (() => void) | undefined;
  #wasAnswered = false;

  constructor(target: SshTarget, ports: SessionPorts, connect: Connect, onGone: () => void) {
    this.#target = target;
    this.#ports = ports;
    this.#onGone = onGone;
    connect(target, this.#abort.signal, (question) => this.#ask(question)).then(
      (opened) => this.#ready(opened),
      (error: unknown) => this.#failed(error),
    );
  }

  get session(): SshSession | undefined {
    return this.#state.kind === 'ready' ? this.#state.session : undefined;
  }

  isAsking(conversationId: string): boolean {
    return this.#state.kind === 'asking' && this.#state.id === conversationId;
  }

  /** Waits for the session and counts the caller as a holder of it. */
  async hold(signal: AbortSignal): Promise<SshSession> {
    // Counted before the wait: otherwise the last holder of a ready session could close it between its promise and its use.
    this.#holders += 1;
    try {
      return await this.#wait(signal);
    } catch (error) {
      this.#holders -= 1;
      throw error;
    }
  }

  /** One holder less; the last one closes the connection. */
  unhold(): void {
    this.#holders -= 1;
    if (this.#holders === 0 && this.#waiters.size === 0) this.end();
  }

  /** Continues a login with a person's answers. */
  async answer(answers: readonly string[], signal: AbortSignal): Promise<void> {
    if (this.#state.kind !== 'asking') throw new Error('A conversation was answered that is not open');
    const { question, cancelExpiry } = this.#state;
    cancelExpiry();
    this.#state = { kind: 'connecting' };
    this.#wasAnswered = true;
    const waiting = this.#wait(signal);
    question.answer(answers);
    await waiting;
  }

  end(): void {
    const { session } = this;
    this.#abort.abort(
      new ProblemError({
        code: 'cancelled',
        message: `The connection to ${machineName(this.#target)} is not needed any more.`,
        advice: 'Connect again when it is needed.',
      }),
    );
    this.#gone();
    session?.close();
  }

  #wait(signal: AbortSignal): Promise<SshSession> {
    const state = this.#state;
    if (state.kind === 'ready') return Promise.resolve(state.session);
    if (state.kind === 'asking') return Promise.reject(new ProblemError(state.problem));
    if (state.kind === 'gone') return Promise.reject(new Error('An ended pool entry was waited for'));
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        resolve: (session) => {
          signal.removeEventListener('abort', onAbort);
          resolve(session);
        },
        reject: (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      const onAbort = () => {
        this.#waiters.delete(waiter);
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        // An attempt nobody waits for is ended, but for one that a person is just answering.
        if (this.#waiters.size === 0 && this.#state.kind === 'connecting' && !this.#wasAnswered) this.end();
      };
      if (signal.aborted) {
        onAbort();
        return;
      }
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  #ask(question: LoginQuestion): void {
    const { clock, timings } = this.#ports;
    const id = randomUUID();
    const problem: Problem = {
      code: 'answers-needed',
      message: `${machineName(this.#target)} asks ${this.#target.user} a question before it lets anybody in.`,
      advice: 'Answer it; the login waits for it for a short time.',
      evidence: {
        kind: 'conversation',
        conversationId: id,
        host: this.#target.host,
        instructions: question.instructions,
        prompts: question.prompts,
        expiresAt: clock.wall() + timings.conversationMs,
      },
    };
    const cancelExpiry = clock.after(timings.conversationMs, () => this.end());
    this.#state = { kind: 'asking', id, problem, question, cancelExpiry };
    this.#rejectAll(new ProblemError(problem));
  }

  #ready(opened: OpenedClient): void {
    if (this.#state.kind === 'gone') {
      sayGoodbye(opened, this.#ports);
      return;
    }
    const session = new SshSession(this.#target, opened, this.#ports);
    session.onClosed(() => this.#gone());
    this.#state = { kind: 'ready', session };
    for (const waiter of this.#waiters) waiter.resolve(session);
    this.#waiters.clear();
    if (this.#wasAnswered)
      this.#cancelLinger = this.#ports.clock.after(this.#ports.timings.lingerMs, () => {
        if (this.#holders === 0) this.end();
      });
  }

  #failed(error: unknown): void {
    this.#gone();
    const problem = problemOf(error);
    this.#rejectAll(
      problem === undefined
        ? error instanceof Error
          ? error
          : new Error(String(error))
        : new ProblemError(problem, { cause: error }),
    );
  }

  #rejectAll(error: Error): void {
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  #gone(): void {
    if (this.#state.kind === 'gone') return;
    if (this.#state.kind === 'asking') this.#state.cancelExpiry();
    this.#cancelLinger?.();
    this.#state = { kind: 'gone' };
    this.#onGone();
  }
}
