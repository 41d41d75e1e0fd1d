import type { Settings } from '#shared/contract/app.ts';
import { activeClient } from './session.ts';
import { useSettings } from './settings.ts';

/** Keeps what a person has set. @throws ProblemError `invalid-input` with the setting's name as its path */
export async function changeSettings(patch: Partial<Settings>): Promise<void> {
  useSettings.setState({ settings: await activeClient().call('settings.set', patch) });
}

/** The same for a choice that is seen at once, and taken back where it could not be kept. @throws ProblemError */
export async function switchSettings(patch: Partial<Settings>): Promise<void> {
  const before = useSettings.getState().settings;
  if (before) useSettings.setState({ settings: { ...before, ...patch } });
  try {
    await changeSettings(patch);
  } catch (error) {
    useSettings.setState({ settings: before });
    throw error;
  }
}

/** Asks the update feed now. @throws ProblemError */
export async function checkForUpdate(): Promise<void> {
  const update = await activeClient().call('app.checkForUpdate', {});
  useSettings.setState(({ info }) => ({ info: info ? { ...info, update } : null }));
}

/** Reads anew what the app says of itself; what was read before stays where it cannot be. */
export async function readInfo(): Promise<void> {
  const info = await activeClient()
    .call('app.info', {})
    .catch(() => null);
  if (info) useSettings.setState({ info, notices: info.notices });
}

/** Takes a notice away that a person has read. @throws ProblemError */
export async function dismissNotice(id: string): Promise<void> {
  await activeClient().call('app.dismissNotice', { id });
  useSettings.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}
