import { fork } from 'node:child_process';
import type { DemoProcess } from '#shared/model/demo.ts';
import { demoEnvironment } from '../demo-environment.ts';

/** Starts the simulation of the demo region as a Node process of its own. It ends with this one: its channel breaks. `pid`: while it runs. */
export function forkDemo(program: URL): DemoProcess & { readonly pid: number | undefined } {
  const child = fork(program, [], {
    env: demoEnvironment(),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    pid: child.pid,
    send(message) {
      // A channel that is gone is told by the exit.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit(listener) {
      let isTold = false;
      const tell = (how: string): void => {
        if (!isTold) listener(how);
        isTold = true;
      };
      child.once('error', (error) => tell(`it could not be started: ${error.message}`));
      child.once('exit', (status, signal) => tell(signal ?? `exit ${String(status)}`));
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
