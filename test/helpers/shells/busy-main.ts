import { join } from 'node:path';
import { app } from 'electron';
import { createDispatcher } from '../../../electron/ipc/dispatcher.ts';
import { createEventHub } from '../../../electron/ipc/event-hub.ts';
import { prepareDesktop } from '../../../electron/shell/desktop/prepare.ts';
import { runDesktop } from '../../../electron/shell/desktop/run.ts';
import { parseFlags } from '../../../electron/shell/flags.ts';
import { handlersWith } from './handlers.ts';

/**
 * An entry of the desktop shell over an app in which an operation is running, for what the real app cannot show yet. It notifies
 * at every sleep and wake, so that a test sees both ports at work.
 */
const out = process.env['RACKSIDE_TEST_OUT'] ?? '';
const logError = (error: unknown): void => {
  process.stderr.write(`${String(error)}\n`);
};
const { dataFolder } = parseFlags(process.argv.slice(1), false);
if (prepareDesktop(dataFolder)) {
  app
    .whenReady()
    .then(() =>
      runDesktop({
        dataFolder,
        isOpening: false,
        rendererFolder: join(out, 'renderer'),
        preload: join(out, 'preload', 'preload.cjs'),
        holderOf: () => undefined,
        startApp: ({ power, notify }) => {
          const letSleep = power.keepAwake.hold();
          power.onSuspend(() => {
            notify('power', 'suspend');
          });
          power.onResume(() => {
            notify('power', 'resume');
          });
          return Promise.resolve({
            dispatcher: createDispatcher(handlersWith({}), { onInternalError: logError }),
            events: createEventHub({ onError: logError }),
            runningOperations: () => 1,
            expectPage: () => undefined,
            async handOver() {
              await new Promise((resolve) => {
                setTimeout(resolve, 200);
              });
              letSleep();
              process.stdout.write('handed over\n');
            },
            logError,
            async close() {
              process.stdout.write('closed\n');
              return Promise.resolve();
            },
          });
        },
      }),
    )
    .catch(logError);
}
