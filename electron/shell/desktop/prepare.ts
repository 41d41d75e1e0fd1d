import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { fail } from '#shared/problems.ts';
import { registerAppScheme } from './app-scheme.ts';

/** Chromium's own files, apart from ours. */
export const chromiumFolder = (dataFolder: string): string => join(dataFolder, 'desktop');

/**
 * What must be done before `ready`, and before the lock, which stands in `userData`.
 * @throws ProblemError `data-folder-unwritable`
 * @returns whether this is the first desktop instance on the data folder; the first one is told of the second by Electron.
 */
export function prepareDesktop(dataFolder: string): boolean {
  const folder = chromiumFolder(dataFolder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    fail(
      {
        code: 'data-folder-unwritable',
        message: `Rackside cannot write to its data folder ${dataFolder}: ${error instanceof Error ? error.message : String(error)}.`,
        advice: 'Make the folder writable, or choose another with --data-dir DIR.',
      },
      error,
    );
  }
  app.setPath('userData', folder);
  app.setPath('sessionData', folder);
  registerAppScheme();
  return app.requestSingleInstanceLock();
}
