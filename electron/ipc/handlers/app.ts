import type { AppInfo, AppNotice, Settings, UpdateState } from '#shared/contract/app.ts';
import type { Handlers } from './call.ts';

/** What the app keeps for itself; the store's repositories have these shapes. */
export interface AppStore {
  readonly settings: { get(): Settings; set(patch: Partial<Settings>): Settings };
  readonly views: { get(key: string): string | null; set(key: string, value: string): void };
  readonly notices: { list(): readonly AppNotice[]; dismiss(id: string): void };
}

/** The calls about the app itself. */
export function appHandlers(
  store: AppStore,
  info: Omit<AppInfo, 'notices' | 'update'>,
  updates: { state(): UpdateState; check(): Promise<UpdateState> },
  onSettings: (settings: Settings) => void,
): Pick<Handlers, Extract<keyof Handlers, `app.${string}` | `settings.${string}` | `views.${string}`>> {
  return {
    'app.info': () => ({ ...info, notices: store.notices.list(), update: updates.state() }),
    'app.dismissNotice': ({ id }) => {
      store.notices.dismiss(id);
      return null;
    },
    'app.checkForUpdate': () => updates.check(),
    'settings.get': () => store.settings.get(),
    'settings.set': (patch) => {
      const settings = store.settings.set(patch);
      onSettings(settings);
      return settings;
    },
    'views.get': ({ key }) => store.views.get(key),
    'views.set': ({ key, value }) => {
      store.views.set(key, value);
      return null;
    },
  };
}
