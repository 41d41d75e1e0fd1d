/** The lab's own way into its nodes: as root and not over the network, so that neither a cut nor a login's third of a second matters. */
import type { Layout } from './layout.ts';
import { initOf } from './power.ts';
import type { Ran, RunOptions } from './shell.ts';
import { LabError, run, words } from './shell.ts';

/** What sshd gives root's commands, and nothing of the host's own. */
const login = words(
  'env -i -C /root HOME=/root USER=root LOGNAME=root SHELL=/bin/bash PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
);

/** The node's own answer to a shell command, whatever its exit code; 255 when the node is off. Default deadline: 60 s. */
export async function inside(layout: Layout, name: string, command: string, options: RunOptions = {}): Promise<Ran> {
  const init = initOf(layout, name);
  if (init === undefined) return { code: 255, stdout: '', stderr: `${name} is off.` };
  const namespaces = words('-m -u -i -n -p -C --');
  return run('nsenter', ['-t', String(init), ...namespaces, ...login, 'bash', '-c', command], {
    timeoutMs: 60_000,
    ...options,
  });
}

/** As `inside`, but a non-zero exit is a LabError. Gives stdout. */
export async function mustInside(
  layout: Layout,
  name: string,
  command: string,
  options: RunOptions = {},
): Promise<string> {
  const ran = await inside(layout, name, command, options);
  if (ran.code !== 0)
    throw new LabError(
      `${name}: ${command.slice(0, 400)}\nended with ${ran.code}: ${ran.stdout}\n${ran.stderr}`.trim(),
    );
  return ran.stdout;
}
