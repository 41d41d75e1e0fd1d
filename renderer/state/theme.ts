import { useSyncExternalStore } from 'react';
import type { Settings } from '#shared/contract/app.ts';
import { activeClient } from './session.ts';
import { useSettings } from './settings.ts';

export type Theme = 'light' | 'dark';

const query = '(prefers-color-scheme: dark)';

/** The theme that is painted: the person's choice, else the system's. */
export function useTheme(): Theme {
  const choice = useSettings((state) => state.settings?.theme ?? 'system');
  const isSystemDark = useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => {
        media.removeEventListener('change', listener);
      };
    },
    () => matchMedia(query).matches,
  );
  if (choice !== 'system') return choice;
  return isSystemDark ? 'dark' : 'light';
}

/** Keeps the choice; painted at once, taken back where it could not be kept. @throws ProblemError */
export async function chooseTheme(theme: Settings['theme']): Promise<void> {
  const before = useSettings.getState().settings;
  if (before) useSettings.setState({ settings: { ...before, theme } });
  try {
    useSettings.setState({ settings: await activeClient().call('settings.set', { theme }) });
  } catch (error) {
    useSettings.setState({ settings: before });
    throw error;
  }
}
