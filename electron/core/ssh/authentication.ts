import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2';
import { assertNever } from '#shared/assert.ts';
import { type Problem, type ProblemCode, ProblemError, problemOf } from '#shared/problems.ts';
import { openAgent, publicBlob } from './agent-keys.ts';
import { hungUp, notLetIn, passwordExpired, passwordHeld, passwordNeeded, triesUsedUp } from './login-problems.ts';
import { keyFilesFirst, wayInWords, wireName } from './login-methods.ts';
import { type KnownSecret, knownSecret, readable, scopeToAsk } from './known-secret.ts';
import type { PrivateKeys } from './private-keys.ts';
import type { SecretTrials, Trial } from './secret-trials.ts';
import type { Ssh2 } from './ssh2-library.ts';
import { machineName } from './target-names.ts';
import type { LoginMethod, SecretSource, SshTarget } from './transport.ts';

/** A question of the server to a person; `answer` continues the login. */
export interface LoginQuestion {
  readonly instructions: string;
  readonly prompts: readonly { readonly prompt: string; readonly isEchoed: boolean }[];
  answer(answers: readonly string[]): void;
}

export interface AuthenticationPorts {
  readonly ssh2: Ssh2;
  readonly secrets: SecretSource;
  readonly privateKeys: PrivateKeys;
  readonly trials: SecretTrials;
  /** Where an agent is looked for when the method names none. */
  readonly defaultAgentSocket: string | undefined;
  readonly onQuestion: (question: LoginQuestion) => void;
  /** Ends the login before the server does; `failure` says why. */
  readonly giveUp: () => void;
}

/** A prompt for the account's own password, as PAM and BSD word it; a one-time password is not one. */
const passwordPrompt = /^\s*(?:\([^)]*\) |\S+'s )?password(?: for \S+)?\s*:?\s*$/i;

/** Codes that a person can answer; they are told rather than "authentication failed", which would hide the way out. */
const questionCodes: readonly ProblemCode[] = ['secret-needed', 'passphrase-needed', 'passphrase-wrong'];

/**
 * Walks through the login methods of one target in their order, and remembers what happened, so that a refusal can name it.
 * The server is first asked what it offers (`none`), so that a password never travels to a server that does not accept one.
 */
export class Authentication {
  readonly #target: SshTarget;
  readonly #ports: AuthenticationPorts;
  readonly #left: LoginMethod[];
  readonly #tried: string[] = [];
  readonly #troubles: Problem[] = [];
  #agentKeys = 0;
  /** What was offered from files. Whatever comes after it comes because the server did not take it. */
  readonly #refusedKeys = new Set<string>();
  #offered: readonly string[] = [];
  #rejectedPassword: string | undefined;
  #currentPassword: string | undefined;
  #isExpiredPassword = false;
  #unreadableBecause: string | undefined;
  #trial: Trial | undefined;
  /** The machine that refused the password before, where it was therefore not tried here. */
  #heldFor: string | undefined;
  readonly #end = new AbortController();

  constructor(target: SshTarget, ports: AuthenticationPorts) {
    this.#target = target;
    this.#ports = ports;
    this.#left = [...keyFilesFirst(target.methods)];
  }

  /** ssh2 calls it before the first attempt (no methods known) and after each rejected one. */
  readonly handler: AuthHandlerMiddleware = (methodsLeft, isPartialSuccess, next) => {
    // ssh2 passes null for "not asked yet"; its types do not say so.
    const offered = methodsLeft as AuthenticationType[] | null;
    if (offered === null) {
      next({ type: 'none', username: this.#target.user });
      return;
    }
    this.#offered = offered;
    // After a partial success the password was right; the server wants another proof as well.
    if (isPartialSuccess) this.#trial?.accepted();
    else this.#passwordRefused();
    this.#currentPassword = undefined;
    void this.#nextAttempt().then((attempt) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `false` ends the login; ssh2's types do not say that `next` takes it.
      next((attempt ?? false) as AnyAuthMethod);
    });
  };

  /** The server asked for a new password instead of letting us in. */
  passwordExpired(): void {
    this.#isExpiredPassword = true;
  }

