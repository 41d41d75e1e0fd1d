import type { DemoOptions } from '../model/demo.ts';

/** What the app says of itself. */
export interface AppInfo {
  readonly version: string;
  readonly shell: 'desktop' | 'browser';
  /** The folder that holds everything this laptop keeps. */
  readonly dataFolder: string;
  readonly logFile: string;
  /** Whether secrets can be remembered; `because` says why not (R25). */
  readonly secretStorage: { readonly kind: 'keychain' } | { readonly kind: 'session-only'; readonly because: string };
  /** Whether the computer is kept from falling asleep by itself while an operation runs; `because` says why not. */
  readonly sleep: { readonly kind: 'held' } | { readonly kind: 'cannot'; readonly because: string };
  /** What a demo region begins with. */
  readonly demo: DemoOptions;
  readonly notices: readonly AppNotice[];
  readonly update: UpdateState;
}

/** What is known of newer versions of the app. It announces them; it never downloads or installs one. Times in UTC ms. */
export type UpdateState =
  /** No feed is set: nobody is asked. */
  | { readonly kind: 'off' }
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'newest'; readonly askedAt: number }
  | { readonly kind: 'available'; readonly version: string; readonly askedAt: number }
  | { readonly kind: 'unanswered'; readonly because: string; readonly askedAt: number };

/** Something the person must know about the laptop's own data (a quarantined file, a lost journal, a full disk). */
export interface AppNotice {
  readonly id: string;
  readonly level: 'info' | 'warning' | 'danger';
  readonly message: string;
  readonly advice: string;
  readonly at: number;
}

/** What a person sets once. Durations in milliseconds, sizes in bytes. */
export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly fastIntervalMs: number;
  readonly clusterIntervalMs: number;
  readonly slowIntervalMs: number;
  /** The host's reserve where the cluster sets no capacity: the larger of bytes and percent of memory. */
  readonly hostReserveBytes: number;
  readonly hostReservePercent: number;
  readonly singleKeyShortcuts: boolean;
  /** The folder with electron-builder's `latest*.yml`; empty: nobody is asked for updates. */
  readonly updateFeedUrl: string;
}

export interface AppCalls {
  'app.info': { input: Record<string, never>; output: AppInfo };
  'app.dismissNotice': { input: { readonly id: string }; output: null };
  /** Asks the feed now; without one it asks nobody and says `off`. */
  'app.checkForUpdate': { input: Record<string, never>; output: UpdateState };
  'settings.get': { input: Record<string, never>; output: Settings };
  'settings.set': { input: Partial<Settings>; output: Settings };
  /** View settings (columns, sort, filters) are kept in `app.sqlite`, as JSON text, so that both shells and every port share them. */
  'views.get': { input: { readonly key: string }; output: string | null };
  'views.set': { input: { readonly key: string; readonly value: string }; output: null };
}

export interface AppEvents {
  'app.notice': AppNotice;
  'settings.changed': Settings;
}
