import { BrowserWindow, nativeTheme, screen } from 'electron';
import { appUrl } from './app-scheme.ts';
import { minimumSize, placeWindow } from './window-state.ts';
import type { WindowStateFile } from './window-state.ts';

export interface MainWindowOptions {
  /** The built preload: one CommonJS file. */
  readonly preload: string;
  readonly state: WindowStateFile;
  /** Before the page is loaded: whoever has to talk with it. */
  readonly onCreated: (window: BrowserWindow) => void;
}

/** Rests after the last move before the place is saved, ms. */
const saveDelayMs = 400;

function keepState(window: BrowserWindow, state: WindowStateFile): void {
  const save = (): void => {
    state.save({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  };
  let timer: NodeJS.Timeout | undefined;
  const saveSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!window.isDestroyed()) save();
    }, saveDelayMs);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('maximize', saveSoon);
  window.on('unmaximize', saveSoon);
  window.on('close', save);
  window.on('closed', () => {
    clearTimeout(timer);
  });
}

/** Opens the app's window where it was, on a display that is there. */
export async function openMainWindow({ preload, state, onCreated }: MainWindowOptions): Promise<BrowserWindow> {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const place = placeWindow(
    state.load(),
    [primary, ...others].map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: 'Rackside',
    show: false,
    autoHideMenuBar: true,
    // What is seen until the page has painted.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#151515' : '#ffffff',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (place.isMaximized) window.maximize();
  keepState(window, state);
  window.once('ready-to-show', () => {
    window.show();
  });
  onCreated(window);
  await window.loadURL(appUrl);
  return window;
}

/** Brings a window before all others, from wherever it is. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
