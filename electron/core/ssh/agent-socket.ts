/** The pipe of the agent that comes with Windows (the service `ssh-agent`), as its own `ssh.exe` has it built in. */
const windowsAgentPipe = String.raw`\\.\pipe\openssh-ssh-agent`;

/**
 * Where the person's SSH agent is looked for when a login names none; `undefined`: nowhere.
 * On Windows nobody sets SSH_AUTH_SOCK for the system's own agent, so that its pipe is the default there. What is set wins, as in ssh:
 * another pipe, the socket file of Cygwin or of Git for Windows, or `pageant`; ssh2 tells them apart (its `createAgent`). That ssh2 takes
 * the pipe for one is tested; no login was made through it, because nothing of this was run on Windows.
 */
export function agentSocketOf(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const named = environment['SSH_AUTH_SOCK'];
  // An empty one is how scripts take the agent away, on every system.
  if (named !== undefined) return named === '' ? undefined : named;
  return platform === 'win32' ? windowsAgentPipe : undefined;
}
