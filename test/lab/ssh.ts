/** The lab's own way to its nodes: ssh as root with the lab's key, from inside the datacenter, so that the laptop's cut never matters. */
import type { Layout } from './layout.ts';
import { placeOf } from './layout.ts';
import type { Ran, RunOptions } from './shell.ts';
import { LabError, run, waitFor, words } from './shell.ts';
import { readState } from './state.ts';

export type SshOptions = RunOptions & { readonly user?: string };

/** The node's own answer to a shell command, whatever its exit code; 255 when ssh itself failed. Default deadline: 60 s. */
export function ssh(layout: Layout, name: string, command: string, options: SshOptions = {}): Promise<Ran> {
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
      `${options.user ?? 'root'}@${placeOf(layout, name).address}`,
      command,
    ],
    { timeoutMs: 60_000, ...options },
  );
}

/** As `ssh`, but a non-zero exit is a LabError. Gives stdout. */
export async function mustSsh(
  layout: Layout,
  name: string,
  command: string,
  options: SshOptions = {},
): Promise<string> {
  const ran = await ssh(layout, name, command, options);
  if (ran.code !== 0)
    throw new LabError(
      `${name}: ${command.slice(0, 400)}\nended with ${ran.code}: ${ran.stdout}\n${ran.stderr}`.trim(),
    );
  return ran.stdout;
}

export const waitForSsh = (layout: Layout, name: string, deadlineMs = 60_000): Promise<boolean> =>
  waitFor(
    `${name} answers ssh`,
    async () => (await ssh(layout, name, 'true', { timeoutMs: 5000 })).code === 0,
    deadlineMs,
  );
