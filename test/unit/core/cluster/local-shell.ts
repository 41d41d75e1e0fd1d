import { spawn } from 'node:child_process';
import type { CommandResult, RemoteCommand, ShellChannel } from '../../../../electron/core/ssh/transport.ts';

/**
 * A real `/bin/sh` on this machine that runs the real scripts. `tools` are shell functions defined before: a function is found before
 * any program, so a captured output stands in for the tool that printed it.
 */
export function localShell(
  tools: string,
  asRoot = tools,
  shell = '/bin/sh',
): ShellChannel & { readonly asked: RemoteCommand['privilege'][] } {
  const asked: RemoteCommand['privilege'][] = [];
  return {
    asked,
    run: async ({ script, args = [], privilege }) => {
      asked.push(privilege);
      return run(shell, `${privilege === 'root' ? asRoot : tools}\n${script}`, args);
    },
    close: () => {},
  };
}

function run(program: string, script: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const shell = spawn(program, ['-c', script, 'sh', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    shell.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    shell.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    shell.on('error', reject);
    shell.on('close', (code) =>
      resolve({ exitStatus: code ?? 255, stdout, stderr, durationMs: performance.now() - started }),
    );
  });
}
