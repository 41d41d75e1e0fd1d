import { setTimeout } from 'node:timers/promises';
import { fail } from '#shared/problems.ts';
import { askRunningInstance } from './instance-endpoint.ts';
import type { SecondStartAnswer } from './instance-endpoint.ts';

/** The one who started, or what the one that runs already answered. */
export type Start<App> =
  | { readonly kind: 'started'; readonly app: App }
  | { readonly kind: 'asked'; readonly answer: SecondStartAnswer };

export interface StartOrAskOptions<App> {
  readonly start: () => Promise<App>;
  /** The endpoint of whoever holds the data folder; `null` where it has not told yet; `undefined`: some other failure. */
  readonly holderOf: (error: unknown) => string | null | undefined;
  /** How long a holder that says nothing is waited for: it may just be starting or ending. */
  readonly patienceMs?: number;
}

/**
 * Starts, or asks the instance that runs on the same data folder.
 * @throws ProblemError `data-folder-in-use` where the holder gives no answer.
 */
export async function startOrAsk<App>(options: StartOrAskOptions<App>): Promise<Start<App>> {
  const { start, holderOf, patienceMs = 5000 } = options;
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return { kind: 'started', app: await start() };
    } catch (error) {
      const endpoint = holderOf(error);
      if (endpoint === undefined) throw error;
      const answer = endpoint === null ? undefined : await askRunningInstance(endpoint);
      if (answer !== undefined) return { kind: 'asked', answer };
      if (performance.now() > giveUpAt) {
        fail(
          {
            code: 'data-folder-in-use',
            message: 'Another Rackside holds this data folder and does not answer.',
            advice: 'End that one, or start this one with another folder: --data-dir DIR.',
          },
          error,
        );
      }
    }
    await setTimeout(150);
  }
}
