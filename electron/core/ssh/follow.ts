import { StringDecoder } from 'node:string_decoder';
import { closeShell, CommandTime, openInTime } from './commands.ts';
import type { SshSession } from './ssh-session.ts';
import type { RemoteCommand } from './transport.ts';

/** Opening the shell of a followed command has a deadline like every command; the following itself lasts until it is closed (R21: the keepalive watches it). */
const openMs = 15_000;

/** Longest line told; a longer one is cut, because a log without line ends must not fill the memory. */
const longestLine = 65_536;

/** Tells the lines of a command as they come. `onEnd` is called once: without an error when the command ended by itself or was closed. */
export async function followLines(
  session: SshSession,
  command: RemoteCommand,
  onLine: (line: string) => void,
  onEnd: (error?: Error) => void,
): Promise<{ close(): void }> {
  const time = new CommandTime(session, { deadlineMs: openMs });
  const opened = await openInTime(session, command.privilege, time).finally(() => time.end());
  let rest = '';
  let isEnded = false;
  const decoder = new StringDecoder('utf8');
  const end = (error?: Error) => {
    if (isEnded) return;
    isEnded = true;
    unspare();
    onEnd(error);
  };
  const close = () => {
    end();
    if (opened.shell.canRun) closeShell(session, opened, session.lostProblem('it was closed'));
  };
  const unspare = session.channels.spare(close);
  opened.shell
    .stream({ script: command.script, args: command.args ?? [] }, (chunk) => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = (lines.pop() ?? '').slice(0, longestLine);
      for (const line of lines) if (!isEnded) onLine(line.slice(0, longestLine));
    })
    .then(
      () => end(),
      (error: unknown) => end(error instanceof Error ? error : new Error(String(error))),
    )
    .finally(() => opened.shell.close(session.lostProblem('the command was over')));
  return { close };
}
