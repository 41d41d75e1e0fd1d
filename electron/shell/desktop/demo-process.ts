import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import type { DemoProcess } from '#shared/model/demo.ts';
import { demoEnvironment } from '../demo-environment.ts';

/** Starts the simulation of the demo region as a utility process of Electron's, which ends with the program. */
export function startDemoProcess(program: URL): DemoProcess {
  const child = utilityProcess.fork(fileURLToPath(program), [], {
    serviceName: 'Rackside demo region',
    stdio: 'inherit',
    env: demoEnvironment(),
  });
  return {
    send(message) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window: a process has no origin.
      child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (status) => listener(`exit ${String(status)}`)),
    kill: () => void child.kill(),
  };
}
