import { app } from './app.ts';
import { openWindows } from './browser-window.ts';
import { thePowerMonitor } from './electron.ts';
import { state } from './state.ts';
import type { Display, Recorded } from './state.ts';

/** What a test may ask of the double. */
export type Command =
  | { readonly kind: 'state' }
  | { readonly kind: 'evaluate'; readonly expression: string }
  | { readonly kind: 'answer-dialog'; readonly button: number }
  | { readonly kind: 'power'; readonly event: 'suspend' | 'resume' }
  | { readonly kind: 'set-displays'; readonly displays: readonly Display[] }
  | { readonly kind: 'move-window'; readonly bounds: Display['workArea'] }
  | { readonly kind: 'minimize' }
  | { readonly kind: 'close-window' }
  | { readonly kind: 'reload' }
  | { readonly kind: 'quit' }
  /** A call from a frame that is not the page's top one, or of another page. */
  | { readonly kind: 'invoke-as'; readonly url: string; readonly isTop: boolean; readonly message: unknown }
  | { readonly kind: 'permissions'; readonly permission: string };

export interface DoubleState {
  readonly recorded: Recorded;
  readonly windows: readonly {
    readonly url: string;
    readonly bounds: Display['workArea'];
    readonly isVisible: boolean;
    readonly isFocused: boolean;
    readonly isMinimized: boolean;
    readonly isMaximized: boolean;
  }[];
  readonly powerListeners: number;
  /** The types of what keeps the system awake now. */
  readonly powerBlockers: readonly string[];
}

const page = () => {
  const found = openWindows()[0]?.contents.page;
  if (found === undefined) throw new Error('There is no window.');
  return found;
};

async function obey(command: Command): Promise<unknown> {
  const window = openWindows()[0];
  switch (command.kind) {
    case 'state':
      return {
        recorded: state.recorded,
        windows: openWindows().map(({ contents, bounds, shown }) => ({ url: contents.getURL(), bounds, ...shown })),
        powerListeners: thePowerMonitor.listenerCount('suspend') + thePowerMonitor.listenerCount('resume'),
        powerBlockers: [...state.powerBlockers.values()],
      } satisfies DoubleState;
    case 'evaluate':
      return page().evaluate(command.expression);
    case 'answer-dialog':
      state.dialogAnswers.push(command.button);
      return null;
    case 'power':
      thePowerMonitor.emit(command.event);
      return null;
    case 'set-displays':
      state.displays = command.displays;
      return null;
    case 'move-window':
      if (window !== undefined) window.bounds = command.bounds;
      window?.emit('move');
      return null;
    case 'minimize':
      if (window !== undefined) window.shown = { ...window.shown, isMinimized: true, isFocused: false };
      return null;
    case 'close-window':
      window?.close();
      return null;
    case 'reload':
      window?.contents.reload();
      return null;
    case 'quit':
      app.quit();
      return null;
    case 'invoke-as': {
      const { url, isTop, message } = command;
      const event = { sender: window?.webContents, senderFrame: { url, parent: isTop ? null : {} } };
      return state.ipcHandlers.get('rackside:invoke')?.(event, message);
    }
    case 'permissions': {
      const contents = window?.webContents;
      const { permission } = command;
      return {
        request: await new Promise((resolve) => {
          state.permissionRequest?.(contents, permission, resolve);
        }),
        check: state.permissionCheck?.(contents, permission, 'app://rackside/'),
        foreign: state.permissionCheck?.(contents, permission, 'https://evil.example/'),
        device: state.devicePermission?.(),
      };
    }
  }
}

/** Answers the test's commands over the process's channel. */
export function listen(): void {
  process.on('message', (message: { readonly id: number; readonly command: Command }) => {
    obey(message.command).then(
      (value) => process.send?.({ id: message.id, value }),
      (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
    );
  });
  // The channel alone keeps nothing alive.
  process.channel?.unref();
}
