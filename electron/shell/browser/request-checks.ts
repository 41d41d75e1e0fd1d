import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from '#shared/problems.ts';

/** A request that is refused before anybody looks at what it asks for. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  readonly problem: Problem;
}

const startAgain = 'Run `npm start` again: the Rackside that runs prints a fresh address, good for one use.';

export const unauthenticated: Refusal = {
  status: 401,
  problem: {
    code: 'unauthenticated',
    message: 'This browser has not been let in by the Rackside that runs here.',
    advice: startAgain,
  },
};

export const tokenUsed: Refusal = {
  status: 403,
  problem: {
    code: 'token-used',
    message:
      'This address has been used already. Each one opens Rackside once, so that nobody else can use it after you.',
    advice: `${startAgain} If you have not used this one, somebody else on this computer may have.`,
  },
};

export const tooManyTokens: Refusal = {
  status: 429,
  problem: {
    code: 'too-many-requests',
    message: 'Too many addresses that were never given out have been tried.',
    advice: startAgain,
  },
};

/** The header's value where it was sent exactly once. */
const single = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/**
 * Refuses what was not meant for this server or not asked by its own page: a name that somebody pointed at 127.0.0.1 (DNS
 * rebinding), or another site's page. `host` is the only spelling of ours, e.g. `127.0.0.1:4321`.
 */
export function refuseForeign(headers: IncomingHttpHeaders, host: string): Refusal | undefined {
  if (single(headers.host) !== host) {
    return {
      status: 421,
      problem: {
        code: 'foreign-host',
        message: `This address is not Rackside's own: it answers at http://${host} only.`,
        advice: 'Open the address that `npm start` prints. Through a tunnel, use the same port number on both ends.',
      },
    };
  }
  const { origin } = headers;
  // A request from a foreign page that names no origin (an image, a script) still says where it comes from.
  const isForeignPart = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
  if ((origin !== undefined && origin !== `http://${host}`) || isForeignPart) {
    return {
      status: 403,
      problem: {
        code: 'foreign-origin',
        message: 'Another web page tried to reach Rackside.',
        advice: 'Close that page. Rackside has answered it nothing.',
      },
    };
  }
  return undefined;
}

/** Counts failures in a sliding minute. */
export function createFailureLimit(most: number, now: () => number): { isReached(): boolean; count(): void } {
  let failures: readonly number[] = [];
  return {
    isReached() {
      failures = failures.filter((at) => now() - at < 60_000);
      return failures.length >= most;
    },
    count() {
      failures = [...failures, now()];
    },
  };
}