  /** The other side has closed the connection in the middle of the login. @returns what to say of it; `undefined`: nothing was tried yet. */
  hungUp(words = ''): Problem | undefined {
    if (this.#tried.length === 0) return undefined;
    if (this.#currentPassword !== undefined) this.#trial?.hungUp();
    return hungUp(this.#target, this.#tried, words);
  }

  /** The server counts attempts (MaxAuthTries) and has ended the login. @returns what to say of it. */
  triesUsedUp(): Problem {
    this.#passwordRefused();
    const failure = this.failure();
    // A question that a person can answer, or a password that is wrong, is nearer to the way in than a number of attempts.
    if (failure.evidence !== undefined) return failure;
    return triesUsedUp(this.#target, {
      tried: this.#tried,
      untried: this.#left.filter((method) => this.#offered.includes(wireName(method))).map(wayInWords),
      agentKeys: this.#agentKeys,
      troubles: this.#troubles,
    });
  }

  /** The login is over: whoever waits with the same password learns what came of it. */
  ended(isLoggedIn: boolean): void {
    if (isLoggedIn) this.#trial?.accepted();
    else this.#trial?.ended();
    this.#end.abort();
  }

  /** Why the login failed, after the last method. */
  failure(): Problem {
    const question = this.#troubles.find((trouble) => questionCodes.includes(trouble.code));
    if (this.#heldFor !== undefined && this.#rejectedPassword === undefined)
      return passwordHeld(this.#target, this.#askedScope(), this.#heldFor);
    if (question !== undefined && this.#rejectedPassword === undefined) return question;
    const [trouble] = this.#troubles;
    if (trouble !== undefined && this.#tried.length === 0) return trouble;
    if (this.#isExpiredPassword) return passwordExpired(this.#target);
    return notLetIn(this.#target, {
      tried: this.#tried,
      offered: this.#offered,
      troubles: this.#troubles,
      refusedScope: this.#rejectedPassword === undefined ? undefined : this.#askedScope(),
    });
  }

  /** The server has refused the password that is being tried, where one is. */
  #passwordRefused(): void {
    this.#rejectedPassword = this.#currentPassword ?? this.#rejectedPassword;
    this.#trial?.refused();
  }

  async #nextAttempt(): Promise<AnyAuthMethod | undefined> {
    if (this.#isExpiredPassword) return undefined;
    for (;;) {
      const index = this.#left.findIndex((method) => this.#offered.includes(wireName(method)));
      const [method] = index < 0 ? [] : this.#left.splice(index, 1);
      if (method === undefined) return undefined;
      try {
        return await this.#attempt(method);
      } catch (error) {
        // Each method may fail for its own reason (no such key, no agent); the next one is tried all the same.
        const problem = problemOf(error);
        this.#troubles.push(
          problem ?? { code: 'internal', message: `${method.kind}: ${String(error)}`, advice: 'Report this as a bug.' },
        );
      }
    }
  }

  async #attempt(method: LoginMethod): Promise<AnyAuthMethod> {
    const { user: username, host } = this.#target;
    switch (method.kind) {
      case 'agent': {
        const socket = method.socketPath ?? this.#ports.defaultAgentSocket;
        const known = { named: await this.#namedKeys(), refused: this.#refusedKeys };
        const { agent, keyCount } = await openAgent(this.#ports.ssh2, socket, known);
        this.#agentKeys = keyCount;
        this.#tried.push(wayInWords(method));
        return { type: 'agent', username, agent };
      }
      case 'private-key': {
        const { keyFile } = method;
        const key = await this.#ports.privateKeys.open(
          keyFile,
          { scope: this.#target.secretScope, user: username, host },
          () =>
            readable(() =>
              this.#ports.secrets.get({
                kind: 'passphrase',
                scope: this.#target.secretScope,
                user: username,
                host,
                keyFile,
              }),
            ),
        );
        this.#tried.push(wayInWords(method));
        this.#refusedKeys.add(publicBlob(key));
        return { type: 'publickey', username, key };
      }
      case 'password': {
        const password = await this.#password();
        if (password === undefined)
          throw new ProblemError(passwordNeeded(this.#target, this.#askedScope(), this.#unreadableBecause));
        await this.#takeTurn(password);
        this.#tried.push(wayInWords(method));
        this.#currentPassword = password.value;
        return { type: 'password', username, password: password.value };
      }
      case 'keyboard-interactive':
        this.#tried.push(wayInWords(method));
        return {
          type: 'keyboard-interactive',
          username,
          prompt: (name, instructions, _language, prompts, finish) => {
            void this.#prompted([name, instructions], prompts, finish);
          },
        };
      default:
        return assertNever(method);
    }
  }

  /** One round of keyboard-interactive. A lone password prompt is answered from the secrets, once; anything else is a person's. */
  async #prompted(
    words: readonly string[],
    prompts: readonly Prompt[],
    finish: (answers: string[]) => void,
  ): Promise<void> {
    const [only] = prompts;
    if (prompts.length === 1 && only !== undefined && only.echo !== true && passwordPrompt.test(only.prompt)) {
      const password = await this.#password().catch(() => undefined);
      if (password !== undefined && [this.#rejectedPassword, this.#currentPassword].includes(password.value)) {
        // The same server just refused this password. Another answer would be one more failed attempt, and PAM counts them.
        this.#currentPassword = password.value;
        this.#passwordRefused();
        this.#ports.giveUp();
        return;
      }
      if (password !== undefined) {
        try {
          await this.#takeTurn(password);
        } catch {
          this.#ports.giveUp();
          return;
        }
        this.#currentPassword = password.value;
        finish([password.value]);
        return;
      }
    }
    // A person takes their time, and what they answer is judged together with the password.
    this.#trial?.ended();
    this.#ports.onQuestion({
      instructions: words.filter((word) => word !== '').join('\n'),
      prompts: prompts.map((prompt) => ({ prompt: prompt.prompt, isEchoed: prompt.echo === true })),
      answer: (answers) => finish(prompts.map((_prompt, index) => answers[index] ?? '')),
    });
  }

  /** Waits until this machine may be told the password. Throws `authentication-failed` where another one has refused it. */
  async #takeTurn({ value, scope }: KnownSecret): Promise<void> {
    const of = { kind: 'password', scope, user: this.#target.user } as const;
    const turn = await this.#ports.trials.begin(of, value, machineName(this.#target), this.#end.signal);
    if (turn.kind === 'held') {
      this.#heldFor = turn.machine;
      throw new ProblemError(passwordHeld(this.#target, this.#askedScope(), turn.machine));
    }
    this.#trial = turn;
  }

  async #password(): Promise<KnownSecret | undefined> {
    return knownSecret(this.#ports.secrets, this.#target, 'password', (because) => {
      this.#unreadableBecause = because;
    });
  }

  #askedScope(): string {
    return scopeToAsk(this.#ports.trials, this.#target, 'password');
  }

  /** The public halves of the key files that were not opened: those lie beside them, and need no passphrase. */
  async #namedKeys(): Promise<ReadonlySet<string>> {
    const files = this.#target.methods.flatMap((method) => (method.kind === 'private-key' ? [method.keyFile] : []));
    const blobs = await Promise.all(files.map((file) => this.#ports.privateKeys.publicHalf(file)));
    return new Set(blobs.filter((blob) => blob !== undefined));
  }
}
