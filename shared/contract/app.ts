/** What the app says of itself. */
export interface AppInfo {
  readonly version: string;
  readonly shell: 'desktop' | 'browser';
  /** The folder that holds everything this laptop keeps. */
  readonly dataFolder: string;
  readonly logFile: string;
  /** Whether secrets can be remembered; `because` says why not (R25). */
  readonly secretStorage: { readonly kind: 'keychain' } | { readonly kind: 'session-only'; readonly because: string };
  readonly notices: readonly AppNotice[];
}

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
}

export interface AppCalls {
  'app.info': { input: Record<string, never>; output: AppInfo };
  'app.dismissNotice': { input: { readonly id: string }; output: null };
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
