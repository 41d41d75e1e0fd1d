import type { AppNotice, UpdateState } from '#shared/contract/app.ts';
import { feedFileName, readFeed } from './feed.ts';
import type { AskFeed, FeedOutcome } from './feed.ts';
import { parseMemory } from './memory.ts';
import type { UpdateMemory } from './memory.ts';
import { compareVersions, parseVersion } from './version.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What a start is for comes first. */
const firstMs = 30_000;

export interface UpdatePorts {
  /** Of the program that runs. */
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
  /** What the person has set; empty: nobody is ever asked. */
  readonly feedUrl: () => string;
  readonly ask: AskFeed;
  readonly clock: {
    readonly now: () => number;
    readonly after: (delayMs: number, callback: () => void) => () => void;
  };
  /** One text that outlives the program. */
  readonly memory: { get(): string | null; set(text: string): void };
  readonly notices: {
    add(notice: Pick<AppNotice, 'level' | 'message' | 'advice'>): AppNotice;
    dismiss(id: string): void;
  };
  readonly log: (line: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Announces newer versions. It downloads none and installs none. */
export interface Updates {
  state(): UpdateState;
  /** Asks the feed now, once for all who ask meanwhile. */
  check(): Promise<UpdateState>;
  close(): void;
}

/** Asks the feed that the person has set once a day, and every hour while it does not answer; with none set it asks nobody. */
export function createUpdates(ports: UpdatePorts): Updates {
  const { clock, notices } = ports;
  let memory = parseMemory(ports.memory.get());
  let underWay: { readonly feedUrl: string; readonly done: Promise<UpdateState> } | undefined;
  let isClosed = false;

  const keep = (next: UpdateMemory): void => {
    memory = next;
    try {
      ports.memory.set(JSON.stringify(next));
    } catch (error) {
      // Not kept, it is asked or announced once more after the next start; that is no reason to fail now.
      ports.log('what was learnt of updates could not be kept', { error });
    }
  };
  const withdraw = (): void => {
    if (memory.announced) notices.dismiss(memory.announced.noticeId);
  };
  const announce = (version: string): void => {
    if (memory.announced?.version === version) return;
    withdraw();
    const { id } = notices.add({
      level: 'info',
      message: `Rackside ${version} is available; this is ${ports.version}.`,
      advice: 'Rackside installs nothing by itself: get it from where you got this one.',
    });
    keep({ ...memory, announced: { version, noticeId: id } });
  };
  const isNewer = (version: string): boolean => {
    const [offered, own] = [parseVersion(version), parseVersion(ports.version)];
    return offered !== undefined && own !== undefined && compareVersions(offered, own) > 0;
  };
  // What was announced is here now, or was passed over.
  if (memory.announced && !isNewer(memory.announced.version)) {
    withdraw();
    keep({ ...memory, announced: null });
  }

  const state = (): UpdateState => {
    const feedUrl = ports.feedUrl();
    if (feedUrl === '') return { kind: 'off' };
    if (memory.asked?.feedUrl !== feedUrl) return { kind: 'not-asked' };
    const { at: askedAt, outcome } = memory.asked;
    if ('because' in outcome) return { kind: 'unanswered', because: outcome.because, askedAt };
    return isNewer(outcome.version)
      ? { kind: 'available', version: outcome.version, askedAt }
      : { kind: 'newest', askedAt };
  };
  const ask = async (feedUrl: string): Promise<UpdateState> => {
    const outcome: FeedOutcome = await readFeed(feedUrl, feedFileName(ports.platform, ports.arch), ports.ask);
    // Another feed, or none, was set meanwhile: what this one says is of no interest any more.
    if (isClosed || ports.feedUrl() !== feedUrl) return state();
    keep({ ...memory, asked: { feedUrl, at: clock.now(), outcome } });
    if ('version' in outcome && isNewer(outcome.version)) announce(outcome.version);
    return state();
  };
  const check = (): Promise<UpdateState> => {
    const feedUrl = ports.feedUrl();
    if (feedUrl === '') return Promise.resolve(state());
    if (underWay?.feedUrl === feedUrl) return underWay.done;
    const done = ask(feedUrl).finally(() => {
      if (underWay?.done === done) underWay = undefined;
    });
    underWay = { feedUrl, done };
    return done;
  };
  const isDue = (): boolean => {
    const feedUrl = ports.feedUrl();
    if (feedUrl === '') return false;
    if (memory.asked?.feedUrl !== feedUrl) return true;
    const ageMs = clock.now() - memory.asked.at;
    // A clock that was set back would otherwise keep it silent for as long.
    return ageMs < 0 || ageMs >= ('because' in memory.asked.outcome ? hourMs : dayMs);
  };
  let cancel = (): void => {};
  const next = (delayMs: number): void => {
    cancel = clock.after(delayMs, () => {
      if (isDue()) check().catch((error: unknown) => ports.log('updates could not be asked for', { error }));
      next(hourMs);
    });
  };
  next(firstMs);

  return {
    state,
    check,
    close() {
      isClosed = true;
      cancel();
    },
  };
}
