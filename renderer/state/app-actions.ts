import type { Settings } from '#shared/contract/app.ts';
import { activeClient } from './session.ts';
import { useSettings } from './settings.ts';

/** Keeps what a person has set. @throws ProblemError `invalid-input` with the setting's name as its path */
export async function changeSettings(patch: Partial<Settings>): Promise<void> {
  useSettings.setState({ settings: await activeClient().call('settings.set', patch) });
}

/** Takes a notice away that a person has read. @throws ProblemError */
export async function dismissNotice(id: string): Promise<void> {
  await activeClient().call('app.dismissNotice', { id });
  useSettings.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}
