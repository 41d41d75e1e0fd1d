import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2';
import { assertNever } from '#shared/assert.ts';
import { type Problem, type ProblemCode, ProblemError, type ProblemEvidence, problemOf } from '#shared/problems.ts';
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
  #offered: readonly string[] = [];
  #rejectedPassword: string | undefined;
  #currentPassword: string | undefined;
  #isExpiredPassword = false;
  #trial: Trial | undefined;
  /** The machine that refused the password before, where it was therefore not tried here. */
  #heldFor: string | undefined;
  readonly #end = new AbortController();

  constructor(target: SshTarget, ports: AuthenticationPorts) {
    this.#target = target;
    this.#ports = ports;
    this.#left = [...target.methods];
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
    else this.passwordRefused();
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

  /** The server has refused the password that is being tried, where one is. */
  passwordRefused(): void {
    this.#rejectedPassword = this.#currentPassword ?? this.#rejectedPassword;
    this.#trial?.refused();
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
      return passwordHeld(this.#target, this.#heldFor);
    if (question !== undefined && this.#rejectedPassword === undefined) return question;
    const [trouble] = this.#troubles;
    if (trouble !== undefined && this.#tried.length === 0) return trouble;
    const { user } = this.#target;
    const machine = machineName(this.#target);
    if (this.#isExpiredPassword)
      return {
        code: 'authentication-failed',
        message: `${machine} accepts the password of ${user} only to change it: it has expired.`,
        advice: `Change the password by logging in once with “ssh ${user}@${this.#target.host}”, then connect again.`,
      };
    const tried =
      this.#tried.length === 0 ? 'No configured way to log in is offered' : `Tried: ${this.#tried.join(', ')}`;
    const offered = this.#offered.length === 0 ? 'nothing' : this.#offered.join(', ');
    const beside = this.#troubles.map((other) => ` ${other.message}`).join('');
    return {
      code: 'authentication-failed',
      message: `${machine} does not let ${user} in. ${tried}. The server offers: ${offered}.${beside}`,
      advice:
        this.#rejectedPassword === undefined
          ? `Check the user name and that the public key is in ~/.ssh/authorized_keys of ${user}. Nothing is tried again by itself.`
          : 'Check the user name and the password. Nothing is tried again by itself, because wrong attempts can lock the account.',
      ...(this.#rejectedPassword === undefined ? {} : { evidence: passwordEvidence(this.#target) }),
    };
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
        const agent = await this.#openAgent(socket);
        this.#tried.push('agent');
        return { type: 'agent', username, agent };
      }
      case 'private-key': {
        const { keyFile } = method;
        const key = await this.#ports.privateKeys.open(
          keyFile,
          { scope: this.#target.secretScope, user: username, host },
          () =>
            this.#ports.secrets.get({
              kind: 'passphrase',
              scope: this.#target.secretScope,
              user: username,
              host,
              keyFile,
            }),
        );
        this.#tried.push(`private key ${keyFile}`);
        return { type: 'publickey', username, key };
      }
      case 'password': {
        const password = await this.#password();
        if (password === undefined) throw new ProblemError(passwordNeeded(this.#target));
        await this.#takeTurn(password);
        this.#tried.push('password');
        this.#currentPassword = password;
        return { type: 'password', username, password };
      }
      case 'keyboard-interactive':
        this.#tried.push('keyboard-interactive');
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
      if (password !== undefined && (password === this.#rejectedPassword || password === this.#currentPassword)) {
        // The same server just refused this password. Another answer would be one more failed attempt, and PAM counts them.
        this.#currentPassword = password;
        this.passwordRefused();
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
        this.#currentPassword = password;
        finish([password]);
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
  async #takeTurn(password: string): Promise<void> {
    const { user, secretScope: scope } = this.#target;
    const of = { kind: 'password', scope, user } as const;
    const turn = await this.#ports.trials.begin(of, password, machineName(this.#target), this.#end.signal);
    if (turn.kind === 'held') {
      this.#heldFor = turn.machine;
      throw new ProblemError(passwordHeld(this.#target, turn.machine));
    }
    this.#trial = turn;
  }

  #password(): Promise<string | undefined> {
    const { user, host, secretScope: scope } = this.#target;
    return this.#ports.secrets.get({ kind: 'password', scope, user, host });
  }

  async #openAgent(socket: string | undefined): Promise<string> {
    const unavailable = (why: string) =>
      new ProblemError({
        code: 'agent-unavailable',
        message: `The SSH agent ${why}.`,
        advice: 'Start the agent and add the key to it (ssh-add), or choose the private key’s file instead.',
      });
    if (socket === undefined || socket === '') throw unavailable('is not running: SSH_AUTH_SOCK is not set');
    const agent = this.#ports.ssh2.createAgent(socket);
    const count = await new Promise<number>((resolve, reject) => {
      agent.getIdentities((error, keys) => {
        if (error !== null && error !== undefined)
          reject(unavailable(`at ${socket} does not answer (${error.message})`));
        else resolve(keys?.length ?? 0);
      });
    });
    if (count === 0) throw unavailable(`at ${socket} holds no keys`);
    return socket;
  }
}

function wireName(method: LoginMethod): string {
  return method.kind === 'agent' || method.kind === 'private-key' ? 'publickey' : method.kind;
}

function passwordNeeded(target: SshTarget): Problem {
  return {
    code: 'secret-needed',
    message: `${machineName(target)} asks for the password of ${target.user}, which is not known here.`,
    advice: 'Enter the password, or choose another way to log in.',
    evidence: passwordEvidence(target),
  };
}

function passwordHeld(target: SshTarget, refusedBy: string): Problem {
  const machine = machineName(target);
  return {
    code: 'authentication-failed',
    message:
      machine === refusedBy
        ? `${machine} has refused the password of ${target.user}, and it was not entered again since.`
        : `${machine} was not told the password of ${target.user}, because ${refusedBy} has refused it.`,
    advice:
      'Enter the password again, and every machine is tried with it. Until then none is, because wrong attempts can lock the account.',
    evidence: passwordEvidence(target),
  };
}

function passwordEvidence({ secretScope: scope, user, host }: SshTarget): ProblemEvidence {
  return { kind: 'secret', secret: 'password', scope, user, host };
}
