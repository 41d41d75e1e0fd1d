import type { FeedOutcome } from './feed.ts';

/** What is known from one start to the next, so that a feed is asked once a day and a version announced once. */
export interface UpdateMemory {
  readonly asked: { readonly feedUrl: string; readonly at: number; readonly outcome: FeedOutcome } | null;
  readonly announced: { readonly version: string; readonly noticeId: string } | null;
}

const nothing: UpdateMemory = { asked: null, announced: null };

/** Reads what was kept; what is not understood is as if nothing was. */
export function parseMemory(text: string | null): UpdateMemory {
  const kept = record(parseJson(text));
  return { asked: askedIn(record(kept?.['asked'])), announced: announcedIn(record(kept?.['announced'])) };
}

function askedIn(asked: Fields | undefined): UpdateMemory['asked'] {
  const [feedUrl, at, outcome] = [asked?.['feedUrl'], asked?.['at'], record(asked?.['outcome'])];
  if (typeof feedUrl !== 'string' || typeof at !== 'number') return nothing.asked;
  const [version, because] = [outcome?.['version'], outcome?.['because']];
  if (typeof version === 'string') return { feedUrl, at, outcome: { version } };
  return typeof because === 'string' ? { feedUrl, at, outcome: { because } } : nothing.asked;
}

function announcedIn(announced: Fields | undefined): UpdateMemory['announced'] {
  const [version, noticeId] = [announced?.['version'], announced?.['noticeId']];
  return typeof version === 'string' && typeof noticeId === 'string' ? { version, noticeId } : nothing.announced;
}

type Fields = Readonly<Record<string, unknown>>;

function record(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
