import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What the choice depends on, so that every system's choice can be tested on any. */
export interface DataFolderFacts {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}

const here = (): DataFolderFacts => ({
  platform: process.platform,
  environment: process.env,
  homeFolder: homedir(),
});

/**
 * The folder of both shells where nobody names one. Windows: the local, not the roaming profile, because the metrics of a
 * large region would be copied at every login. Elsewhere the XDG base directory specification, which says to ignore relative paths.
 */
export function defaultDataFolder(facts: DataFolderFacts = here()): string {
  const { platform, environment, homeFolder } = facts;
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(homeFolder, 'AppData', 'Local'), 'rackside');
  }
  if (platform === 'darwin') return join(homeFolder, 'Library', 'Application Support', 'rackside');
  const xdg = environment['XDG_DATA_HOME'] ?? '';
  return join(isAbsolute(xdg) ? xdg : join(homeFolder, '.local', 'share'), 'rackside');
}
