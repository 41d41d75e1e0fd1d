import { join } from 'node:path';
import { BrowserWindow, app, dialog, safeStorage, shell } from 'electron';
import type { SecretVault } from '#shared/model/secret-vault.ts';
import type { Dispatcher } from '../../ipc/dispatcher.ts';
import type { EventHub } from '../../ipc/event-hub.ts';
import { answerWords, listenForSecondStart } from '../instance-endpoint.ts';
import type { SecondStartAnswer } from '../instance-endpoint.ts';
import { startOrAsk } from '../start-or-ask.ts';
import { serveRenderer } from './app-scheme.ts';
import { openChannels } from './channels.ts';
import { closeQuestion, createCloseGuard } from './close-guard.ts';
import type { CloseGuard } from './close-guard.ts';
import { lockDown } from './lock-down.ts';
import { setMenu } from './menu.ts';
import { notify, systemPower } from './ports.ts';
import type { Power } from './ports.ts';
import { chromiumFolder } from './prepare.ts';
import { openVault } from './vault.ts';
import { windowStateFile } from './window-state.ts';
import { bringForward, openMainWindow } from './window.ts';

/** What the desktop shell gives the app. */
export interface DesktopPorts {
  readonly vault: SecretVault;
  readonly power: Power;
  readonly notify: (title: string, body: string) => void;
  readonly instanceEndpoint: string;
}

/** What the desktop shell needs of the app. */
export interface DesktopApp {
  readonly dispatcher: Dispatcher;
  readonly events: EventHub;
  runningOperations(): number;
  /** Leaves what runs to whoever continues it. */
  handOver(): Promise<void>;
  /** A window is about to load the page. */
  expectPage(): void;
  readonly logError: (error: unknown) => void;
  close(): Promise<void>;
}

export interface DesktopOptions {
  readonly dataFolder: string;
  /** Whether to open the browser when another instance serves one. */
  readonly isOpening: boolean;
  readonly rendererFolder: string;
  readonly preload: string;
  readonly startApp: (ports: DesktopPorts) => Promise<DesktopApp>;
  /** See `startOrAsk`. */
  readonly holderOf: (error: unknown) => string | null | undefined;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** A page whose process died is loaded again, unless it does nothing but die. */
function reloadWhenGone(window: BrowserWindow, { logError }: Pick<DesktopApp, 'logError'>): void {
  let deaths: readonly number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    logError(new Error(`The window's process is gone: ${reason}.`));
    deaths = [...deaths.filter((at) => performance.now() - at < 60_000), performance.now()];
    if (deaths.length <= 3) window.webContents.reload();
    else dialog.showErrorBox('The window of Rackside fails again and again.', 'Close it and start Rackside anew.');
  });
}

/** The windows of the app, of which there is at most one. */
function openWindows(options: DesktopOptions, started: DesktopApp, guard: CloseGuard): () => Promise<void> {
  const channels = openChannels(started.dispatcher, started.events);
  const state = windowStateFile(join(chromiumFolder(options.dataFolder), 'window.json'));
  return async () => {
    const [open] = BrowserWindow.getAllWindows();
    if (open !== undefined) {
      bringForward(open);
      return;
    }
    await openMainWindow({
      preload: options.preload,
      state,
      onCreated(window) {
        started.expectPage();
        channels.connect(window);
        window.on('close', (event) => {
          // On macOS the app outlives its window, and so does the operation.
          if (process.platform === 'darwin') return;
          if (!guard.mayClose(() => app.quit())) event.preventDefault();
        });
        reloadWhenGone(window, started);
      },
    });
  };
}

/** Says what the instance that runs has answered, and does the rest of it. */
async function tellAnswer(answer: SecondStartAnswer, isOpening: boolean): Promise<void> {
  say(answerWords(answer));
  if (isOpening && answer.kind === 'url') await shell.openExternal(answer.url);
}

/** Runs the desktop shell from `ready` to the end of the program. */
export async function runDesktop(options: DesktopOptions): Promise<void> {
  let showWindow: () => Promise<void> = () => Promise.resolve();
  const endpoint = await listenForSecondStart(async () => {
    await showWindow();
    return { kind: 'window' };
  });
  const vault = await openVault({ safeStorage, platform: process.platform });
  const start = await startOrAsk({
    start: () => options.startApp({ vault, power: systemPower(), notify, instanceEndpoint: endpoint.text }),
    holderOf: options.holderOf,
  });
  if (start.kind === 'asked') {
    await tellAnswer(start.answer, options.isOpening);
    await endpoint.close();
    app.exit(0);
    return;
  }
  const started = start.app;
  const guard = createCloseGuard({
    running: () => started.runningOperations(),
    handOver: () => started.handOver(),
    onError: started.logError,
    async ask(count) {
      const { response } = await dialog.showMessageBox(closeQuestion(count));
      return response === 1 ? 'hand-over' : 'keep-running';
    },
  });

  let isClosed = false;
  const end = async (): Promise<void> => {
    try {
      await Promise.all([started.close(), endpoint.close()]);
    } catch (error) {
      started.logError(error);
    }
    isClosed = true;
    app.quit();
  };
  app.on('before-quit', (event) => {
    if (!guard.mayClose(() => app.quit())) event.preventDefault();
  });
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void end();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  lockDown();
  setMenu(process.platform);
  await serveRenderer(options.rendererFolder);
  showWindow = openWindows(options, started, guard);
  const show = (): void => {
    showWindow().catch((error: unknown) => {
      started.logError(error);
    });
  };
  app.on('second-instance', show);
  app.on('activate', show);
  await showWindow();
}
