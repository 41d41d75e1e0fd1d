import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a token turned out to be. */
export type TokenUse = 'accepted' | 'used' | 'unknown';

/** The secrets of one running instance. None of them outlives the process. */
export interface BrowserSession {
  /** Named per instance: cookies ignore ports, and two instances must not overwrite each other's. */
  readonly cookieName: string;
  /** The value of `Set-Cookie`. */
  readonly setCookie: string;
  /** What the page keeps in sessionStorage, which no other port can read, and shows when it opens its socket. */
  readonly secret: string;
  /** A new token, good for one use. */
  freshToken(): string;
  useToken(token: string): TokenUse;
  hasCookie(cookieHeader: string | undefined): boolean;
  hasSecret(offered: readonly string[]): boolean;
}

/** More tokens than this are never waiting; the oldest goes. Used ones are remembered as long, to say that they were used. */
const maxTokens = 64;

const random = (): string => randomBytes(32).toString('base64url');
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isEqual = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

function keep(set: Set<string>, value: string): void {
  set.add(value);
  for (const oldest of set) {
    if (set.size <= maxTokens) break;
    set.delete(oldest);
  }
}

export function createBrowserSession(): BrowserSession {
  const cookieName = `rackside-${randomBytes(6).toString('hex')}`;
  const cookieValue = random();
  const secret = random();
  // Digests, so that finding one takes a time that tells nothing of how much of it was right.
  const waiting = new Set<string>();
  const used = new Set<string>();
  const nameOf = (token: string): string => digest(token).toString('base64');

  return {
    cookieName,
    setCookie: `${cookieName}=${cookieValue}; HttpOnly; SameSite=Strict; Path=/`,
    secret,
    freshToken() {
      const token = random();
      keep(waiting, nameOf(token));
      return token;
    },
    useToken(token) {
      const name = nameOf(token);
      if (waiting.delete(name)) {
        keep(used, name);
        return 'accepted';
      }
      return used.has(name) ? 'used' : 'unknown';
    },
    hasCookie(cookieHeader = '') {
      return cookieHeader.split(';').some((pair) => {
        const [name, value] = pair.trim().split('=', 2);
        return name === cookieName && value !== undefined && isEqual(value, cookieValue);
      });
    },
    hasSecret: (offered) => offered.some((text) => isEqual(text, secret)),
  };
}
