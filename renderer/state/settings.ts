import { create } from 'zustand';
import type { AppInfo, AppNotice, Settings } from '#shared/contract/app.ts';

export interface SettingsState {
  /** `null` until they were read. */
  readonly settings: Settings | null;
  readonly info: AppInfo | null;
  readonly notices: readonly AppNotice[];
}

/** What a person has set, and what the app says of itself. */
export const useSettings = create<SettingsState>(() => ({ settings: null, info: null, notices: [] }));

/** Adds a notice or replaces the one with its id. */
export function putNotice(notice: AppNotice): void {
  useSettings.setState((state) => ({ notices: [...state.notices.filter(({ id }) => id !== notice.id), notice] }));
}
