/** Logins as a person has them: ssh with the lab's key, from inside the datacenter, so that the laptop's cut never matters. */
import type { Layout } from './layout.ts';
import { placeOf } from './layout.ts';
import type { Ran, RunOptions } from './shell.ts';
import { run, waitFor, words } from './shell.ts';
import { readState } from './state.ts';

/** The node's answer to a shell command of this user, whatever its exit code; 255 when ssh itself failed. Default deadline: 60 s. */
export function ssh(
  layout: Layout,
  name: string,
  user: string,
  command: string,
  options: RunOptions = {},
): Promise<Ran> {
  const { keyFile } = readState(layout).image;
  return run(
    'nsenter',
    [
      `--net=/run/netns/${layout.datacenter}`,
      'ssh',
      '-i',
      keyFile,
      ...words(
        '-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=3 ' +
          '-o BatchMode=yes -o IdentitiesOnly=yes',
      ),
      `${user}@${placeOf(layout, name).address}`,
      command,
    ],
    { timeoutMs: 60_000, ...options },
  );
}

export const waitForSsh = (layout: Layout, name: string, deadlineMs = 60_000): Promise<boolean> =>
  waitFor(
    `${name} answers ssh`,
    async () => (await ssh(layout, name, 'root', 'true', { timeoutMs: 5000 })).code === 0,
    deadlineMs,
  );
