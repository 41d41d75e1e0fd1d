/** What a person answers when work runs: stay, or end here and leave the rest to whoever comes next. */
export type CloseChoice = 'keep-running' | 'hand-over';

export interface CloseGuardOptions {
  /** Operations that run in this process now. */
  readonly running: () => number;
  /** Asks the person. */
  readonly ask: (running: number) => Promise<CloseChoice>;
  /** Leaves what runs to whoever continues it; resolves when that is recorded. */
  readonly handOver: () => Promise<void>;
  /** Told what failed while handing over; the program ends all the same, and the leases end by themselves. */
  readonly onError: (error: unknown) => void;
}

export interface CloseGuard {
  /**
   * Whether what is about to close may. Where it may not yet, the person is asked, and `proceed` is called if they hand over;
   * asked again meanwhile, nothing happens: the question is there already.
   */
  mayClose(proceed: () => void): boolean;
}

/** Closing or quitting while an operation runs is a decision of a person, and the same question for both. */
export function createCloseGuard({ running, ask, handOver, onError }: CloseGuardOptions): CloseGuard {
  let state: 'open' | 'deciding' | 'handed-over' = 'open';

  async function decide(count: number, proceed: () => void): Promise<void> {
    // A question that could not be asked is not answered with yes.
    const choice = await ask(count).catch((): CloseChoice => 'keep-running');
    if (choice === 'keep-running') {
      state = 'open';
      return;
    }
    await handOver().catch(onError);
    state = 'handed-over';
    proceed();
  }

  return {
    mayClose(proceed) {
      if (state === 'deciding') return false;
      const count = running();
      if (count === 0 || state === 'handed-over') return true;
      state = 'deciding';
      decide(count, proceed).catch(onError);
      return false;
    },
  };
}

/** The words of the question, as Electron's message box takes them. The default and Escape keep running. */
export function closeQuestion(running: number): {
  readonly type: 'warning';
  readonly message: string;
  readonly detail: string;
  readonly buttons: string[];
  readonly defaultId: number;
  readonly cancelId: number;
  readonly noLink: boolean;
} {
  return {
    type: 'warning',
    message: running === 1 ? 'An operation is running.' : `${String(running)} operations are running.`,
    detail:
      'Keep Rackside running until it has ended, or hand over: what has been begun stays recorded in the cluster, ' +
      'unattended, and this or another laptop can continue or cancel it.',
    buttons: ['Keep running', 'Hand over and quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
}
